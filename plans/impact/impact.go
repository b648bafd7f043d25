package impact

import (
	"cmp"
	"slices"

	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// Reading is an indicator in one assessment.
type Reading struct {
	NA                  bool
	Declared, Evidenced *surveys.Level // nil: not assessed, or NA
}

// Indicator is an indicator of MAT in two assessments of the same version.
type Indicator struct {
	Code          string
	Area          surveys.Area
	Before, After Reading
}

// Exposure says what was done on an indicator by the second assessment.
type Exposure string

// The exposures, strongest first.
const (
	Acted   Exposure = "acted"   // at least one micro-progetto handed over (done or checked)
	Running Exposure = "running" // at least one started or suspended, none handed over
	None    Exposure = "none"    // nothing started
)

// Exposures returns every exposure, in the order of tables. The caller owns the slice.
func Exposures() []Exposure { return []Exposure{Acted, Running, None} }

func (e Exposure) String() string { return string(e) }

// Movements returns every kind of change, in the order of tables. The caller owns the slice.
func Movements() []scoring.ChangeKind {
	return []scoring.ChangeKind{scoring.Improved, scoring.Unchanged, scoring.Worsened, scoring.LessDocumented,
		scoring.DeclaredOnly, scoring.BetterDocumented, scoring.NotComparable}
}

// Move classifies the change of an indicator as the comparison of assessments does
// (scoring.KindOf): evidence that lapsed is not a fall.
func Move(i Indicator) scoring.ChangeKind {
	b, a := i.Before, i.After
	if b.NA || a.NA || b.Evidenced == nil || a.Evidenced == nil || b.Declared == nil || a.Declared == nil {
		return scoring.NotComparable
	}
	return scoring.KindOf(scoring.Levels{Declared: *b.Declared, Evidenced: *b.Evidenced}, scoring.Levels{Declared: *a.Declared, Evidenced: *a.Evidenced})
}

// Item is an indicator with what moved and what was done.
type Item struct {
	Indicator
	Movement scoring.ChangeKind
	Exposure Exposure
	Projects []surveys.ID // micro-progetti that name the indicator and had started, in order of id
}

// Row sums the indicators of one exposure, in one area or in all.
type Row struct {
	Exposure   Exposure
	Indicators int // all, comparable or not
	Comparable int
	Count      map[scoring.ChangeKind]int
	// MeanDeclared and MeanEvidenced are mean changes in levels over the
	// comparable ones; nil when there is none, which is not 0.
	MeanDeclared, MeanEvidenced *float64
}

// Table is what moved, beside what was done.
type Table struct {
	Items []Item                 // in order of area and code
	Total []Row                  // one for each of Exposures
	Areas map[surveys.Area][]Row // the same, for each area that has indicators
	// ExpectRegression is set when the indicators on which someone acted began lower, on
	// average, than the others: chosen because they were low, they tend to rise by
	// themselves (methodology.md §2.9), and the page says so.
	ExpectRegression bool
}

// Describe makes the table. Projects count by their state at the end of on, the
// day of the second assessment; a cancelled one counts for nothing, and one acts on the
// indicators of its sheet.
func Describe(indicators []Indicator, projects []plans.MicroProject, on plans.Date) Table {
	t := Table{Areas: map[surveys.Area][]Row{}}
	for _, ind := range indicators {
		item := Item{Indicator: ind, Movement: Move(ind), Exposure: None}
		for k := range projects {
			expose(&item, &projects[k], on)
		}
		slices.Sort(item.Projects)
		t.Items = append(t.Items, item)
	}
	order := surveys.AssessmentAreas()
	slices.SortStableFunc(t.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Area), slices.Index(order, b.Area)), cmp.Compare(a.Code, b.Code))
	})
	t.Total = rows(t.Items)
	for _, area := range order {
		if of := slices.DeleteFunc(slices.Clone(t.Items), func(i Item) bool { return i.Area != area }); len(of) > 0 {
			t.Areas[area] = rows(of)
		}
	}
	t.ExpectRegression = beganLower(t.Items)
	return t
}

// expose adds what a project did to the exposure of an item.
func expose(item *Item, p *plans.MicroProject, on plans.Date) {
	if !slices.ContainsFunc(p.Effects, func(e plans.Effect) bool { return e.Indicator == item.Code }) {
		return
	}
	switch p.StateOn(on) {
	case plans.Done, plans.Checked:
		item.Exposure = Acted
	case plans.Started, plans.Suspended:
		if item.Exposure == None {
			item.Exposure = Running
		}
	case plans.Planned, plans.Cancelled:
		return
	}
	item.Projects = append(item.Projects, p.ID)
}

func rows(items []Item) []Row {
	var out []Row
	for _, e := range Exposures() {
		r := Row{Exposure: e, Count: map[scoring.ChangeKind]int{}}
		var declared, evidenced float64
		for _, i := range items {
			if i.Exposure != e {
				continue
			}
			r.Indicators++
			r.Count[i.Movement]++
			if i.Movement != scoring.NotComparable {
				r.Comparable++
				declared += float64(*i.After.Declared - *i.Before.Declared)
				evidenced += float64(*i.After.Evidenced - *i.Before.Evidenced)
			}
		}
		if r.Comparable > 0 {
			d, v := declared/float64(r.Comparable), evidenced/float64(r.Comparable)
			r.MeanDeclared, r.MeanEvidenced = &d, &v
		}
		out = append(out, r)
	}
	return out
}

// beganLower compares the mean starting level where someone acted or is acting
// with that of the rest; false when either has none.
func beganLower(items []Item) bool {
	var sum, n [2]float64
	for _, i := range items {
		if i.Movement == scoring.NotComparable {
			continue
		}
		k := 0
		if i.Exposure == None {
			k = 1
		}
		sum[k] += float64(*i.Before.Evidenced)
		n[k]++
	}
	return n[0] > 0 && n[1] > 0 && sum[0]/n[0] < sum[1]/n[1]
}
