package earlier

import (
	"slices"
	"strconv"
	"strings"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// label is one text of an answer and what it means.
type label struct {
	text   string
	answer string
}

// labelsOf lists the answers that the instrument offers, Italian before English.
func (p *proposer) labelsOf(it surveys.Item) []label {
	var out []label
	add := func(t surveys.Text, answer string) {
		for _, text := range []string{t.IT, t.EN} {
			if text != "" {
				out = append(out, label{clean(text), answer})
			}
		}
	}
	for _, o := range p.in.OptionsOf(it) {
		add(o.Label, strconv.Itoa(int(o.Value)))
	}
	s := p.in.ScaleOf(it)
	if it.NAAllowed && s.NA != nil {
		add(*s.NA, AnswerNA)
	}
	if s.DK != nil {
		add(*s.DK, AnswerDK)
	}
	return out
}

// values drafts the answers of a column: what stands in its cells, then the labels
// of the instrument that no cell has, so that the mapping serves another file.
func (p *proposer) values(at int, it surveys.Item, separator string) []CellAnswer {
	labels := p.labelsOf(it)
	var out []CellAnswer
	have := map[string]bool{}
	add := func(a CellAnswer) {
		if !have[a.Cell] {
			have[a.Cell] = true
			out = append(out, a)
		}
	}
	for _, cell := range p.cells(at, separator) {
		if answer, ok := p.meaning(cell, it, labels); ok {
			add(answer)
		} else if separator == "" || !part(cell, labels) {
			add(CellAnswer{Cell: cell, Answer: AnswerUnknown})
		}
	}
	for _, l := range labels {
		add(CellAnswer{Cell: l.text, Answer: l.answer})
	}
	return out
}

// meaning tells what a cell is: a label, a label but for capitals and punctuation,
// the value of an option on an ordered scale, or something near to a label.
func (p *proposer) meaning(cell string, it surveys.Item, labels []label) (CellAnswer, bool) {
	for _, l := range labels {
		if l.text == cell {
			return CellAnswer{Cell: cell, Answer: l.answer}, true
		}
	}
	folded := comune.Fold(cell)
	for _, l := range labels {
		if folded != "" && comune.Fold(l.text) == folded {
			return CellAnswer{Cell: cell, Answer: l.answer}, true
		}
	}
	// A bare figure may count from 0 or from 1: a person has to say that it does not.
	if _, ok := code(p.in, it, cell); ok && p.in.ScaleOf(it).Kind == surveys.ScaleLinear && !isWord(cell) {
		return CellAnswer{Cell: cell, Answer: cell, Check: CheckNear}, true
	}
	best, answer, tie := 0.0, "", false
	for _, l := range labels {
		switch d := dice(strings.Fields(folded), strings.Fields(comune.Fold(l.text))); {
		case d > best:
			best, answer, tie = d, l.answer, false
		case d == best && l.answer != answer:
			tie = true
		}
	}
	if best < likeness || tie {
		return CellAnswer{}, false
	}
	return CellAnswer{Cell: cell, Answer: answer, Check: CheckNear}, true
}

func isWord(s string) bool { return slices.Contains([]string{AnswerNA, AnswerDK, AnswerMissing}, s) }

// part reports whether text is a piece of a label that itself holds the separator.
func part(text string, labels []label) bool {
	return slices.ContainsFunc(labels, func(l label) bool { return strings.Contains(l.text, text) })
}
