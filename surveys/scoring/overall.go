package scoring

import (
	"math"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// weightShift is how far each area's weight is moved in the sensitivity interval.
const weightShift = 0.25

// overall makes the index from the four scored areas: their plain mean, only when
// every one of them has a single number.
func overall(areas []AreaResult) OverallResult {
	res := OverallResult{
		Declared:  meanOf(areas, func(a AreaResult) Score { return a.Declared }),
		Evidenced: meanOf(areas, func(a AreaResult) Score { return a.Evidenced }),
		Weakest:   []surveys.Area{}, Contributions: []Contribution{},
	}
	for _, a := range areas {
		res.Coverage.Covered += a.Coverage.Covered
		res.Coverage.Declared += a.Coverage.Declared
	}
	res.Coverage.Share = ratio(res.Coverage.Covered, res.Coverage.Declared)
	if res.Evidenced.Value == nil {
		return res
	}
	label := LabelOf(*res.Evidenced.Value)
	res.Label = &label
	scores := make([]float64, len(areas))
	for i, a := range areas {
		scores[i] = *a.Evidenced.Value
		for _, c := range a.Contributions {
			n := float64(len(areas))
			c.Gives, c.Loses, c.Undocumented = c.Gives/n, c.Loses/n, c.Undocumented/n
			res.Contributions = append(res.Contributions, c)
		}
	}
	sortByLoss(res.Contributions)
	res.Weakest = lowest(areas)
	geometric := geometricMean(scores)
	res.Geometric = &geometric
	res.Sensitivity = sensitivity(scores, geometric)
	return res
}

func meanOf(areas []AreaResult, pick func(AreaResult) Score) Score {
	var sum, low, high float64
	single, bounded := true, true
	for _, a := range areas {
		s := pick(a)
		if s.Value == nil {
			single = false
		} else {
			sum += *s.Value
		}
		if s.Interval == nil {
			bounded = false
		} else {
			low += s.Interval.Low
			high += s.Interval.High
		}
	}
	n := float64(len(areas))
	var out Score
	if single && n > 0 {
		v := sum / n
		out.Value = &v
	}
	if bounded && n > 0 {
		out.Interval = &privacy.Range{Low: low / n, High: high / n}
	}
	return out
}

func lowest(areas []AreaResult) []surveys.Area {
	least := math.Inf(1)
	for _, a := range areas {
		least = min(least, *a.Evidenced.Value)
	}
	var out []surveys.Area
	for _, a := range areas {
		if *a.Evidenced.Value == least {
			out = append(out, a.Area)
		}
	}
	return out
}

// geometricMean is (Π(S+1))^(1/n) − 1: the index if areas did not make up for one
// another (questionnaires.md §4, OECD/JRC Handbook).
func geometricMean(scores []float64) float64 {
	product := 1.0
	for _, s := range scores {
		product *= s + 1
	}
	return max(0, math.Pow(product, 1/float64(len(scores)))-1)
}

// sensitivity is the range over the eight shifted weightings and the geometric mean.
func sensitivity(scores []float64, geometric float64) *privacy.Range {
	out := privacy.Range{Low: geometric, High: geometric}
	for i := range scores {
		for _, shift := range []float64{1 + weightShift, 1 - weightShift} {
			var points, weight float64
			for j, s := range scores {
				w := 1.0
				if j == i {
					w = shift
				}
				points += w * s
				weight += w
			}
			out.Low, out.High = min(out.Low, points/weight), max(out.High, points/weight)
		}
	}
	return &out
}
