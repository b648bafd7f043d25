package service

import (
	"context"

	"traguardo/app/auth"
	"traguardo/surveys"
)

// StaffOptions is how a staff list is imported from the command line.
type StaffOptions struct {
	DryRun   bool
	MarkLeft bool // people whom the list lacks are no longer in service
}

// StaffReport says what the import of a staff list did, or would do.
type StaffReport struct {
	Kind      string        `json:"kind"`
	DryRun    bool          `json:"dry_run"`
	Imported  bool          `json:"imported"`
	Ente      string        `json:"ente"` // id
	Rows      int           `json:"rows"`
	Added     int           `json:"added"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Missing   []string      `json:"missing"` // addresses in service that the list lacks
	Offices   []string      `json:"offices"` // made at need
	Faults    []ImportFault `json:"faults"`
}

// ImportStaffFile imports the staff list of the ente with a code (IPA, ISTAT
// present or earlier, cadastral) or id. storage.ErrNotFound when there is none;
// faults in the report mean that nothing was written.
func (s *Service) ImportStaffFile(ctx context.Context, actor auth.Actor, code, text string, o StaffOptions) (StaffReport, error) {
	report := StaffReport{Kind: "staff", DryRun: o.DryRun, Missing: []string{}, Offices: []string{}, Faults: []ImportFault{}}
	ente, err := s.store.EnteByCode(ctx, code)
	if err != nil {
		return report, err
	}
	report.Ente = ente.ID.String()
	plan, err := s.PreviewStaff(ctx, actor, ente.ID, text)
	if FaultsOf(err) != nil {
		report.Faults = []ImportFault{{Rule: "unreadable"}}
		return report, nil
	}
	if err != nil {
		return report, err
	}
	for _, f := range plan.List.Faults {
		report.Faults = append(report.Faults, ImportFault{Line: f.Line, Column: string(f.Column), Rule: string(f.Code), Value: f.Value, Other: f.First})
	}
	report.Rows, report.Added, report.Changed, report.Unchanged = len(plan.List.Rows), len(plan.Joined), len(plan.Changed), plan.Stays
	report.Offices = append(report.Offices, plan.NewOffices...)
	var missing []surveys.ID
	for _, m := range plan.Missing {
		report.Missing = append(report.Missing, m.Email)
		missing = append(missing, m.ID)
	}
	if o.DryRun || len(report.Faults) > 0 {
		return report, nil
	}
	if !o.MarkLeft {
		missing = nil
	}
	if _, err := s.ImportStaff(ctx, actor, ente.ID, text, missing); err != nil {
		return report, err
	}
	report.Imported = true
	return report, nil
}
