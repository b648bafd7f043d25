package service

import (
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/stats"
)

// GroupMin is the number of Comuni that medians and quartiles need
// (questionnaires.md §4, comparison between Comuni).
const GroupMin = 5

// ClassGroup is one population class, or several neighbours that only together
// have GroupMin Comuni, with what its closed assessments say.
type ClassGroup struct {
	From, To comune.Class
	Comuni   int // with a closed assessment of the version compared
	Areas    map[surveys.Area]GroupFigure
}

// GroupFigure is the middle of the evidenced scores of a group in one area. The
// three are nil with fewer than GroupMin Comuni that have a single number.
type GroupFigure struct {
	N                 int
	Median, Low, High *float64 // 0–100; Low and High are the quartiles
}

// classGroups makes the groups of one wave, smallest class first. A class with too
// few Comuni is joined to the next wider one; what is left at the end joins the
// group before. No group at all when the programme has too few.
func classGroups(rows []MatrixRow, wave surveys.Wave, version measuredBy) []ClassGroup {
	byClass := map[comune.Class][]MatrixRow{}
	for _, r := range rows {
		a, ok := r.Cell(storage.ResultAssessment, wave, storage.AllAreas)
		if c := r.Ente.Class(); ok && measuredWith(a) == version && c != comune.ClassUnknown {
			byClass[c] = append(byClass[c], r)
		}
	}
	type open struct {
		from, to comune.Class
		rows     []MatrixRow
	}
	var done []open
	var now open
	for _, c := range comune.Classes() {
		if len(byClass[c]) == 0 {
			continue
		}
		if len(now.rows) == 0 {
			now.from = c
		}
		now.to, now.rows = c, append(now.rows, byClass[c]...)
		if len(now.rows) >= GroupMin {
			done, now = append(done, now), open{}
		}
	}
	if n := len(done); len(now.rows) > 0 && n > 0 {
		done[n-1].to, done[n-1].rows = now.to, append(done[n-1].rows, now.rows...)
	}
	out := make([]ClassGroup, 0, len(done))
	for _, g := range done {
		out = append(out, ClassGroup{From: g.from, To: g.to, Comuni: len(g.rows), Areas: groupFigures(g.rows, wave)})
	}
	return out
}

func groupFigures(rows []MatrixRow, wave surveys.Wave) map[surveys.Area]GroupFigure {
	out := map[surveys.Area]GroupFigure{}
	for _, area := range append(surveys.AssessmentAreas(), storage.AllAreas) {
		var scores []float64
		for _, r := range rows {
			if a, ok := r.Cell(storage.ResultAssessment, wave, area); ok && a.State == storage.AreaShown && a.Evidenced != nil {
				scores = append(scores, *a.Evidenced)
			}
		}
		f := GroupFigure{N: len(scores)}
		if len(scores) >= GroupMin {
			low, _ := stats.Quantile(scores, 0.25)
			median, _ := stats.Quantile(scores, 0.5)
			high, _ := stats.Quantile(scores, 0.75)
			f.Low, f.Median, f.High = &low, &median, &high
		}
		out[area] = f
	}
	return out
}
