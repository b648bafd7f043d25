package service

import (
	"context"
	"errors"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// StaffInput is what is typed of one employee.
type StaffInput struct {
	Email    string
	OfficeID surveys.ID // empty: without office
	Role     surveys.RoleFamily
}

// StaffPage is a page of the staff list.
type StaffPage struct {
	Place   Place
	Members []storage.StaffMember
	Total   int // that the filter finds
	Offices []storage.Office
	InAll   int // people in service, whatever the filter
}

// Staff lists a page of an ente's employees.
func (s *Service) Staff(ctx context.Context, actor auth.Actor, ente surveys.ID, f storage.StaffFilter) (StaffPage, error) {
	var out StaffPage
	var err error
	if out.Place, err = s.Place(ctx, actor, ente, auth.EnteEdit); err != nil {
		return out, err
	}
	if out.Offices, err = s.store.Offices(ctx, ente); err != nil {
		return out, err
	}
	if out.Members, out.Total, err = s.store.StaffPage(ctx, ente, f); err != nil {
		return out, err
	}
	states, err := s.store.ProgressOf(ctx, []surveys.ID{ente})
	if err == nil && len(states) == 1 {
		out.InAll = states[0].Staff
	}
	return out, err
}

// StaffMember reads one employee, for the page that changes it.
func (s *Service) StaffMember(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (Place, storage.StaffMember, []storage.Office, error) {
	p, err := s.Place(ctx, actor, ente, auth.EnteEdit)
	if err != nil {
		return p, storage.StaffMember{}, nil, err
	}
	m, err := s.store.StaffMember(ctx, ente, id)
	if err != nil {
		return p, m, nil, err
	}
	offices, err := s.store.Offices(ctx, ente)
	return p, m, offices, err
}

// AddStaffMember adds one employee to the list.
func (s *Service) AddStaffMember(ctx context.Context, actor auth.Actor, ente surveys.ID, in StaffInput) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		id, err := s.newID()
		if err != nil {
			return Change{}, err
		}
		m := storage.StaffMember{ID: id, EnteID: ente, JoinedOn: s.Today()}
		if m, err = s.checkStaff(ctx, tx, m, in); err != nil {
			return Change{}, err
		}
		return Change{Action: "staff.add", Subject: "staff:" + id.String()}, tx.AddStaff(ctx, m)
	})
}

// UpdateStaffMember changes address, office and role family of one employee.
func (s *Service) UpdateStaffMember(ctx context.Context, actor auth.Actor, ente, id surveys.ID, in StaffInput) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		m, err := tx.StaffMember(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if m, err = s.checkStaff(ctx, tx, m, in); err != nil {
			return Change{}, err
		}
		return Change{Action: "staff.update", Subject: "staff:" + id.String()}, tx.UpdateStaff(ctx, m)
	})
}

// checkStaff puts in into m, or says what is wrong with it.
func (s *Service) checkStaff(ctx context.Context, tx *storage.Store, m storage.StaffMember, in StaffInput) (storage.StaffMember, error) {
	var f faults
	email, ok := staffEmail(in.Email)
	if !ok {
		f.add("email", "form.email")
	}
	if in.OfficeID != "" {
		offices, err := tx.Offices(ctx, m.EnteID)
		if err != nil {
			return m, err
		}
		known := false
		for _, o := range offices {
			known = known || o.ID == in.OfficeID
		}
		if !known {
			f.add("ufficio", "form.choice")
		}
	}
	if _, err := surveys.ParseRoleFamily(string(in.Role)); err != nil {
		f.add("famiglia", "form.choice")
	}
	if ok {
		there, err := tx.StaffByEmail(ctx, m.EnteID, foldEmail(email))
		switch {
		case err == nil && there.ID != m.ID && !there.LeftOn.IsZero():
			f.add("email", "staff.email_left")
		case err == nil && there.ID != m.ID:
			f.add("email", "staff.email_taken")
		case err != nil && !errors.Is(err, storage.ErrNotFound):
			return m, err
		}
	}
	m.Email, m.EmailFolded, m.OfficeID, m.Role = email, foldEmail(email), in.OfficeID, in.Role
	return m, f.err()
}

// staffEmail holds one address to the rules of the staff list.
func staffEmail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "@") || strings.ContainsAny(s, "\t\r\n;,\"") {
		return "", false
	}
	list, err := surveys.ParseStaff(strings.NewReader(s + "\t-"))
	if err != nil || len(list.Faults) > 0 || len(list.Rows) != 1 {
		return "", false
	}
	return list.Rows[0].Email, true
}

// MarkStaffLeft notes that an employee is no longer in service, from today.
func (s *Service) MarkStaffLeft(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		m, err := tx.StaffMember(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if !m.LeftOn.IsZero() {
			return Change{}, surveys.ErrState
		}
		m.LeftOn = s.Today()
		return Change{Action: "staff.left", Subject: "staff:" + id.String()}, tx.UpdateStaff(ctx, m)
	})
}

// MarkStaffBack notes that an employee is in service again.
func (s *Service) MarkStaffBack(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		m, err := tx.StaffMember(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if m.LeftOn.IsZero() {
			return Change{}, surveys.ErrState
		}
		m.LeftOn, m.JoinedOn = time.Time{}, s.Today()
		return Change{Action: "staff.back", Subject: "staff:" + id.String()}, tx.UpdateStaff(ctx, m)
	})
}

// StaffChange is one person of a new list who is there already with other facts.
type StaffChange struct {
	Member    storage.StaffMember
	NewOffice string
	NewRole   surveys.RoleFamily
	Back      bool // had left, and is in service again
}

// StaffPlan is what a new list would do to the staff list.
type StaffPlan struct {
	Place      Place
	List       surveys.StaffList
	Joined     []surveys.StaffRow    // not there before
	Changed    []StaffChange         // there before, with another office or role family, or back in service
	Stays      int                   // there before, alike
	Missing    []storage.StaffMember // in service and not in the new list: they stay unless chosen
	NewOffices []string              // made at need, in the order of the list
}

// PreviewStaff reads a list (CSV or pasted text) and says row by row what is
// wrong and what it would change; nothing is written. InvalidError on field
// "elenco" when it cannot be read at all.
func (s *Service) PreviewStaff(ctx context.Context, actor auth.Actor, ente surveys.ID, text string) (StaffPlan, error) {
	p, err := s.Place(ctx, actor, ente, auth.EnteEdit)
	if err != nil {
		return StaffPlan{}, err
	}
	return s.staffPlan(ctx, s.store, p, text)
}

func (s *Service) staffPlan(ctx context.Context, st *storage.Store, p Place, text string) (StaffPlan, error) {
	plan := StaffPlan{Place: p}
	list, err := surveys.ParseStaff(strings.NewReader(text))
	if errors.Is(err, surveys.ErrInvalid) {
		return plan, Invalid("elenco", "staff.list_unreadable")
	}
	if err != nil {
		return plan, err
	}
	plan.List = list
	members, err := st.StaffMembers(ctx, p.Ente.ID)
	if err != nil {
		return plan, err
	}
	offices, err := st.Offices(ctx, p.Ente.ID)
	if err != nil {
		return plan, err
	}
	plan.compare(members, offices)
	return plan, nil
}

// compare sorts the rows of the list into joined, changed and staying, and the
// people that it lacks into missing.
func (p *StaffPlan) compare(members []storage.StaffMember, offices []storage.Office) {
	byEmail := make(map[string]storage.StaffMember, len(members))
	for _, m := range members {
		byEmail[m.EmailFolded] = m
	}
	known := map[string]bool{}
	for _, o := range offices {
		known[comune.Fold(o.Name)] = true
	}
	listed := map[string]bool{}
	for _, r := range p.List.Rows {
		key := foldEmail(r.Email)
		listed[key] = true
		if office := comune.Fold(r.Office); !known[office] {
			known[office] = true
			p.NewOffices = append(p.NewOffices, r.Office)
		}
		m, there := byEmail[key]
		switch {
		case !there:
			p.Joined = append(p.Joined, r)
		case !m.LeftOn.IsZero() || comune.Fold(m.Office) != comune.Fold(r.Office) || m.Role != roleOr(r.Role, m.Role):
			p.Changed = append(p.Changed, StaffChange{Member: m, NewOffice: r.Office, NewRole: roleOr(r.Role, m.Role), Back: !m.LeftOn.IsZero()})
		default:
			p.Stays++
		}
	}
	for _, f := range p.List.Faults { // whoever stands on a faulty line is not missing
		listed[foldEmail(f.Value)] = true
	}
	for _, m := range members {
		if m.LeftOn.IsZero() && !listed[m.EmailFolded] {
			p.Missing = append(p.Missing, m)
		}
	}
}

// roleOr keeps the role family known when the list has none.
func roleOr(listed, known surveys.RoleFamily) surveys.RoleFamily {
	if listed == surveys.RoleUnknown {
		return known
	}
	return listed
}

// ImportStaff carries out a list without faults, all or nothing; left are the
// people, among those it lacks, who are no longer in service. Offices are made at
// need. InvalidError on field "elenco" when the list has faults.
func (s *Service) ImportStaff(ctx context.Context, actor auth.Actor, ente surveys.ID, text string, left []surveys.ID) (StaffPlan, error) {
	var plan StaffPlan
	err := s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, p Place) (Change, error) {
		var err error
		if plan, err = s.staffPlan(ctx, tx, p, text); err != nil {
			return Change{}, err
		}
		if len(plan.List.Faults) > 0 {
			return Change{}, Invalid("elenco", "staff.list_faults", "Count", len(plan.List.Faults))
		}
		if err := s.writeStaff(ctx, tx, plan); err != nil {
			return Change{}, err
		}
		gone, err := s.leaveStaff(ctx, tx, plan, left)
		return Change{Action: "staff.import", Subject: "ente:" + ente.String(), Detail: map[string]int{"joined": len(plan.Joined),
			"changed": len(plan.Changed), "stays": plan.Stays, "left": gone, "offices": len(plan.NewOffices)}}, err
	})
	return plan, err
}

func (s *Service) writeStaff(ctx context.Context, tx *storage.Store, plan StaffPlan) error {
	ente := plan.Place.Ente.ID
	for _, name := range plan.NewOffices { // few: one statement each
		if _, err := s.addOffice(ctx, tx, ente, name); err != nil {
			return err
		}
	}
	offices, err := tx.Offices(ctx, ente)
	if err != nil {
		return err
	}
	byName := make(map[string]surveys.ID, len(offices))
	for _, o := range offices {
		byName[comune.Fold(o.Name)] = o.ID
	}
	joined := make([]storage.StaffMember, 0, len(plan.Joined))
	for _, r := range plan.Joined {
		id, err := s.newID()
		if err != nil {
			return err
		}
		joined = append(joined, storage.StaffMember{ID: id, EnteID: ente, Email: r.Email, EmailFolded: foldEmail(r.Email),
			OfficeID: byName[comune.Fold(r.Office)], Role: r.Role, JoinedOn: s.Today()})
	}
	if err := tx.AddStaff(ctx, joined...); err != nil {
		return err
	}
	for _, c := range plan.Changed {
		m := c.Member
		m.OfficeID, m.Role = byName[comune.Fold(c.NewOffice)], c.NewRole
		if c.Back {
			m.LeftOn, m.JoinedOn = time.Time{}, s.Today()
		}
		if err := tx.UpdateStaff(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// leaveStaff marks the chosen people as left; only those whom the list lacks can be.
func (s *Service) leaveStaff(ctx context.Context, tx *storage.Store, plan StaffPlan, left []surveys.ID) (int, error) {
	chosen := make(map[surveys.ID]bool, len(left))
	for _, id := range left {
		chosen[id] = true
	}
	n := 0
	for _, m := range plan.Missing {
		if !chosen[m.ID] {
			continue
		}
		m.LeftOn = s.Today()
		if err := tx.UpdateStaff(ctx, m); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
