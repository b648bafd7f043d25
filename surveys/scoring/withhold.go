package scoring

import (
	"slices"

	"traguardo/surveys/privacy"
)

// Withhold returns s without the means that, beside the published change, would
// give away the few people who answered one wave only (questionnaires.md §8, row
// «change»). Apply it to the result of the later wave before that is stored or
// shown, and to the earlier one wherever both stand together. What a withheld mean
// could be computed from goes with it: the calibration gap and the items.
func (c ChangeResult) Withhold(s StaffResult) StaffResult {
	s.Areas, s.Attitudes = slices.Clone(s.Areas), slices.Clone(s.Attitudes)
	s.Items = slices.Clone(s.Items)
	for _, m := range c.Measures {
		if !m.MeansWithheld {
			continue
		}
		for i := range s.Areas {
			if s.Areas[i].Area == m.Area {
				hideArea(&s.Areas[i], m.Measure)
			}
		}
		switch {
		case m.Measure == Anchors && m.Area == "":
			s.Anchors = withheldLike(s.Anchors)
		case m.Measure == Rotated:
			s.Knowledge, s.GuessCorrected = withheldLike(s.Knowledge), withheldLike(s.GuessCorrected)
		case m.Measure == Overclaim:
			s.Overclaim = withheldLike(s.Overclaim)
		case m.Measure == Attitude:
			for i := range s.Attitudes {
				if s.Attitudes[i].Construct == m.Construct {
					s.Attitudes[i].Figure = withheldLike(s.Attitudes[i].Figure)
				}
			}
		}
		s.Reliability = slices.DeleteFunc(slices.Clone(s.Reliability), func(r ScaleReliability) bool {
			return r.Measure == m.Measure && r.Area == m.Area && r.Construct == m.Construct
		})
		for i := range s.Items {
			if m.madeOf(s.Items[i]) && s.Items[i].State == privacy.Shown {
				s.Items[i].withhold()
			}
		}
	}
	return s
}

func hideArea(a *StaffArea, m Measure) {
	switch m {
	case SelfAssessed:
		a.Self, a.Calibration = withheldLike(a.Self), withheldLike(a.Calibration)
	case Anchors:
		a.Anchors = withheldLike(a.Anchors)
	case Knowledge, Rotated, GuessChecked, Calibration, Attitude, Behaviour, Overclaim, SelfThenItems, PostThen, ResponseShift:
	}
}

// madeOf reports whether the item enters the measure (or others of its block and
// area, which together would give it).
func (m MeasureChange) madeOf(r ItemResult) bool {
	here := m.Area == "" || r.Area == m.Area
	switch m.Measure {
	case SelfAssessed, SelfThenItems, PostThen, ResponseShift:
		return r.Block == blockSelf && here
	case Anchors, Rotated, Knowledge, GuessChecked:
		return r.Block == blockKnowledge && here
	case Attitude:
		return r.Block == blockAttitude
	case Overclaim:
		return r.Block == blockTerms
	case Behaviour:
		return r.Block == blockBehaviour && here
	case Calibration:
		return false
	default:
		return false
	}
}

// WithholdBreakdown is Withhold for the breakdown of the same wave, whose groups
// sum to the withheld mean.
func (c ChangeResult) WithholdBreakdown(b BreakdownResult) BreakdownResult {
	b.Measures = slices.Clone(b.Measures)
	for i, g := range b.Measures {
		m, ok := c.Measure(g.Measure, g.Area, g.Construct)
		if !ok || !m.MeansWithheld {
			continue
		}
		b.Measures[i].Figures = slices.Clone(g.Figures)
		for k := range b.Measures[i].Figures {
			b.Measures[i].Figures[k] = withheldLike(g.Figures[k])
		}
	}
	return b
}

// Reconcile readies two waves that are compared for being shown side by side: both
// results under Withhold.
func Reconcile(pre, post StaffResult, c ChangeResult) (StaffResult, StaffResult) {
	return c.Withhold(pre), c.Withhold(post)
}
