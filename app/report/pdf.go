package report

import (
	"fmt"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"traguardo/app/i18n"
	"traguardo/app/report/fonts"
	"traguardo/app/report/pdfa"
)

// figureDPI is the resolution of figures on paper.
const figureDPI = 300

// printer renders one document.
type printer struct {
	*Reports
	loc *i18n.Localizer
	doc Document
	// running numbers of figures and tables, as in the HTML twin
	figures, tables int
}

// PDF renders a document as PDF. Equal documents give equal bytes, in every
// process of the same build. The error tells an invalid document or a figure
// that cannot be painted.
func (r *Reports) PDF(d Document) ([]byte, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	p := &printer{Reports: r, loc: r.texts.For(d.Lang), doc: d}
	items, err := p.items()
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", d.Kind, err)
	}
	pg := &pager{first: 1}
	pg.place(items)
	total := len(pg.pages) + 1
	m, err := newMaroto()
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", d.Kind, err)
	}
	m.AddPages(page.New().Add(p.cover(pg.marks, total)...))
	for i, s := range pg.pages {
		rows := append(p.pageHead(), s.rows...)
		rows = append(rows, p.pageFoot(s.used, i+2, total)...)
		m.AddPages(page.New().Add(rows...))
	}
	out, err := m.Generate()
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", d.Kind, err)
	}
	done, err := pdfa.Process(out.GetBytes(), p.options(pg.marks, total))
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", d.Kind, err)
	}
	return done, nil
}

func (p *printer) options(marks []pdfa.Bookmark, pages int) pdfa.Options {
	title := p.doc.Title
	if p.doc.Ente != "" {
		title += " – " + p.doc.Ente
	}
	return pdfa.Options{Title: title, Author: p.doc.Ente, Subject: p.doc.Subtitle, Lang: p.doc.Lang,
		Date: p.doc.GeneratedOn, Outline: marks, Pages: pages,
		Fonts: map[string]string{"titilliumweb": "TitilliumWeb-Regular", "titilliumwebB": "TitilliumWeb-SemiBold",
			"titilliumwebI": "TitilliumWeb-Italic"}}
}

// newMaroto returns an empty document: A4, no margins of maroto's own (rows
// carry ours), a grid of half millimetres, embedded fonts, no compression
// (pdfa compresses), pages one after another.
func newMaroto() (core.Maroto, error) {
	var custom []*entity.CustomFont
	for cut, st := range map[fonts.Style]fontstyle.Type{
		fonts.Regular: fontstyle.Normal, fonts.Bold: fontstyle.Bold, fonts.Italic: fontstyle.Italic,
	} {
		b, err := fonts.TTF(cut)
		if err != nil {
			return nil, err
		}
		custom = append(custom, &entity.CustomFont{Family: fonts.Family, Style: st, Bytes: b})
	}
	cfg := config.NewBuilder().
		WithDimensions(pageW, pageH).
		WithLeftMargin(0).WithRightMargin(0).WithTopMargin(0).WithBottomMargin(0).
		WithMaxGridSize(int(pageW / gridUnit)).
		WithCustomFonts(custom).
		WithDefaultFont(&props.Font{Family: fonts.Family, Size: 10}).
		WithSequentialMode().
		WithCompression(false).
		Build()
	return maroto.New(cfg), nil
}

// t returns a text of the catalogue.
func (p *printer) t(key string, args ...any) string { return p.loc.T(key, args...) }

// fold breaks text into lines of a width in millimetres.
func (p *printer) fold(s style, mm float64, text string) []string {
	return p.measure.Lines(s.cut, s.size, (mm-slack)/ptMM, p.measure.Clean(text))
}

// one cuts text to one line of a width in millimetres.
func (p *printer) one(s style, mm float64, text string) []string {
	return []string{p.measure.Truncate(s.cut, s.size, (mm-slack)/ptMM, p.measure.Clean(text))}
}

// width returns the width of a text in millimetres.
func (p *printer) width(s style, text string) float64 {
	return p.measure.Width(s.cut, s.size, p.measure.Clean(text)) * ptMM
}

// pageHead returns the rows above the text area: ente, title, the mark of an
// invented ente, a rule.
func (p *printer) pageHead() []core.Row {
	s, bold := small(), small()
	bold.cut, bold.color = fonts.Bold, ink()
	cols := []core.Col{}
	room := textW
	if p.doc.Fictitious {
		room -= 40
	}
	title := p.one(s, room-60, p.doc.Title)
	enteW := floorGrid(min(p.width(bold, p.doc.Ente)+2, room-p.width(s, title[0])-9))
	cols = append(cols,
		column(enteW, run{lines: p.one(bold, enteW, p.doc.Ente), style: bold, top: 1}),
		column(room-enteW, run{lines: title, style: s, top: 1, align: Right, right: 3 * b2f(p.doc.Fictitious)}))
	if p.doc.Fictitious {
		tag := style{7.4, 1.3, fonts.Bold, white()}
		cols = append(cols, filled(40, warn(), run{lines: p.one(tag, 39, p.t("report.demo_tag")), style: tag, align: Center,
			top: (headerH - 2 - tag.lineH()) / 2}))
	}
	return []core.Row{
		space(topFree),
		across(headerH-2, cols...),
		space(2),
		across(0.3, filled(textW, grid())),
		space(headerGap - 0.3),
	}
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// pageFoot fills the page after used millimetres of text and returns the
// footer: what the page rests on, page n of m.
func (p *printer) pageFoot(used float64, number, total int) []core.Row {
	const safety = 0.2 // under maroto's own limit of the page
	rest := pageH - topFree - headerH - headerGap - used - footerH - bottom - safety
	return append([]core.Row{space(max(rest, 0.1))}, p.footer(number, total)...)
}

func (p *printer) footer(number, total int) []core.Row {
	s := small()
	s.size = 7.4
	bold := s
	bold.cut, bold.color = fonts.Bold, ink()
	const right = 26.0
	left := textW - right
	lines := p.join(s, left-3, p.basis())
	return []core.Row{
		across(0.3, filled(textW, grid())),
		across(footerH-0.3,
			column(left, run{lines: lines, style: s, top: 1}),
			column(right, run{lines: []string{p.t("report.page_of", "Page", number, "Pages", total)}, style: bold, align: Right, top: 1})),
		space(bottom),
	}
}

// join sets parts in lines with a dot between them; a part never breaks. Two
// lines at most.
func (p *printer) join(s style, mm float64, parts []string) []string {
	lines := []string{""}
	for _, part := range parts {
		last := &lines[len(lines)-1]
		next := part
		if *last != "" {
			next = *last + " · " + part
		}
		if *last != "" && p.width(s, next) > mm-slack && len(lines) < 2 {
			lines = append(lines, part)
			continue
		}
		*last = next
	}
	for i, l := range lines {
		lines[i] = p.one(s, mm, l)[0]
	}
	return lines
}

// basis is what the footer says: date, data hash, formula, edition, version.
func (p *printer) basis() []string {
	d := p.doc
	out := []string{p.t("report.foot_date", "Date", p.loc.Date(d.GeneratedOn))}
	add := func(key, name, value string) {
		if value != "" {
			out = append(out, p.t(key, name, value))
		}
	}
	add("report.foot_hash", "Hash", shortHash(d.DataHash))
	add("report.foot_formula", "Formula", d.FormulaVersion)
	add("report.foot_edition", "Edition", d.Edition)
	add("report.foot_version", "Version", d.Version)
	if d.Classification != "" {
		out = append(out, d.Classification)
	}
	return out
}
