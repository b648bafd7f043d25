package scoring

import (
	"fmt"
	"slices"
	"strings"

	"traguardo/surveys"
)

// ProfileArea is one area in a person's own profile, 0–100; nil when too few
// questions of it were answered.
type ProfileArea struct {
	Area      surveys.Area `json:"area"`
	Self      *float64     `json:"self"`
	Knowledge *float64     `json:"knowledge"`
}

// ProfileItem is something that the person says she or he can do.
type ProfileItem struct {
	Code  string       `json:"code"`
	Area  surveys.Area `json:"area"`
	Text  surveys.Text `json:"text"`
	Level int          `json:"level"` // 3 or 4 on S-COMP5
}

// StudyTopic is a competence of the Syllabus «Competenze digitali per la PA».
type StudyTopic struct {
	Competence string   `json:"competence"` // number, "1.1" to "5.2"
	Items      []string `json:"items"`      // codes of the answers that suggest it
	need       int
}

// RightAnswer explains a knowledge question that will not be asked again.
type RightAnswer struct {
	Code      string        `json:"code"`
	Area      surveys.Area  `json:"area"`
	Question  surveys.Text  `json:"question"`
	Right     surveys.Text  `json:"right"`
	Chosen    *surveys.Text `json:"chosen"` // nil when the person chose nothing or «do not know»
	Correct   bool          `json:"correct"`
	Rationale surveys.Text  `json:"rationale"`
}

// PersonalProfile is a person's own page, made on request and stored nowhere. No
// one else sees it: it holds single answers.
type PersonalProfile struct {
	Wave      surveys.Wave   `json:"wave"`
	Areas     []ProfileArea  `json:"areas"`     // strengths first: highest self-assessment, then knowledge; without scores last
	Knowledge *float64       `json:"knowledge"` // over all areas, STR included
	Strengths []ProfileItem  `json:"strengths"` // levels 4, then 3, in the order of asking
	Study     []StudyTopic   `json:"study"`     // most needed first
	Answers   []RightAnswer  `json:"answers"`   // in the order of asking
	Invented  []surveys.Text `json:"invented"`  // terms that do not exist; only when last
}

// Profile makes the profile of one response. Before the last wave right answers
// are given for the rotated items that this person was served, since she or he will
// meet the other set; anchors and invented terms are asked again and stay unsaid
// until last. It returns surveys.ErrInvalid for an unknown wave or a vector that
// inst cannot have.
func Profile(inst *surveys.Instrument, v surveys.Vector, wave surveys.Wave, last bool) (PersonalProfile, error) {
	if _, err := surveys.ParseWave(string(wave)); err != nil {
		return PersonalProfile{}, fmt.Errorf("profile: %w", err)
	}
	p := newPlan(inst)
	if _, err := p.check(v); err != nil {
		return PersonalProfile{}, fmt.Errorf("profile: %w", err)
	}
	out := PersonalProfile{
		Wave: wave, Strengths: []ProfileItem{}, Study: []StudyTopic{},
		Answers: []RightAnswer{}, Invented: []surveys.Text{},
	}
	out.Knowledge = p.own(Knowledge, "", v)
	for _, a := range surveys.ScoredAreas() {
		out.Areas = append(out.Areas, ProfileArea{a, p.own(SelfAssessed, a, v), p.own(Knowledge, a, v)})
	}
	slices.SortStableFunc(out.Areas, func(a, b ProfileArea) int {
		if c := higherFirst(a.Self, b.Self); c != 0 {
			return c
		}
		return higherFirst(a.Knowledge, b.Knowledge)
	})
	for _, x := range p.items {
		b := v[x.from]
		switch {
		case x.block == blockSelf && surveys.IsValue(b) && b >= 3:
			out.Strengths = append(out.Strengths, ProfileItem{x.Code, x.Area, x.Text, int(b)})
		case x.kind == surveys.ScaleKey && b != surveys.NotServed && (last || x.Form == surveys.FormA || x.Form == surveys.FormB):
			out.Answers = append(out.Answers, x.explain(b))
		case x.Foil && b != surveys.NotServed && last:
			out.Invented = append(out.Invented, x.Text)
		}
	}
	slices.SortStableFunc(out.Strengths, func(a, b ProfileItem) int { return b.Level - a.Level })
	out.Study = p.study(v, last)
	return out, nil
}

func (p *plan) own(m Measure, a surveys.Area, v surveys.Vector) *float64 {
	if s := p.find(m, a); s != nil {
		if x, ok := s.scoreOf(v, nil); ok {
			return &x
		}
	}
	return nil
}

// higherFirst orders by score, highest first, nothing last.
func higherFirst(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	case *a > *b:
		return -1
	case *a < *b:
		return 1
	default:
		return 0
	}
}

func (x *item) explain(b byte) RightAnswer {
	r := RightAnswer{Code: x.Code, Area: x.Area, Question: x.Text, Rationale: x.Rationale}
	for _, o := range x.options {
		if o.Key {
			r.Right = o.Label
		}
		if surveys.IsValue(b) && o.Value == b {
			label := o.Label
			r.Chosen, r.Correct = &label, o.Key
		}
	}
	return r
}

// study gathers the Syllabus competences behind the weakest answers: activities
// rated 0 or 1 (2 as well, when there is none below) and knowledge questions not
// answered right. Anchors count only when last: to name what they ask would mark
// the answer before the next wave.
func (p *plan) study(v surveys.Vector, last bool) []StudyTopic {
	weak := byte(1)
	if !slices.ContainsFunc(p.items, func(x *item) bool { return x.block == blockSelf && v[x.from] <= weak }) {
		weak = 2
	}
	out := []StudyTopic{}
	for _, x := range p.items {
		b, need := v[x.from], 0
		switch {
		case x.block == blockSelf && b <= weak:
			need = 4 - int(b)
		case x.kind == surveys.ScaleKey && (b == surveys.DK || surveys.IsValue(b) && x.score[b] == 0) && (last || x.Form != surveys.FormX):
			need = 2
		}
		if need == 0 {
			continue
		}
		for _, code := range syllabusOf(x.References) {
			i := slices.IndexFunc(out, func(t StudyTopic) bool { return t.Competence == code })
			if i < 0 {
				i = len(out)
				out = append(out, StudyTopic{Competence: code})
			}
			out[i].need += need
			out[i].Items = append(out[i].Items, x.Code)
		}
	}
	slices.SortStableFunc(out, func(a, b StudyTopic) int {
		if a.need != b.need {
			return b.need - a.need
		}
		return strings.Compare(a.Competence, b.Competence)
	})
	return out
}

// syllabusOf reads the competence numbers out of references like "SYL 1.1, 4.2".
func syllabusOf(references []string) []string {
	var out []string
	for _, r := range references {
		rest, ok := strings.CutPrefix(r, "SYL ")
		if !ok {
			continue
		}
		for code := range strings.SplitSeq(rest, ",") {
			out = append(out, strings.TrimSpace(code))
		}
	}
	return out
}
