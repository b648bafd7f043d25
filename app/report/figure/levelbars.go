package figure

// LevelRow is one area of a LevelBars figure; values are on 0–100.
type LevelRow struct {
	Label     string
	Evidenced Value
	Declared  Value
	Interval  Interval // what missing answers could still change
	Aside     bool     // shown beside the index, under a rule (GOV)
}

// LevelBarsData is the input of LevelBars. Bands are the five maturity labels
// of 0–19, 20–39, 40–59, 60–79 and 80–100, or none.
type LevelBarsData struct {
	Title string
	Rows  []LevelRow
	Bands []string
}

// Geometry of LevelBars, in units.
const (
	levelX0   = 176.0
	levelX1   = 632.0
	levelStep = 44.0
	levelBar  = 18.0
)

func levelX(v float64) float64 { return levelX0 + clamp(v, 0, 100)/100*(levelX1-levelX0) }

// LevelBars draws the evidenced level of each area as a bar, the declared one
// as an outline, and the interval as a whisker.
func (d *Drawer) LevelBars(in LevelBarsData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.area"), d.t("figure.evidenced"), d.t("figure.declared"), d.t("figure.interval")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	top := 6.0
	if len(in.Bands) == 5 {
		top = s.bands(in.Bands)
	}
	bottom := s.levelAxis(top, len(in.Rows))
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := top + float64(i)*levelStep
		if r.Aside && i > 0 && !in.Rows[i-1].Aside {
			s.hline(0, Width, y, Muted, 1)
		}
		s.levelRow(r, y+levelStep/2)
		data.Rows = append(data.Rows, []string{r.Label, d.value(r.Evidenced), d.value(r.Declared), d.missing(r.Interval)})
	}
	s.vline(levelX0, top, bottom, Ink, 1.2)
	end := s.legend(bottom+28, s.levelKeys(in.Rows))
	return s.finish(in.Title, end, data)
}

// MeanBars draws means with their 95 % interval: a LevelBars without the
// declared level. Declared values of the rows are not used.
func (d *Drawer) MeanBars(in LevelBarsData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.area"), d.t("figure.mean"), d.t("figure.interval")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	const top = 6.0
	bottom := s.levelAxis(top, len(in.Rows))
	data := Table{Head: head}
	has := map[State]bool{}
	for i, r := range in.Rows {
		r.Declared = Value{State: NotApplicable}
		has[r.Evidenced.State] = true
		s.levelRow(r, top+(float64(i)+0.5)*levelStep)
		span := d.interval(r.Interval)
		if r.Evidenced.State != Known {
			span = "–"
		}
		data.Rows = append(data.Rows, []string{r.Label, d.value(r.Evidenced), span})
	}
	s.vline(levelX0, top, bottom, Ink, 1.2)
	keys := []key{{d.t("figure.mean"), s.box(Fill{Role: Evidenced}, Stroke{})},
		{d.t("figure.interval95"), func(x, y float64) { s.whisker(x+2, x+20, y+6) }}}
	if has[Suppressed] {
		keys = append(keys, key{d.t("figure.insufficient"), s.box(Fill{Grid, Dots}, Stroke{Role: Muted, Width: 1, Dash: 4})})
	}
	return s.finish(in.Title, s.legend(bottom+28, keys), data)
}

// levelAxis draws the scale under n rows and returns the y of their end.
func (s *sheet) levelAxis(top float64, n int) float64 {
	bottom := top + float64(n)*levelStep
	for v := 0.0; v <= 100; v += 20 {
		s.vline(levelX(v), top, bottom, Grid, 1)
		s.text(levelX(v), bottom+15, s.whole(v), smallSize, Middle, Muted, false)
	}
	return bottom
}

// bands writes the maturity labels over their fifths of the scale and returns
// the y under them.
func (s *sheet) bands(names []string) float64 {
	high := 1
	folded := make([][]string, len(names))
	for i, n := range names {
		folded[i] = s.fold(n, (levelX1-levelX0)/5-4, 2)
		high = max(high, len(folded[i]))
	}
	for i, lines := range folded {
		x := levelX(float64(i)*20 + 10)
		for j, l := range lines {
			y := 12 + float64(high-len(lines)+j)*12
			s.text(x, y, l, smallSize, Middle, Muted, false)
		}
	}
	return 12*float64(high) + 8
}

func (s *sheet) levelRow(r LevelRow, y float64) {
	s.label(0, y, levelX0-14, r.Label, 2)
	switch r.Evidenced.State {
	case NotAssessed, Suppressed, NotApplicable:
		s.blank(levelX0, y-levelBar/2, levelX1-levelX0, levelBar, r.Evidenced.State)
		s.text(Width-rightPad, y+textSize*0.34, "–", textSize, End, Muted, false)
		return
	case IntervalOnly:
		x, w := levelX(r.Interval.Low), levelX(r.Interval.High)-levelX(r.Interval.Low)
		s.add(Rect{X: x, Y: y - levelBar/2, W: w, H: levelBar, Fill: Fill{Evidenced, Hatch},
			Stroke: Stroke{Role: Evidenced, Width: 1}, Tip: s.interval(r.Interval)})
		s.text(Width-rightPad, y+smallSize*0.34, s.whole(r.Interval.Low)+"–"+s.whole(r.Interval.High), smallSize, End, Ink, true)
	case Known:
		s.add(Rect{X: levelX0, Y: y - levelBar/2, W: levelX(r.Evidenced.V) - levelX0, H: levelBar,
			Fill: Fill{Role: Evidenced}, Tip: r.Label + ": " + s.n(r.Evidenced.V)})
		s.text(Width-rightPad, y+textSize*0.36, s.n(r.Evidenced.V), textSize+2, End, Ink, true)
	}
	if r.Declared.State == Known {
		s.add(Rect{X: levelX0, Y: y - levelBar/2 - 4, W: levelX(r.Declared.V) - levelX0, H: levelBar + 8,
			Stroke: Stroke{Role: Ink, Width: 1.2, Dash: 3}})
	}
	if r.Interval.Set && r.Interval.High > r.Interval.Low {
		s.whisker(levelX(r.Interval.Low), levelX(r.Interval.High), y)
	}
}

// levelKeys returns the legend entries of what the rows hold.
func (s *sheet) levelKeys(rows []LevelRow) []key {
	keys := []key{
		{s.t("figure.evidenced"), s.box(Fill{Role: Evidenced}, Stroke{})},
		{s.t("figure.declared"), s.box(Fill{}, Stroke{Role: Ink, Width: 1.2, Dash: 3})},
	}
	has := map[State]bool{}
	spread := false
	for _, r := range rows {
		has[r.Evidenced.State] = true
		spread = spread || (r.Interval.Set && r.Interval.High > r.Interval.Low)
	}
	if spread {
		keys = append(keys, key{s.t("figure.interval_missing"), func(x, y float64) { s.whisker(x+2, x+20, y+6) }})
	}
	if has[IntervalOnly] {
		keys = append(keys, key{s.t("figure.interval_only"), s.box(Fill{Evidenced, Hatch}, Stroke{})})
	}
	if has[NotAssessed] {
		keys = append(keys, key{s.t("figure.not_assessed"), s.box(Fill{Grid, Hatch}, Stroke{Role: Muted, Width: 1, Dash: 4})})
	}
	if has[Suppressed] {
		keys = append(keys, key{s.t("figure.insufficient"), s.box(Fill{Grid, Dots}, Stroke{Role: Muted, Width: 1, Dash: 4})})
	}
	return keys
}
