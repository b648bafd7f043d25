package demo

import (
	"fmt"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/surveys"
)

// plan sets the frame by the size of the Comune, takes the proposal and approves it.
func (b *builder) plan(w *walk, rtd auth.Actor) error {
	b.at(planApproved+14, 10)
	start := plans.DateOf(b.clock.In(b.Rome)).Quarter()
	const quarters = 8
	f := service.PlanFrame{Start: start, Quarters: quarters, Ambition: service.AmbitionNext}
	yearly, days := frameOf(w.town.Population)
	for range plans.YearsOf(start, quarters) {
		f.Budget = append(f.Budget, yearly)
	}
	for range quarters {
		f.Capacity = append(f.Capacity, days)
	}
	if err := b.svc.SetPlanFrame(b.ctx, rtd, w.ente.ID, f); err != nil {
		return err
	}
	b.at(planApproved+7, 10)
	if err := b.svc.ProposePlan(b.ctx, rtd, w.ente.ID); err != nil {
		return err
	}
	b.at(planApproved, 10)
	act := b.act("Delibera di Giunta")
	return b.svc.ApprovePlan(b.ctx, rtd, w.ente.ID, plans.Act{Type: act.Type, Number: act.Number, Date: plans.DateOf(act.Date), By: "Giunta comunale"})
}

// frameOf is what a Comune of this size can put in: euro cents a year, staff days
// a quarter. Both are invented.
func frameOf(population int) (plans.Cents, int) {
	switch {
	case population <= 1000:
		return 6_000_00, 14
	case population <= 5000:
		return 14_000_00, 24
	case population <= 30000:
		return 40_000_00, 45
	default:
		return 90_000_00, 80
	}
}

// track carries out about half of the plan: what should be finished mostly is,
// what should be under way mostly is, something is late, something suspended.
func (b *builder) track(w *walk, rtd auth.Actor) error {
	board, err := b.svc.Board(b.ctx, rtd, w.ente.ID)
	if err != nil {
		return err
	}
	w.raised = map[string]surveys.Level{}
	today := plans.DateOf(b.Now.In(b.Rome))
	done := 0
	for i, t := range board.Projects {
		ends, starts := t.Project.End().Last(), t.Project.Start.First()
		switch {
		case !ends.After(today) && done*2 < len(board.Projects) && i%7 != 5:
			done++
			if err := b.finish(w, rtd, t.Project); err != nil {
				return fmt.Errorf("finishing %s: %w", t.Project.Title, err)
			}
		case !starts.After(today) && i%5 != 4:
			if err := b.start(w, rtd, t.Project, i%6 == 3); err != nil {
				return fmt.Errorf("starting %s: %w", t.Project.Title, err)
			}
		}
	}
	return nil
}

// on sets the clock to mid-morning of a day of the plan.
func (b *builder) on(d plans.Date) {
	b.at(d.DaysUntil(plans.DateOf(b.Now.In(b.Rome))), 10)
}

// start begins a micro-progetto: milestones, tasks by office, the first money.
func (b *builder) start(w *walk, rtd auth.Actor, p plans.MicroProject, suspended bool) error {
	begin := later(p.Start.First().AddDays(b.random.IntN(20)), plans.DateOf(b.Now.In(b.Rome)).AddDays(-planApproved+3))
	b.on(begin)
	ente := w.ente.ID
	if err := b.svc.RecordFact(b.ctx, rtd, ente, p.ID, service.FactInput{Kind: plans.FactStart, On: begin}); err != nil {
		return err
	}
	w.started++
	if w.started > 12 {
		return b.commit(w, rtd, p, begin, suspended) // a dozen are enough to show milestones and tasks
	}
	if err := b.svc.ProposeMilestones(b.ctx, rtd, ente, p.ID); err != nil {
		return err
	}
	for i, title := range p.Deliverables {
		if i == 2 {
			break
		}
		office := w.offices[(i+len(p.Title))%len(w.offices)]
		if err := b.svc.AddTask(b.ctx, rtd, ente, p.ID, service.TaskInput{Title: title, Office: office.ID, Due: p.End().Last().AddDays(-20 * (2 - i))}); err != nil {
			return err
		}
	}
	return b.commit(w, rtd, p, begin, suspended)
}

// commit notes the first money and, for some, the stop that came later.
func (b *builder) commit(w *walk, rtd auth.Actor, p plans.MicroProject, begin plans.Date, suspended bool) error {
	ente := w.ente.ID
	if p.Cost > 0 {
		if err := b.spend(w, rtd, p, plans.Committed, p.Cost*9/10, begin.AddDays(10)); err != nil {
			return err
		}
	}
	if !suspended {
		return nil
	}
	stop := earlier(begin.AddDays(30), plans.DateOf(b.Now.In(b.Rome)))
	b.on(stop)
	return b.svc.RecordFact(b.ctx, rtd, ente, p.ID, service.FactInput{Kind: plans.FactSuspend, On: stop,
		Reason: "In attesa del fornitore del gestionale (dato dimostrativo)."})
}

// finish starts a micro-progetto and takes it to its end, with evidence and money.
func (b *builder) finish(w *walk, rtd auth.Actor, p plans.MicroProject) error {
	if err := b.start(w, rtd, p, false); err != nil {
		return err
	}
	end := later(p.End().Last().AddDays(-b.random.IntN(25)), plans.DateOf(b.clock).AddDays(12))
	if latest := plans.DateOf(b.Now.In(b.Rome)).AddDays(-expostOpens - 2); end.After(latest) {
		end = later(latest, plans.DateOf(b.clock).AddDays(2))
	}
	b.on(end)
	e := service.EvidenceInput{Type: surveys.E1, Title: "Verbale di conclusione (dato dimostrativo)", ActType: "Determina",
		ActNumber: fmt.Sprintf("%d/%d", 100+b.random.IntN(300), end.Year), Dated: end.Time()}
	indicator := ""
	if len(p.Effects) > 0 {
		indicator = p.Effects[0].Indicator
	}
	if err := b.svc.AddProjectEvidence(b.ctx, rtd, w.ente.ID, p.ID, indicator, e); err != nil {
		return err
	}
	if p.Cost > 0 {
		if err := b.spend(w, rtd, p, plans.Paid, p.Cost*9/10, end); err != nil {
			return err
		}
	}
	if err := b.svc.RecordFact(b.ctx, rtd, w.ente.ID, p.ID, service.FactInput{Kind: plans.FactFinish, On: end}); err != nil {
		return err
	}
	for _, x := range p.Effects {
		w.raised[x.Indicator] = max(w.raised[x.Indicator], surveys.Level(x.To))
	}
	return nil
}

func (b *builder) spend(w *walk, rtd auth.Actor, p plans.MicroProject, kind plans.ExpenseKind, cents plans.Cents, on plans.Date) error {
	on = earlier(on, plans.DateOf(b.Now.In(b.Rome)))
	b.on(on)
	return b.svc.AddExpense(b.ctx, rtd, w.ente.ID, p.ID, service.ExpenseInput{Kind: kind, Cents: cents, Date: on, Source: plans.Own, Note: "Dato dimostrativo"})
}

func later(a, b plans.Date) plans.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b plans.Date) plans.Date {
	if b.Before(a) {
		return b
	}
	return a
}
