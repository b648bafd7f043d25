package report

import (
	"github.com/johnfercher/maroto/v2/pkg/core"

	"traguardo/app/report/pdfa"
)

// item is one row of a page: its height, and how it holds to its neighbours.
type item struct {
	h      float64 // millimetres
	row    core.Row
	keep   bool   // stays on the page of the next item
	soft   bool   // stays on it where all that holds together fits one page
	gap    bool   // white space: dropped at the top of a page
	repeat []item // rows printed again when a page begins with this item
	mark   *pdfa.Bookmark
	eject  bool // begins a new page
}

// sheet is one page as rows, from the top of the text area.
type sheet struct {
	rows []core.Row
	used float64
}

// pager fills pages: it keeps headings with what follows, repeats table heads
// and drops white space at the top. maroto cannot do these.
type pager struct {
	pages []*sheet
	marks []pdfa.Bookmark
	first int // number of pages before the first one, for bookmarks
}

func (p *pager) current() *sheet {
	if len(p.pages) == 0 {
		p.pages = append(p.pages, &sheet{})
	}
	return p.pages[len(p.pages)-1]
}

// place lays all items out.
func (p *pager) place(items []item) {
	for i := 0; i < len(items); {
		n := together(items[i:], func(it item) bool { return it.keep || it.soft })
		if height(items[i:i+n]) > bodyH {
			n = together(items[i:], func(it item) bool { return it.keep })
		}
		p.group(items[i : i+n])
		i += n
	}
}

// together returns how many items from the first on hold together.
func together(items []item, holds func(item) bool) int {
	n := 1
	for n < len(items) && holds(items[n-1]) {
		n++
	}
	return n
}

func height(items []item) float64 {
	h := 0.0
	for _, it := range items {
		h += it.h
	}
	return h
}

// group places items that belong together. One taller than a page begins a new
// page where less than half of this one is left, and breaks where it must.
func (p *pager) group(items []item) {
	h := height(items)
	used := p.current().used
	if used > 0 && used+h > bodyH && (h <= bodyH || used > bodyH/2) {
		p.turn(items[0])
	}
	for _, it := range items {
		p.put(it)
	}
}

// turn begins a new page with the rows that next repeats.
func (p *pager) turn(next item) {
	p.pages = append(p.pages, &sheet{})
	for _, it := range next.repeat {
		p.add(it)
	}
}

func (p *pager) put(it item) {
	if it.eject {
		if p.current().used > 0 {
			p.pages = append(p.pages, &sheet{})
		}
		return
	}
	if it.gap && p.current().used == 0 {
		return
	}
	if p.current().used+it.h > bodyH && p.current().used > 0 {
		if it.gap {
			return
		}
		p.turn(it)
	}
	p.add(it)
}

func (p *pager) add(it item) {
	s := p.current()
	if it.mark != nil {
		m := *it.mark
		m.Page = p.first + len(p.pages) - 1
		m.Top = (topFree + headerH + headerGap + s.used) / ptMM
		p.marks = append(p.marks, m)
	}
	s.rows = append(s.rows, it.row)
	s.used += it.h
}
