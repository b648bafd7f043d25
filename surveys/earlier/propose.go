package earlier

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// likeness is the share of common words (Dice, 0–1) from which two texts are near.
const likeness = 0.8

// maxSeen is how many different cells of a column a draft asks about; a column with
// more is no closed question.
const maxSeen = 40

// Propose drafts a mapping of the file to the items that in asks in wave, for a
// person to correct: columns whose heading is the code or the text of an item, or
// near to it, and cells that are the label of an option in Italian or English. What
// is near is marked, and cells that it cannot tell are left open, so that a draft is
// not applied unread. Columns that match nothing are ignored.
func Propose(in *surveys.Instrument, wave surveys.Wave, f File) Mapping {
	m := Mapping{Source: f.Source, Instrument: in.Code, Version: in.Version, Wave: wave, Columns: []Column{}}
	p := proposer{in: in, file: f, used: map[string]bool{}, targets: targetsOf(in, wave)}
	isAside := f.Aside()
	shared := map[string][]CellAnswer{}
	var scales []string
	for i, name := range f.Names {
		if isAside[i] {
			continue
		}
		c := p.column(i, name)
		if it, ok := in.Item(c.Item); ok && len(it.Options) == 0 && c.Option == nil {
			if shared[it.Scale] == nil {
				scales = append(scales, it.Scale)
			}
			for _, a := range c.Values {
				if !slices.Contains(shared[it.Scale], a) {
					shared[it.Scale] = append(shared[it.Scale], a)
				}
			}
			c.Values = nil
		}
		m.Columns = append(m.Columns, c)
	}
	for _, s := range scales {
		m.Scales = append(m.Scales, ScaleAnswers{Scale: s, Values: shared[s]})
	}
	return m
}

// target is an item that a column may be, with its texts folded.
type target struct {
	item  surveys.Item
	code  string // folded, without spaces
	texts []string
}

func targetsOf(in *surveys.Instrument, wave surveys.Wave) []target {
	var out []target
	for _, b := range in.Blocks {
		if len(b.Waves) > 0 && !slices.Contains(b.Waves, wave) {
			continue
		}
		for _, it := range b.Items {
			t := target{item: it, code: bare(it.Code)}
			for _, text := range []string{it.Text.IT, it.Text.EN, it.Title.IT, it.Title.EN} {
				if folded := comune.Fold(text); folded != "" && !slices.Contains(t.texts, folded) {
					t.texts = append(t.texts, folded)
				}
			}
			out = append(out, t)
		}
	}
	// A title that several items share (that of their construct) tells none of them.
	owners := map[string]int{}
	for _, t := range out {
		for _, text := range t.texts {
			owners[text]++
		}
	}
	for i := range out {
		all := out[i].texts
		main := []string{comune.Fold(out[i].item.Text.IT), comune.Fold(out[i].item.Text.EN)}
		out[i].texts = slices.DeleteFunc(all, func(s string) bool { return owners[s] > 1 && !slices.Contains(main, s) })
	}
	return out
}

func bare(s string) string { return strings.ReplaceAll(comune.Fold(s), " ", "") }

type proposer struct {
	in      *surveys.Instrument
	file    File
	used    map[string]bool // items that a column has
	targets []target
}

var (
	bracketed = regexp.MustCompile(`^(.*?)\s*\[([^\[\]]*)\]\.?\s*(.*)$`)
	coded     = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*)\.\s+(.*)$`)
	trailing  = regexp.MustCompile(`^(.*\D)[2-9]$`)
)

// column drafts one column.
func (p *proposer) column(at int, name string) Column {
	heading := repeated.ReplaceAllString(name, "")
	if c, ok := p.option(at, name, heading); ok {
		return c
	}
	it, near, ok := p.item(heading)
	kind := p.in.ScaleOf(it).Kind
	if from, to := p.in.SlotsOf(it.Code); !ok || from == to || kind == surveys.ScaleProjects {
		return Column{Column: name, Ignore: true}
	}
	p.used[it.Code] = true
	c := Column{Column: name, Item: it.Code}
	if near {
		c.Check = CheckNear
	}
	if kind == surveys.ScaleMultiple {
		c.Separator = map[Source]string{MicrosoftForms: ";", GoogleForms: ",", LimeSurvey: ";"}[p.file.Source]
	}
	c.Values = p.values(at, it, c.Separator)
	return c
}

// texts are what may name the item in a heading: all of it, the row of a grid, what
// follows or precedes a code, and the heading without the figure that Microsoft
// Forms gives to a repeated one.
func (p *proposer) texts(heading string) []string {
	all := []string{heading}
	if m := bracketed.FindStringSubmatch(heading); m != nil {
		all = append(all, m[2], m[3], m[1])
		if row := bracketed.FindStringSubmatch(m[3]); row != nil {
			all = append(all, row[2])
		}
	}
	if m := coded.FindStringSubmatch(heading); m != nil {
		all = append(all, m[1], m[2])
	}
	if m := trailing.FindStringSubmatch(heading); m != nil && p.file.Source == MicrosoftForms && slices.Contains(p.file.Names, m[1]) {
		all = append(all, m[1])
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// item finds the item of a heading; near says that it is not certain: likeness, or
// a text that two items share.
func (p *proposer) item(heading string) (it surveys.Item, near, ok bool) {
	texts := p.texts(heading)
	for _, text := range texts {
		folded, short := comune.Fold(text), bare(text)
		var found []surveys.Item
		for _, t := range p.targets {
			if short == t.code || slices.Contains(t.texts, folded) {
				found = append(found, t.item)
			}
		}
		for _, it := range found {
			if !p.used[it.Code] {
				return it, len(found) > 1, true
			}
		}
	}
	best := 0.0
	tie := false
	for _, text := range texts {
		words := strings.Fields(comune.Fold(text))
		for _, t := range p.targets {
			if p.used[t.item.Code] {
				continue
			}
			for _, known := range t.texts {
				switch d := dice(words, strings.Fields(known)); {
				case d > best:
					best, it, tie = d, t.item, false
				case d == best && t.item.Code != it.Code:
					tie = true
				}
			}
		}
	}
	return it, true, best >= likeness && !tie
}

// dice is twice the common words over all words, counted with repetition.
func dice(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	left := map[string]int{}
	for _, w := range a {
		left[w]++
	}
	common := 0
	for _, w := range b {
		if left[w] > 0 {
			left[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// option drafts a column of LimeSurvey that is one option of a multiple item:
// code or text of the item, then the option in brackets.
func (p *proposer) option(at int, name, heading string) (Column, bool) {
	m := bracketed.FindStringSubmatch(heading)
	if p.file.Source != LimeSurvey || m == nil {
		return Column{}, false
	}
	for _, t := range p.targets {
		named := bare(m[1]) == t.code || slices.Contains(t.texts, comune.Fold(m[1]))
		if p.in.ScaleOf(t.item).Kind != surveys.ScaleMultiple || !named {
			continue
		}
		for i, o := range p.in.OptionsOf(t.item) {
			labels := []string{comune.Fold(o.Label.IT), comune.Fold(o.Label.EN)}
			label := slices.Contains(labels, comune.Fold(m[2])) || slices.Contains(labels, comune.Fold(m[3]))
			numbered := strings.TrimLeft(strings.TrimLeft(bare(m[2]), "sqao"), "0") == strconv.Itoa(i+1)
			if !label && !numbered {
				continue
			}
			c := Column{Column: name, Item: t.item.Code, Option: &o.Value, Values: yesNo(p.cells(at, ""))}
			if !label {
				c.Check = CheckNear
			}
			return c, true
		}
	}
	return Column{}, false
}

// yesNo drafts the cells of a column that is one option.
func yesNo(cells []string) []CellAnswer {
	var out []CellAnswer
	for _, cell := range cells {
		answer := AnswerUnknown
		switch comune.Fold(cell) {
		case "y", "yes", "si", "1":
			answer = AnswerYes
		case "n", "no", "0":
			answer = AnswerNo
		case "n a":
			answer = AnswerMissing
		}
		out = append(out, CellAnswer{Cell: cell, Answer: answer})
	}
	return out
}

// cells returns the different cells of a column that are not empty, in order of
// their text, at most maxSeen; with a separator, those of its parts.
func (p *proposer) cells(at int, separator string) []string {
	seen := map[string]bool{}
	for _, row := range p.file.Rows {
		if at >= len(row) {
			continue
		}
		parts := []string{row[at]}
		if separator != "" {
			parts = strings.Split(row[at], separator)
		}
		for _, part := range parts {
			if part = strings.TrimSpace(part); part != "" {
				seen[part] = true
			}
		}
		if len(seen) > maxSeen {
			break
		}
	}
	out := make([]string, 0, len(seen))
	for cell := range seen {
		out = append(out, cell)
	}
	slices.Sort(out)
	return out[:min(len(out), maxSeen)]
}
