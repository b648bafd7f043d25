package figure

// ContributionRow is one indicator of an area. Points is what it adds to the
// area's score and Most what it would add at level 4, on the same 0–100 scale.
type ContributionRow struct {
	Label  string
	Level  Value // evidenced level 0–4, or why there is none
	Points float64
	Most   float64
	Gate   bool // indicator that can hold the label down
}

// ContributionsData is the input of Contributions.
type ContributionsData struct {
	Title string
	Rows  []ContributionRow
}

// Geometry of Contributions, in units.
const (
	contribX0   = 268.0
	contribX1   = 548.0
	contribStep = 32.0
	contribBar  = 15.0
)

// Contributions draws «perché 62?»: the points that each indicator brings to
// the score of its area, within the points that it could bring.
func (d *Drawer) Contributions(in ContributionsData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.indicator"), d.t("figure.level"), d.t("figure.points"), d.t("figure.most_points")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	most, gate := 0.0, false
	for _, r := range in.Rows {
		most, gate = max(most, r.Most, r.Points), gate || r.Gate
	}
	if most == 0 {
		most = 1
	}
	x := func(v float64) float64 { return contribX0 + clamp(v/most, 0, 1)*(contribX1-contribX0) }
	const top = 20.0
	s.text(Width-rightPad, 12, d.t("figure.points_of"), smallSize, End, Muted, false)
	bottom := top + float64(len(in.Rows))*contribStep
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := top + (float64(i)+0.5)*contribStep
		s.contribution(r, y, x)
		row := []string{r.Label, d.state(r.Level.State), "–", "–"}
		if r.Level.State == Known {
			row[1], row[2], row[3] = d.whole(r.Level.V), d.n(r.Points), d.n(r.Most)
		}
		data.Rows = append(data.Rows, row)
	}
	s.vline(contribX0, top, bottom, Ink, 1.2)
	keys := []key{
		{d.t("figure.points_got"), s.box(Fill{Role: Evidenced}, Stroke{})},
		{d.t("figure.points_open"), s.box(Fill{Role: Faint}, Stroke{Role: Muted, Width: 1, Dash: 3})},
	}
	if gate {
		keys = append(keys, key{d.t("figure.gate"), func(x, y float64) { s.gateMark(x+11, y+6) }})
	}
	end := s.legend(bottom+12, keys)
	return s.finish(in.Title, end, data)
}

// gateMark is a small downward triangle.
func (s *sheet) gateMark(x, y float64) {
	s.add(Polygon{Points: []Point{{x - 5, y - 4}, {x + 5, y - 4}, {x, y + 5}}, Fill: Fill{Role: Warn}})
}

func (s *sheet) contribution(r ContributionRow, y float64, x func(float64) float64) {
	left := 0.0
	if r.Gate {
		s.gateMark(5, y)
	}
	left += 14
	s.label(left, y, contribX0-left-12, r.Label, 2)
	if r.Level.State != Known {
		s.blank(contribX0, y-contribBar/2-1, contribX1-contribX0, contribBar+2, r.Level.State)
		s.text(Width-rightPad, y+textSize*0.34, "–", textSize, End, Muted, false)
		return
	}
	s.add(Rect{X: x(0), Y: y - contribBar/2, W: x(r.Most) - x(0), H: contribBar, Fill: Fill{Role: Faint},
		Stroke: Stroke{Role: Muted, Width: 1, Dash: 3}})
	s.add(Rect{X: x(0), Y: y - contribBar/2, W: x(r.Points) - x(0), H: contribBar, Fill: Fill{Role: Evidenced}})
	s.text(contribX1+10, y+smallSize*0.36, s.t("figure.level_of_4", "Level", s.whole(r.Level.V)), smallSize, Start, Muted, false)
	s.text(Width-rightPad, y+textSize*0.36,
		s.t("figure.of", "Part", s.n(r.Points), "Whole", s.n(r.Most)), textSize, End, Ink, true)
}
