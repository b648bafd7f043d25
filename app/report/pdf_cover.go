package report

import (
	"strconv"

	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"traguardo/app/report/fonts"
	"traguardo/app/report/pdfa"
)

// cover returns the rows of the first page: ente, a band with the title, the
// contents, what the document rests on.
func (p *printer) cover(marks []pdfa.Bookmark, total int) []core.Row {
	ente := style{15, 1.25, fonts.Bold, ink()}
	rows := []core.Row{space(topFree + 11)}
	used := topFree + 11
	add := func(h float64, r core.Row) {
		rows = append(rows, r)
		used += h
	}
	for _, l := range p.fold(ente, textW, p.doc.Ente) {
		add(ente.lineH(), across(ente.lineH(), column(textW, run{lines: []string{l}, style: ente})))
	}
	add(9, space(9))
	for _, it := range p.band() {
		add(it.h, it.row)
	}
	if p.doc.Fictitious {
		for _, it := range p.demoBand() {
			add(it.h, it.row)
		}
	}
	add(12, space(12))
	facts := p.facts()
	tail := footerH + bottom + 0.4
	room := pageH - used - tail
	for _, it := range facts {
		room -= it.h
	}
	for _, it := range p.contents(marks, room-10) {
		add(it.h, it.row)
		room -= it.h
	}
	add(room, space(max(room, 0.1)))
	for _, it := range facts {
		rows = append(rows, it.row)
	}
	return append(rows, p.footer(1, total)...)
}

// bandRow is a row of the title band, over the whole page width.
func bandRow(h float64, ground rgb, runs ...run) item {
	r := row.New(h).Add(column(marginX), column(textW, runs...), column(marginX))
	return item{h: h, row: r.WithStyle(&props.Cell{BackgroundColor: ground.props()})}
}

// band is the coloured field with kind, title and subtitle.
func (p *printer) band() []item {
	kind := style{9.5, 1.3, fonts.Bold, rgb{0xcd, 0xe0, 0xf5}}
	title := style{31, 1.14, fonts.Bold, white()}
	sub := style{14, 1.35, fonts.Regular, rgb{0xe8, 0xf1, 0xfb}}
	titles := p.fold(title, textW, p.doc.Title)
	for len(titles) > 4 && title.size > 14 {
		title.size -= 2
		titles = p.fold(title, textW, p.doc.Title)
	}
	top := 14.0
	runs := []run{{lines: p.one(kind, textW, p.t("report.cover_kind")), style: kind, top: top}}
	top += kind.lineH() + 5
	runs = append(runs, run{lines: titles, style: title, top: top})
	top += float64(len(titles))*title.lineH() + 4
	if p.doc.Subtitle != "" {
		ls := p.fold(sub, textW, p.doc.Subtitle)
		runs = append(runs, run{lines: ls, style: sub, top: top})
		top += float64(len(ls)) * sub.lineH()
	}
	return []item{bandRow(max(top+16, 78), ink(), runs...)}
}

// demoBand says on the cover that ente and figures are invented.
func (p *printer) demoBand() []item {
	s := style{10.5, 1.35, fonts.Bold, white()}
	ls := p.fold(s, textW, p.t("report.demo_cover"))
	return []item{bandRow(float64(len(ls))*s.lineH()+6, warn(), run{lines: ls, style: s, top: 3})}
}

// contents lists the first-level sections with their pages, as many as fit in
// room millimetres.
func (p *printer) contents(marks []pdfa.Bookmark, room float64) []item {
	head := style{10, 1.3, fonts.Bold, primary()}
	line := style{11, 1.5, fonts.Regular, ink()}
	out := []item{{h: head.lineH() + 2, row: across(head.lineH()+2, column(textW, run{lines: []string{p.t("report.contents")}, style: head}))}}
	used := out[0].h
	n := 0
	for _, m := range marks {
		h := line.lineH() + 1.4
		if m.Level != 1 {
			continue
		}
		if used+h > room {
			break
		}
		c := column(textW-16, run{lines: p.one(line, textW-16, m.Title), style: line, top: 0.7})
		d := column(16, run{lines: []string{strconv.Itoa(m.Page + 1)}, style: line, align: Right, top: 0.7})
		out = append(out, item{h: h, row: across(h, c.WithStyle(rowRule()), d.WithStyle(rowRule()))})
		used += h
		n++
	}
	if n == 0 {
		return nil
	}
	return out
}

// facts is the small print at the foot of the cover: two columns of pairs.
func (p *printer) facts() []item {
	label := style{7.6, 1.3, fonts.Regular, muted()}
	value := style{9.2, 1.3, fonts.Bold, ink()}
	pairs := p.doc.facts(p.loc)
	var out []item
	h := label.lineH() + value.lineH() + 2.4
	const cols = 3
	w := floorGrid(textW / cols)
	for i := 0; i < len(pairs); i += cols {
		var cells []core.Col
		for j := range cols {
			cw := w
			if j == cols-1 {
				cw = textW - w*(cols-1)
			}
			if i+j >= len(pairs) {
				cells = append(cells, column(cw))
				continue
			}
			f := pairs[i+j]
			cells = append(cells, column(cw, run{lines: p.one(label, cw-3, f.Label), style: label},
				run{lines: p.one(value, cw-3, f.Value), style: value, top: label.lineH()}))
		}
		out = append(out, item{h: h, row: across(h, cells...)})
	}
	return append(out, item{h: 3, row: space(3)})
}
