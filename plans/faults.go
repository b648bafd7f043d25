package plans

import "traguardo/surveys"

// FaultKind is a way in which a plan breaks its own limits.
type FaultKind string

// The kinds of fault.
const (
	FaultBudget   FaultKind = "budget"       // Year, Cents over
	FaultCapacity FaultKind = "capacity"     // Quarter, Days over
	FaultHorizon  FaultKind = "horizon"      // Project runs outside the plan
	FaultPrereq   FaultKind = "prerequisite" // Project starts before Other ends, or Other is not in the plan
	FaultConflict FaultKind = "conflict"     // Project and Other cannot stand together
)

func (k FaultKind) String() string { return string(k) }

// Fault is one limit broken, with its figures.
type Fault struct {
	Kind           FaultKind
	Year           int
	Quarter        Quarter
	Cents          Cents // over the budget of Year
	Days           int   // over the capacity of Quarter
	Project, Other surveys.ID
}

// Load is what a plan asks of a year or of a quarter, beside what there is.
type Load struct {
	Year    int     // of a yearly load
	Quarter Quarter // of a quarterly load
	Used    int64   // cents of a yearly load, days of a quarterly one
	Limit   int64
}

// YearLoads returns the cost of the active micro-progetti that start in each of
// Years() beside the budget of that year, in cents.
func (p *Plan) YearLoads() []Load {
	years := p.Years()
	out := make([]Load, len(years))
	for i, y := range years {
		out[i].Year = y
		if i < len(p.Budget) {
			out[i].Limit = int64(p.Budget[i])
		}
		for j := range p.Projects {
			if m := &p.Projects[j]; m.Start.Year == y && m.Active() {
				out[i].Used += int64(m.Cost)
			}
		}
	}
	return out
}

// QuarterLoads returns the staff days of the active micro-progetti in each
// quarter beside the days there are.
func (p *Plan) QuarterLoads() []Load {
	out := make([]Load, p.Quarters)
	for i := range out {
		out[i].Quarter = p.Start.Add(i)
		if i < len(p.Capacity) {
			out[i].Limit = int64(p.Capacity[i])
		}
	}
	for j := range p.Projects {
		m := &p.Projects[j]
		if !m.Active() {
			continue
		}
		for k, d := range m.Effort {
			if i := m.Start.Add(k).Sub(p.Start); i >= 0 && i < len(out) {
				out[i].Used += int64(d)
			}
		}
	}
	return out
}

// Faults returns every limit that the plan breaks: budgets in order of year,
// days in order of quarter, then projects in their order. Cancelled
// micro-progetti count for nothing. An empty result means that the plan holds.
func (p *Plan) Faults() []Fault {
	var out []Fault
	for _, l := range p.YearLoads() {
		if l.Used > l.Limit {
			out = append(out, Fault{Kind: FaultBudget, Year: l.Year, Cents: Cents(l.Used - l.Limit)})
		}
	}
	for _, l := range p.QuarterLoads() {
		if l.Used > l.Limit {
			out = append(out, Fault{Kind: FaultCapacity, Quarter: l.Quarter, Days: int(l.Used - l.Limit)})
		}
	}
	for i := range p.Projects {
		if m := &p.Projects[i]; m.Active() {
			out = append(out, p.projectFaults(m)...)
		}
	}
	return out
}

func (p *Plan) projectFaults(m *MicroProject) []Fault {
	var out []Fault
	if m.Start.Before(p.Start) || p.Start.Add(p.Quarters-1).Before(m.End()) {
		out = append(out, Fault{Kind: FaultHorizon, Project: m.ID, Quarter: m.End()})
	}
	for _, id := range m.Requires {
		if o, err := p.Project(id); err != nil || !o.Active() || (!o.End().Before(m.Start) && !o.Finished()) {
			out = append(out, Fault{Kind: FaultPrereq, Project: m.ID, Other: id})
		}
	}
	for _, id := range m.Conflicts {
		if o, err := p.Project(id); err == nil && o.Active() {
			out = append(out, Fault{Kind: FaultConflict, Project: m.ID, Other: id})
		}
	}
	return out
}
