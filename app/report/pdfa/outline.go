package pdfa

import (
	"fmt"
	"strconv"
)

// outline adds the bookmarks under the catalogue.
func (f *file) outline(catalog dict, pages []ref, marks []Bookmark) error {
	if len(marks) == 0 {
		return nil
	}
	type node struct {
		at    ref
		d     dict
		level int
		last  *node // last child
	}
	top := dict{"Type": name("Outlines")}
	root := &node{at: f.add(top), d: top}
	path := []*node{root}
	for _, m := range marks {
		if m.Page < 0 || m.Page >= len(pages) || m.Level < 1 {
			return fmt.Errorf("bookmark %q: page %d of %d, level %d", m.Title, m.Page, len(pages), m.Level)
		}
		for len(path) > 1 && path[len(path)-1].level >= m.Level {
			path = path[:len(path)-1]
		}
		parent := path[len(path)-1]
		y := f.height(pages[m.Page]) - m.Top
		d := dict{"Title": text(m.Title), "Parent": parent.at, "Dest": array{pages[m.Page], name("XYZ"),
			token("0"), token(strconv.FormatFloat(y, 'f', 2, 64)), token("null")}}
		n := &node{at: f.add(d), d: d, level: m.Level}
		if parent.last == nil {
			parent.d["First"] = n.at
		} else {
			parent.last.d["Next"] = n.at
			d["Prev"] = parent.last.at
		}
		parent.d["Last"] = n.at
		parent.last = n
		for _, p := range path { // every entry is open, so all count upwards
			p.d["Count"] = number(count(p.d) + 1)
		}
		path = append(path, n)
	}
	catalog["Outlines"] = root.at
	catalog["PageMode"] = name("UseOutlines")
	return nil
}

func count(d dict) int {
	t, ok := d["Count"].(token)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(string(t))
	if err != nil {
		return 0
	}
	return n
}

// height returns the height of a page in points; A4 where no box says it.
func (f *file) height(page ref) float64 {
	const a4 = 841.89
	d, ok := f.objects[page].(dict)
	for ok {
		if box, has := d["MediaBox"].(array); has && len(box) == 4 {
			if t, isToken := box[3].(token); isToken {
				if h, err := strconv.ParseFloat(string(t), 64); err == nil {
					return h
				}
			}
			return a4
		}
		parent, has := d["Parent"].(ref)
		if !has {
			return a4
		}
		d, ok = f.objects[parent].(dict)
	}
	return a4
}
