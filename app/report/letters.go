package report

import (
	"fmt"

	"github.com/johnfercher/maroto/v2/pkg/components/image"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/extension"
	"github.com/johnfercher/maroto/v2/pkg/consts/linestyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"traguardo/app/report/fonts"
	"traguardo/app/report/pdfa"
	"traguardo/app/report/qr"
)

// Letter is one personal letter.
type Letter struct {
	To    []string // office and address, a line each
	Title string
	Text  []string // paragraphs before the code
	How   string   // beside the code
	Link  string   // what the code holds; printed in full too
	After []string // paragraphs after the code
}

// Slip is one piece of a sheet to cut: a line, a code in large type, a line.
type Slip struct{ Head, Code, Foot string }

const (
	qrSide    = 52.0 // millimetres of a printed code with its quiet zone
	qrScale   = 8    // dots a module
	slipCols  = 2
	slipRows  = 5
	slipH     = 52.0
	addressW  = 80.0
	pageSpare = 0.2 // under maroto's own limit of the page
)

// Letters renders one letter a page. d gives ente, language, title, date and mark of
// the invented ente; its blocks are not printed. The error tells an invalid document,
// a link that no code can hold, or a letter longer than its page.
func (r *Reports) Letters(d Document, letters []Letter) ([]byte, error) {
	p := &printer{Reports: r, loc: r.texts.For(d.Lang), doc: d}
	pages := make([]core.Page, 0, len(letters))
	for i, l := range letters {
		rows, err := p.letter(l)
		if err != nil {
			return nil, fmt.Errorf("letter %d: %w", i+1, err)
		}
		pages = append(pages, page.New().Add(rows...))
	}
	return p.sheets(pages)
}

// Slips renders sheets of ten slips with dashed lines to cut along; the last sheet
// has what is left. The error tells an invalid document.
func (r *Reports) Slips(d Document, slips []Slip) ([]byte, error) {
	p := &printer{Reports: r, loc: r.texts.For(d.Lang), doc: d}
	var pages []core.Page
	for len(slips) > 0 {
		n := min(len(slips), slipCols*slipRows)
		pages = append(pages, page.New().Add(p.slipSheet(slips[:n])...))
		slips = slips[n:]
	}
	return p.sheets(pages)
}

// sheets writes finished pages.
func (p *printer) sheets(pages []core.Page) ([]byte, error) {
	if err := p.doc.Validate(); err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("report %s: no pages", p.doc.Kind)
	}
	m, err := newMaroto()
	if err != nil {
		return nil, err
	}
	m.AddPages(pages...)
	out, err := m.Generate()
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", p.doc.Kind, err)
	}
	return pdfa.Process(out.GetBytes(), p.options(nil, len(pages)))
}

// letter returns the rows of one page.
func (p *printer) letter(l Letter) ([]core.Row, error) {
	name := style{13, 1.3, fonts.Bold, ink()}
	text, to := style{11, 1.45, fonts.Regular, ink()}, style{11, 1.4, fonts.Regular, ink()}
	rows := []core.Row{space(topFree)}
	for _, line := range p.fold(name, textW, p.doc.Ente) {
		rows = append(rows, across(name.lineH(), column(textW, run{lines: []string{line}, style: name})))
	}
	rows = append(rows, space(2), across(0.4, filled(textW, primary())), space(14))
	for i, part := range l.To {
		look := to
		if i == len(l.To)-1 {
			look.cut = fonts.Bold
		}
		for _, line := range p.fold(look, addressW, part) {
			rows = append(rows, across(look.lineH(), column(textW-addressW), column(addressW, run{lines: []string{line}, style: look})))
		}
	}
	rows = append(rows, space(16))
	head := headingStyle(1)
	rows = append(rows, p.folded(head, l.Title)...)
	rows = append(rows, space(4))
	for _, par := range l.Text {
		rows = append(append(rows, p.folded(text, par)...), space(3))
	}
	code, err := p.codeRow(l, text)
	if err != nil {
		return nil, err
	}
	rows = append(rows, space(3), code, space(5))
	for _, par := range l.After {
		rows = append(append(rows, p.folded(text, par)...), space(3))
	}
	return rows, nil
}

// folded returns the rows of a text over the text width.
func (p *printer) folded(s style, text string) []core.Row {
	var rows []core.Row
	for _, line := range p.fold(s, textW, text) {
		rows = append(rows, across(s.lineH(), column(textW, run{lines: []string{line}, style: s})))
	}
	return rows
}

// codeRow is the code with the link beside it.
func (p *printer) codeRow(l Letter, text style) (core.Row, error) {
	png, err := qr.PNG(l.Link, qrScale)
	if err != nil {
		return nil, err
	}
	const between = 8.0
	w := textW - qrSide - between
	how := p.fold(text, w, l.How)
	link := text
	link.cut = fonts.Bold
	return row.New(qrSide).Add(column(marginX),
		column(qrSide).Add(image.NewFromBytes(png, extension.Png, props.Rect{Center: true, Percent: 100})), column(between),
		column(w, run{lines: how, style: text, top: 6},
			run{lines: p.fold(link, w, l.Link), style: link, top: 9 + float64(len(how))*text.lineH()}), column(marginX)), nil
}

// slipSheet returns the rows of one sheet.
func (p *printer) slipSheet(slips []Slip) []core.Row {
	const w = textW / slipCols
	small, code := style{9.2, 1.35, fonts.Regular, ink()}, style{17, 1.2, fonts.Bold, ink()}
	const pad = 5.0
	rows := []core.Row{space(topFree)}
	for i := 0; i < len(slips); i += slipCols {
		var cols []core.Col
		for j := i; j < i+slipCols; j++ {
			if j >= len(slips) {
				cols = append(cols, column(w))
				continue
			}
			s := slips[j]
			head := p.fold(small, w-2*pad, s.Head)
			top := 6 + float64(len(head))*small.lineH() + 3
			look := code
			for look.size > 9 && p.width(look, s.Code) > w-2*pad-slack {
				look.size -= 0.5
			}
			cell := column(w, run{lines: head, style: small, left: pad, right: pad, top: 6, align: Center},
				run{lines: []string{s.Code}, style: look, left: pad, right: pad, top: top, align: Center},
				run{lines: p.fold(small, w-2*pad, s.Foot), style: small, left: pad, right: pad, top: top + look.lineH() + 3, align: Center})
			cols = append(cols, cell.WithStyle(&props.Cell{BorderType: border.Full, BorderThickness: 0.2, LineStyle: linestyle.Dashed, BorderColor: muted().props()}))
		}
		rows = append(rows, across(slipH-pageSpare, cols...))
	}
	return rows
}
