package figure

import (
	"math"
	"strconv"

	"traguardo/app/report/fonts"
)

// BudgetRow is one year; amounts are euro cents. Limit below 0 means that no
// limit was set; Spent below 0 that nothing is recorded yet.
type BudgetRow struct {
	Year    int
	Planned int64
	Limit   int64
	Spent   int64
}

// BudgetData is the input of BudgetBars.
type BudgetData struct {
	Title string
	Rows  []BudgetRow
}

// Geometry of BudgetBars, in units.
const (
	budgetX0   = 60.0
	budgetStep = 46.0
	budgetBar  = 20.0
)

// BudgetBars draws planned spending against the limit of each year, and what
// was spent; what goes over the limit has its own pattern.
func (d *Drawer) BudgetBars(in BudgetData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.year"), d.t("figure.planned"), d.t("figure.limit"), d.t("figure.spent")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	most := int64(100)
	for _, r := range in.Rows {
		most = max(most, r.Planned, r.Limit, r.Spent)
	}
	step, last := ticks(most)
	wide := 0.0
	for _, r := range in.Rows {
		wide = max(wide, d.m.Width(fonts.Bold, textSize, s.budgetWords(r)))
	}
	end := Width - rightPad - wide - 34
	x := func(cents int64) float64 {
		return budgetX0 + float64(cents)/float64(last)*(end-budgetX0)
	}
	const top = 4.0
	bottom := top + float64(len(in.Rows))*budgetStep
	for c := int64(0); c <= last; c += step {
		s.vline(x(c), top, bottom, Grid, 1)
		s.text(x(c), bottom+15, d.loc.Euro(c), smallSize, Middle, Muted, false)
	}
	data := Table{Head: head}
	for i, r := range in.Rows {
		s.budgetRow(r, top+(float64(i)+0.5)*budgetStep, x)
		data.Rows = append(data.Rows, []string{strconv.Itoa(r.Year), d.loc.Euro(r.Planned), d.amount(r.Limit), d.amount(r.Spent)})
	}
	s.vline(budgetX0, top, bottom, Ink, 1.2)
	return s.finish(in.Title, s.legend(bottom+28, s.budgetKeys(in.Rows)), data)
}

// amount writes euro cents; below 0 there is none.
func (d *Drawer) amount(cents int64) string {
	if cents < 0 {
		return "–"
	}
	return d.loc.Euro(cents)
}

// ticks returns a round step of the axis (in cents) and its last tick, at or
// over most, with four to six steps.
func ticks(most int64) (step, last int64) {
	raw := float64(most) / 5
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*mag >= raw {
			step = max(int64(math.Round(m*mag)), 1)
			break
		}
	}
	last = (most + step - 1) / step * step
	return step, last
}

func (s *sheet) budgetRow(r BudgetRow, y float64, x func(int64) float64) {
	s.text(0, y+textSize*0.36, strconv.Itoa(r.Year), textSize+1, Start, Ink, true)
	inside := r.Planned
	if r.Limit >= 0 {
		inside = min(inside, r.Limit)
	}
	s.add(Rect{X: x(0), Y: y - budgetBar/2, W: x(inside) - x(0), H: budgetBar,
		Fill: Fill{Role: Heat2}, Stroke: Stroke{Role: Evidenced, Width: 1}, Tip: s.loc.Euro(r.Planned)})
	if r.Planned > inside {
		s.add(Rect{X: x(inside), Y: y - budgetBar/2, W: x(r.Planned) - x(inside), H: budgetBar,
			Fill: Fill{Warn, Back}, Stroke: Stroke{Role: Warn, Width: 1}})
	}
	if r.Spent > 0 {
		s.add(Rect{X: x(0), Y: y - 4, W: x(r.Spent) - x(0), H: 8, Fill: Fill{Role: Ink}, Tip: s.loc.Euro(r.Spent)})
	}
	if r.Limit >= 0 {
		s.vline(x(r.Limit), y-budgetBar/2-6, y+budgetBar/2+6, Ink, 2.6)
	}
	role := Ink
	if r.Limit >= 0 && r.Planned > r.Limit {
		role = Warn
	}
	s.text(Width-rightPad, y+textSize*0.36, s.budgetWords(r), textSize, End, role, true)
}

// budgetWords writes "4.000 € di 5.000 €", or the planned amount alone.
func (s *sheet) budgetWords(r BudgetRow) string {
	if r.Limit < 0 {
		return s.loc.Euro(r.Planned)
	}
	return s.t("figure.of", "Part", s.loc.Euro(r.Planned), "Whole", s.loc.Euro(r.Limit))
}

func (s *sheet) budgetKeys(rows []BudgetRow) []key {
	keys := []key{{s.t("figure.planned"), s.box(Fill{Role: Heat2}, Stroke{Role: Evidenced, Width: 1})}}
	var limit, over, spent bool
	for _, r := range rows {
		limit = limit || r.Limit >= 0
		over = over || (r.Limit >= 0 && r.Planned > r.Limit)
		spent = spent || r.Spent > 0
	}
	if limit {
		keys = append(keys, key{s.t("figure.limit"), func(x, y float64) { s.vline(x+11, y-2, y+14, Ink, 2.6) }})
	}
	if over {
		keys = append(keys, key{s.t("figure.over_limit"), s.box(Fill{Warn, Back}, Stroke{Role: Warn, Width: 1})})
	}
	if spent {
		keys = append(keys, key{s.t("figure.spent"), func(x, y float64) {
			s.add(Rect{X: x, Y: y + 2, W: 22, H: 8, Fill: Fill{Role: Ink}})
		}})
	}
	return keys
}
