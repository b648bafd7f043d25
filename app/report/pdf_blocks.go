package report

import (
	"fmt"
	"strconv"

	"github.com/johnfercher/maroto/v2/pkg/components/image"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/consts/extension"
	"github.com/johnfercher/maroto/v2/pkg/core"

	"traguardo/app/report/figure"
	"traguardo/app/report/fonts"
	"traguardo/app/report/pdfa"
)

// items turns the blocks into rows.
func (p *printer) items() ([]item, error) {
	var out []item
	section := 0 // first row of the last section
	for i, b := range p.doc.Blocks {
		switch v := b.(type) {
		case Heading:
			if v.Level == 1 {
				section = len(out)
			}
			out = append(out, p.heading(v)...)
		case Paragraph:
			its := p.paragraph(v)
			if len(its) <= introLines && i+1 < len(p.doc.Blocks) && leads(p.doc.Blocks[i+1]) {
				for j := range its {
					its[j].soft = true
				}
			}
			out = append(out, its...)
		case List:
			out = append(out, p.list(v)...)
		case Table:
			p.tables++
			out = append(out, p.table(v, p.tables)...)
		case FigureBlock:
			p.figures++
			its, err := p.figure(v.Figure, p.figures)
			if err != nil {
				return nil, err
			}
			out = append(out, its...)
		case KeyFigures:
			out = append(out, p.keyFigures(v)...)
		case Note:
			out = append(out, p.note(v)...)
		case PageBreak:
			out = append(out, item{eject: true})
		default:
			return nil, fmt.Errorf("unknown block %T", b)
		}
	}
	for i := section; section > 0 && i < len(out); i++ {
		out[i].soft = !out[i].eject // a last page of two lines is ugly
	}
	return out, nil
}

// introLines is the most lines (and the gap after them) of a paragraph that
// stays with the figure, table or heading after it.
const introLines = 7

// leads reports whether a block is one that a short paragraph introduces.
func leads(b Block) bool {
	switch b.(type) {
	case FigureBlock, Table, Heading:
		return true
	default:
		return false
	}
}

func gap(h float64) item { return item{h: h, row: space(h), gap: true} }

func (p *printer) heading(h Heading) []item {
	s := headingStyle(h.Level)
	before := map[int]float64{1: 9, 2: 6.5, 3: 4.5}[h.Level]
	first := gap(before)
	first.keep = true
	out := []item{first}
	if h.Level == 1 {
		out = append(out, item{h: 1, keep: true, row: across(1, filled(16, primary()), column(textW-16))},
			item{h: 2.2, keep: true, row: space(2.2)})
	}
	for i, l := range p.fold(s, textW, h.Text) {
		it := item{h: s.lineH(), keep: true, row: across(s.lineH(), column(textW, run{lines: []string{l}, style: s}))}
		if i == 0 {
			it.mark = &pdfa.Bookmark{Title: h.Text, Level: h.Level}
		}
		out = append(out, it)
	}
	after := map[int]float64{1: 3.2, 2: 2, 3: 1.2}[h.Level]
	return append(out, item{h: after, keep: true, row: space(after)})
}

// lines turns the lines of a text into items that leave no widow: the first
// two and the last two lines stay together.
func lines(ls []string, one func(i int, l string) item) []item {
	var out []item
	for i, l := range ls {
		it := one(i, l)
		it.keep = i < len(ls)-1 && (i == 0 || i == len(ls)-2)
		out = append(out, it)
	}
	return out
}

func (p *printer) paragraph(v Paragraph) []item {
	s := textStyle(v.Size)
	after := map[Size]float64{Normal: 2.4, Lead: 4, Fine: 1.6}[v.Size]
	out := lines(p.fold(s, textW, v.Text), func(_ int, l string) item {
		return item{h: s.lineH(), row: across(s.lineH(), column(textW, run{lines: []string{l}, style: s}))}
	})
	return append(out, gap(after))
}

func (p *printer) list(v List) []item {
	s := textStyle(v.Size)
	bold := s
	bold.cut = fonts.Bold
	mark := bold
	mark.color = primary()
	const indent = 7.0
	between := map[Size]float64{Normal: 1.1, Lead: 1.4, Fine: 0.6}[v.Size]
	var out []item
	for i, it := range v.Items {
		bullet := "•"
		if v.Ordered {
			bullet = strconv.Itoa(i+1) + "."
		}
		var titles []string
		if it.Title != "" {
			titles = p.fold(bold, textW-indent, it.Title)
		}
		its := lines(append(titles, p.fold(s, textW-indent, it.Text)...), func(j int, l string) item {
			look := s
			if j < len(titles) {
				look = bold
			}
			first := column(indent)
			if j == 0 {
				first = column(indent, run{lines: []string{bullet}, style: mark, left: 1})
			}
			return item{h: s.lineH(), row: across(s.lineH(), first, column(textW-indent, run{lines: []string{l}, style: look}))}
		})
		out = append(out, its...)
		if i < len(v.Items)-1 {
			out = append(out, gap(between))
		}
	}
	return append(out, gap(3))
}

// captionItems returns a caption that stays with what it names.
func (p *printer) captionItems(text string, number string) []item {
	s := caption()
	var out []item
	for _, l := range p.fold(s, textW, number+". "+text) {
		out = append(out, item{h: s.lineH(), keep: true, row: across(s.lineH(), column(textW, run{lines: []string{l}, style: s}))})
	}
	return append(out, item{h: 1.6, keep: true, row: space(1.6)})
}

// headRoom is what a heading, a short paragraph and a caption take above a
// figure of their page, in millimetres.
const headRoom = 44.0

func (p *printer) figure(f figure.Figure, n int) ([]item, error) {
	png, err := p.raster.PNG(f, figureDPI)
	if err != nil {
		return nil, fmt.Errorf("figure %q: %w", f.Title, err)
	}
	out := []item{{h: 2, keep: true, gap: true, row: space(2)}}
	out = append(out, p.captionItems(f.Title, p.t("report.figure_n", "N", strconv.Itoa(n)))...)
	w, h := textW, f.H*figure.UnitMM
	if most := bodyH - headRoom; h > most { // taller than a page: smaller
		w, h = w*most/h, most
	}
	w = floorGrid(w)
	r := row.New(h).Add(column(marginX), column(w).Add(image.NewFromBytes(png, extension.Png)), column(pageW-marginX-w))
	return append(out, item{h: h, row: r}, gap(5)), nil
}

// keyFigures lays cards out, up to four in a row.
func (p *printer) keyFigures(v KeyFigures) []item {
	const between, most, pad = 4.0, 4, 4.0
	var out []item
	n := min(len(v.Items), most)
	if n == 0 {
		return nil
	}
	w := floorGrid((textW - float64(n-1)*between) / float64(n))
	value := style{19, 1.15, fonts.Bold, primary()}
	label := style{8.6, 1.25, fonts.Bold, ink()}
	note := style{8, 1.3, fonts.Regular, muted()}
	for i := 0; i < len(v.Items); i += n {
		cards := v.Items[i:min(i+n, len(v.Items))]
		var cols, tops []core.Col
		labelN, noteN := 1, 0
		for _, c := range cards {
			labelN = max(labelN, len(p.fold(label, w-2*pad, c.Label)))
			if c.Note != "" {
				noteN = max(noteN, len(p.fold(note, w-2*pad, c.Note)))
			}
		}
		valueTop := 3 + float64(labelN)*label.lineH() + 0.8
		noteTop := valueTop + value.lineH() + 0.8
		h := noteTop + float64(noteN)*note.lineH() + 3
		for j, c := range cards {
			vs := value
			for vs.size > 9 && p.width(vs, c.Value) > w-2*pad-slack {
				vs.size -= 0.5
			}
			cell := filled(w, pale(),
				run{lines: p.fold(label, w-2*pad, c.Label), style: label, left: pad, top: 3},
				run{lines: p.one(vs, w-2*pad, c.Value), style: vs, left: pad, top: valueTop + (value.lineH()-vs.lineH())/2})
			if c.Note != "" {
				cell.Add(run{lines: p.fold(note, w-2*pad, c.Note), style: note, left: pad, top: noteTop}.components()...)
			}
			if j > 0 {
				cols, tops = append(cols, column(between)), append(tops, column(between))
			}
			cols, tops = append(cols, cell), append(tops, filled(w, primary()))
		}
		rest := textW - float64(len(cards))*w - float64(len(cards)-1)*between
		out = append(out, item{h: 1, keep: true, row: across(1, append(tops, column(rest))...)},
			item{h: h, row: across(h, append(cols, column(rest))...)}, gap(between))
	}
	return append(out, gap(1.5))
}

// note draws a boxed remark with a coloured edge; long ones break over pages.
func (p *printer) note(v Note) []item {
	const edge, pad, chunk = 1.5, 4.0, 30
	s, title := style{9.2, 1.4, fonts.Regular, ink()}, style{9.4, 1.4, fonts.Bold, ink()}
	colour, ground := primary(), faint()
	if v.Kind == NoteLimit {
		colour, ground = warn(), cream()
	}
	w := textW - edge
	text := p.fold(s, w-2*pad, v.Text)
	var heads []string
	if v.Title != "" {
		heads = p.fold(title, w-2*pad, v.Title)
	}
	out := []item{{h: 1.5, gap: true, row: space(1.5)}}
	for first := true; first || len(text) > 0; first = false {
		part := text[:min(chunk, len(text))]
		text = text[len(part):]
		top := 2.6
		runs := []run{}
		if first && len(heads) > 0 {
			runs = append(runs, run{lines: heads, style: title, left: pad, top: top})
			top += float64(len(heads))*title.lineH() + 0.6
		}
		runs = append(runs, run{lines: part, style: s, left: pad, top: top})
		h := top + float64(len(part))*s.lineH() + 2.8
		out = append(out, item{h: h, row: across(h, filled(edge, colour), filled(w, ground, runs...))})
	}
	return append(out, gap(4))
}
