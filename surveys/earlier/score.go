package earlier

import (
	"fmt"
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// Score gives the result of STAFF over vectors of an earlier survey with the
// product's own formulas and suppression (scoring.Staff). surveys.ErrInvalid: the
// instrument is not STAFF, or what scoring.Staff refuses: a threshold under five,
// more valid answers than eligible employees.
func Score(in *surveys.Instrument, wave surveys.Wave, vectors []surveys.Vector, eligible, threshold int) (scoring.StaffResult, error) {
	if in.Code != surveys.CodeSTAFF {
		return scoring.StaffResult{}, fmt.Errorf("%w: %s is not scored over people", surveys.ErrInvalid, in.Code)
	}
	sets := setsOf(in)
	responses := make([]scoring.Response, len(vectors))
	for i, v := range vectors {
		responses[i] = scoring.Response{Vector: v, Set: sets.of(v)}
	}
	return scoring.Staff(in, responses, scoring.StaffConfig{Eligible: eligible, Threshold: threshold, Wave: wave, Modules: modulesOf(in, vectors)})
}

// modulesOf lists the optional blocks of which the earlier survey asked an item.
func modulesOf(in *surveys.Instrument, vectors []surveys.Vector) []surveys.Module {
	var out []surveys.Module
	for _, b := range in.Blocks {
		asked := slices.ContainsFunc(b.Items, func(it surveys.Item) bool {
			from, to := in.SlotsOf(it.Code)
			return from < to && len(vectors) > 0 && vectors[0][from] != surveys.NotServed
		})
		if b.Module != "" && asked {
			out = append(out, b.Module)
		}
	}
	return out
}

// rotated holds the slots of the two rotated sets of knowledge items.
type rotated struct{ a, b []int }

func setsOf(in *surveys.Instrument) rotated {
	var r rotated
	items := in.Items()
	for at, slot := range in.Slots() {
		switch items[slot.Item].Form {
		case surveys.FormA:
			r.a = append(r.a, at)
		case surveys.FormB:
			r.b = append(r.b, at)
		case surveys.FormNone, surveys.FormX:
		}
	}
	return r
}

// of is the set that v was asked: A or B when it was asked items of one alone.
func (r rotated) of(v surveys.Vector) surveys.Form {
	asked := func(slots []int) bool {
		for _, at := range slots {
			if v[at] != surveys.NotServed {
				return true
			}
		}
		return false
	}
	switch a, b := asked(r.a), asked(r.b); {
	case a && !b:
		return surveys.FormA
	case b && !a:
		return surveys.FormB
	}
	return surveys.FormNone
}
