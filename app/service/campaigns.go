package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// ForecastRate is the share of answers for which the forecast is made, 0–1: an
// assumption, said on the page.
const ForecastRate = 0.7

// ToComplete marks what titolare and RPD still have to fill in in the informativa:
// a wave does not open while the text holds it.
const ToComplete = "[da completare"

// maxProjects is how many micro-progetti EXP-01 can name.
const maxProjects = 24

// CampaignRow is one line of the list of waves.
type CampaignRow struct {
	Campaign storage.Campaign
	Invited  int
}

// CampaignList is the waves of an ente, and what may be created.
type CampaignList struct {
	Place    Place
	Rows     []CampaignRow
	Staff    int            // in service now
	Free     []surveys.Wave // waves that have no campaign yet, in order
	Forecast []surveys.ForecastLine
	Versions []storage.InstrumentVersion // published versions of STAFF, the latest first; filled for the form
	Method   surveys.Pairing             // of the ex-ante's series, which a later wave goes on with; "" when it is still to be chosen
	Keeper   string                      // who keeps pairing keys outside the ente; empty where nobody does
}

// Campaigns lists the waves of the staff survey of an ente.
func (s *Service) Campaigns(ctx context.Context, actor auth.Actor, ente surveys.ID) (CampaignList, error) {
	p, err := s.Place(ctx, actor, ente, auth.CampaignView)
	if err != nil {
		return CampaignList{}, err
	}
	list, err := s.store.Campaigns(ctx, ente)
	if err != nil {
		return CampaignList{}, err
	}
	l := CampaignList{Place: p, Free: freeWaves(list)}
	for _, c := range list {
		l.Rows = append(l.Rows, CampaignRow{Campaign: c, Invited: c.Eligible})
	}
	if l.Staff, err = s.store.CountStaff(ctx, ente); err != nil {
		return CampaignList{}, err
	}
	l.Forecast, err = surveys.Forecast(l.Staff, ForecastRate)
	return l, err
}

func freeWaves(taken []storage.Campaign) []surveys.Wave {
	return slices.DeleteFunc([]surveys.Wave{surveys.ExAnte, surveys.Interim, surveys.ExPost}, func(w surveys.Wave) bool {
		return slices.ContainsFunc(taken, func(c storage.Campaign) bool { return c.Wave == w })
	})
}

// CampaignView is one wave as the people of its ente see it. It never tells more
// of the answers than the rounded rate.
type CampaignView struct {
	Place     Place
	Campaign  storage.Campaign
	Paired    *storage.Campaign // the wave that it is compared with
	Asked     string            // version of the questionnaire, as "MAT-STAFF 1.0"
	Others    bool              // the wave that it is compared with asked another version
	Keeper    string            // who keeps the pairing key outside the ente; empty with cards
	Staff     int               // in service now
	Mails     storage.MailState
	Rate      int // percent, rounded down to 10; only when RateShown
	RateShown bool
	DueKeys   []string // knowledge items past review_by on the day of opening
	Missing   []string // message keys of what still stands between a draft and its opening
	Forecast  []surveys.ForecastLine
	KeyOver   bool // closed, nothing of its series under way, and the pairing key still exists: it can be destroyed
	Anonymous bool // the pairing key was destroyed
	Now       time.Time
}

// Late reports whether the ordered hour of opening passed without the wave opening.
func (v CampaignView) Late() bool {
	return v.Campaign.State == surveys.CampaignDraft && v.Campaign.ScheduledBy != "" && !v.Now.Before(v.Campaign.OpensAt)
}

// Campaign shows one wave.
func (s *Service) Campaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (CampaignView, error) {
	p, err := s.Place(ctx, actor, ente, auth.CampaignView)
	if err != nil {
		return CampaignView{}, err
	}
	v := CampaignView{Place: p, Now: s.clock()}
	if v.Campaign, err = s.store.Campaign(ctx, ente, id); err != nil {
		return v, err
	}
	if v.Staff, err = s.store.CountStaff(ctx, ente); err != nil {
		return v, err
	}
	if v.Mails, err = s.store.MailState(ctx, ente, id); err != nil {
		return v, err
	}
	if v.Keeper, err = keeperOf(ctx, s.store, v.Campaign); err != nil {
		return v, err
	}
	if v.Campaign.PairsWith != "" {
		paired, err := s.store.Campaign(ctx, ente, v.Campaign.PairsWith)
		if err != nil {
			return v, err
		}
		v.Paired = &paired
	}
	in, err := s.instrument(ctx, s.store, v.Campaign.InstrumentHash)
	if err != nil {
		return v, err
	}
	v.Asked, v.Others = in.Version, v.Paired != nil && v.Paired.InstrumentHash != v.Campaign.InstrumentHash
	return v, s.fillState(ctx, &v)
}

// fillState adds what depends on where the wave stands.
func (s *Service) fillState(ctx context.Context, v *CampaignView) error {
	c := v.Campaign
	switch c.State {
	case surveys.CampaignDraft:
		in, err := s.instrument(ctx, s.store, c.InstrumentHash)
		if err != nil {
			return err
		}
		v.DueKeys = in.DueForReview(s.dayInRome(later(c.OpensAt, v.Now)))
		v.Missing = missing(c, v.Paired, v.Staff, v.Now)
		v.Forecast, err = surveys.Forecast(v.Staff, ForecastRate)
		return err
	case surveys.CampaignOpen:
		n, err := s.store.CountResponses(ctx, c.EnteID, c.ID)
		v.Rate, v.RateShown = privacy.OpenRate(n, c.Eligible)
		return err
	case surveys.CampaignClosed:
		series, err := s.store.Series(ctx, c.EnteID, c.SeriesID)
		if err != nil {
			return err
		}
		v.Anonymous = !series.Destroyed.IsZero()
		busy, err := seriesBusy(ctx, s.store, c)
		v.KeyOver = !v.Anonymous && !busy
		return err
	default:
		return fmt.Errorf("campaign %s: %w", c.ID, surveys.ErrState)
	}
}

// missing lists, as message keys, what keeps a draft from opening.
func missing(c storage.Campaign, paired *storage.Campaign, staff int, now time.Time) []string {
	var out []string
	add := func(wrong bool, key string) {
		if wrong {
			out = append(out, key)
		}
	}
	add(staff == 0, "campaign.missing_staff")
	add(strings.TrimSpace(c.Informativa) == "", "campaign.missing_informativa")
	add(strings.Contains(c.Informativa, ToComplete), "campaign.missing_complete")
	add(strings.TrimSpace(c.RPDOpinion) == "", "campaign.missing_opinion")
	add(!now.Before(c.ClosesAt), "campaign.missing_hours")
	add(paired != nil && paired.State != surveys.CampaignClosed, "campaign.missing_exante")
	add(staff > 0 && staff < surveys.MinFullForm && (len(c.Modules) > 0 || len(c.Projects) > 0), "campaign.missing_modules")
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// dayInRome is the calendar day of t, YYYY-MM-DD.
func (s *Service) dayInRome(t time.Time) string { return t.In(s.rome).Format(time.DateOnly) }

// staffInstruments keeps published versions that were read once: they never change.
type staffInstruments struct{ byHash sync.Map }

// instrument reads a published version, of STAFF or of MAT; it is shared: nobody may change it.
func (s *Service) instrument(ctx context.Context, st *storage.Store, hash string) (*surveys.Instrument, error) {
	if in, ok := s.staff.byHash.Load(hash); ok {
		if in, ok := in.(*surveys.Instrument); ok {
			return in, nil
		}
	}
	in, err := st.Instrument(ctx, hash)
	if err != nil {
		return nil, err
	}
	s.staff.byHash.Store(hash, in)
	return in, nil
}

// CampaignForm is what somebody types to prepare a wave. Days are YYYY-MM-DD and
// hours HH:MM of Europe/Rome.
type CampaignForm struct {
	Wave                               string
	Instrument                         string // hash of a published version; "" for that of the ex-ante, or the last one
	Pairing                            string // method of a new series; "" for that of the ex-ante, or the card
	OpensDay, OpensHour                string
	ClosesDay, ClosesHour              string
	Short                              bool
	Modules                            []string
	Threshold                          int
	Projects                           []string // titles for EXP-01
	Reminders                          []string // days of reminders to everybody, MaxReminders at most
	Informativa, UnionsNotice, Opinion string
}

// NewCampaign prepares the form of a new wave: the next free one, from next Monday
// for three weeks, the informativa of the instrument with what the law asks for and
// only titolare and RPD know.
func (s *Service) NewCampaign(ctx context.Context, actor auth.Actor, ente surveys.ID) (CampaignList, CampaignForm, error) {
	l, err := s.Campaigns(ctx, actor, ente)
	if err != nil {
		return l, CampaignForm{}, err
	}
	if !l.Place.Can(auth.CampaignEdit) {
		return l, CampaignForm{}, fmt.Errorf("new campaign in ente %s: %w", ente, auth.ErrForbidden)
	}
	if l.Versions, err = s.store.InstrumentVersions(ctx, surveys.CodeSTAFF); err != nil {
		return l, CampaignForm{}, err
	}
	if err := s.pairingChoice(ctx, &l); err != nil {
		return l, CampaignForm{}, err
	}
	f, err := s.freshForm()
	if err != nil {
		return l, CampaignForm{}, err
	}
	f.Threshold = l.Place.Ente.Threshold
	if len(l.Free) > 0 {
		f.Wave = string(l.Free[0])
		if l.Free[0] == surveys.Interim {
			f.Wave = string(l.Free[len(l.Free)-1])
		}
	}
	if l.Staff >= surveys.MinFullForm && f.Wave == string(surveys.ExPost) {
		f.Projects, err = s.store.ProjectTitles(ctx, ente)
		f.Projects = f.Projects[:min(len(f.Projects), maxProjects)]
	}
	return l, f, err
}

// freshForm is a form from next Monday for three weeks, with the proposed informativa.
func (s *Service) freshForm() (CampaignForm, error) {
	in, err := s.carried()
	if err != nil {
		return CampaignForm{}, err
	}
	block, _ := in.staff.Block("INF")
	monday := s.Today().AddDate(0, 0, 7-(int(s.Today().Weekday())+6)%7)
	return CampaignForm{OpensDay: monday.Format(time.DateOnly), OpensHour: "08:00", ClosesDay: monday.AddDate(0, 0, 18).Format(time.DateOnly), ClosesHour: "18:00",
		Informativa: block.Intro.IT + "\n\n" + s.texts.For("it").T("campaign.informativa_frame")}, nil
}

// CreateCampaign stores a new wave as a draft and returns its id.
func (s *Service) CreateCampaign(ctx context.Context, actor auth.Actor, ente surveys.ID, f CampaignForm) (surveys.ID, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	return id, s.changeIn(ctx, actor, ente, auth.CampaignEdit, func(tx *storage.Store, _ Place) (Change, error) {
		return s.addCampaign(ctx, tx, ente, id, "", f)
	})
}

// addCampaign stores a new wave of an ente as a draft, in the running transaction;
// programme is the one that asked for it, "" for none.
func (s *Service) addCampaign(ctx context.Context, tx *storage.Store, ente, id, programme surveys.ID, f CampaignForm) (Change, error) {
	staff, err := tx.CountStaff(ctx, ente)
	if err != nil {
		return Change{}, err
	}
	c := storage.Campaign{Campaign: surveys.Campaign{ID: id, EnteID: ente, State: surveys.CampaignDraft, Eligible: staff,
		Short: staff < surveys.MinFullForm}, CreatedAt: s.clock()}
	wave, err := surveys.ParseWave(f.Wave)
	if err != nil {
		return Change{}, Invalid("wave", "campaign.fault_wave")
	}
	c.Wave = wave
	if err := s.fillCampaign(&c, f, staff); err != nil {
		return Change{}, err
	}
	if err := s.attach(ctx, tx, &c, f); err != nil {
		return Change{}, err
	}
	if c.ProgrammeID == "" {
		c.ProgrammeID = programme
	}
	if err := c.Validate(); err != nil {
		return Change{}, err
	}
	if err := tx.AddCampaign(ctx, c); errors.Is(err, storage.ErrConflict) {
		return Change{}, Invalid("wave", "campaign.fault_wave_taken")
	} else if err != nil {
		return Change{}, err
	}
	return Change{Action: "campaign.create", Subject: "campaign:" + id.String(), Detail: map[string]string{"wave": string(wave)}}, nil
}

// fillCampaign reads what was typed into c and reports everything that is wrong.
func (s *Service) fillCampaign(c *storage.Campaign, f CampaignForm, staff int) error {
	var bad faults
	c.OpensAt = s.hour(&bad, "opens_day", f.OpensDay, f.OpensHour)
	c.ClosesAt = s.hour(&bad, "closes_day", f.ClosesDay, f.ClosesHour)
	if len(bad.list) == 0 && !c.OpensAt.Before(c.ClosesAt) {
		bad.add("closes_day", "campaign.fault_order")
	}
	if len(bad.list) == 0 && !s.clock().Before(c.ClosesAt) {
		bad.add("closes_day", "campaign.fault_past")
	}
	c.Reminders = s.reminderDays(&bad, f.Reminders, c.OpensAt, c.ClosesAt)
	if f.Threshold < surveys.MinThreshold || f.Threshold > 1000 {
		bad.add("threshold", "campaign.fault_threshold", "Min", surveys.MinThreshold)
	}
	c.Threshold = f.Threshold
	c.Short = f.Short || staff < surveys.MinFullForm
	c.Modules = nil
	for _, code := range f.Modules {
		if m, err := surveys.ParseModule(code); err != nil {
			bad.add("modules", "form.choice")
		} else if !slices.Contains(c.Modules, m) {
			c.Modules = append(c.Modules, m)
		}
	}
	if c.Short && len(c.Modules) > 0 {
		bad.add("modules", "campaign.fault_modules", "Min", surveys.MinFullForm)
	}
	c.Projects = f.Projects
	if len(c.Projects) > 0 && (c.Wave != surveys.ExPost || staff < surveys.MinFullForm) {
		bad.add("projects", "campaign.fault_projects", "Min", surveys.MinFullForm)
	}
	if len(c.Projects) > maxProjects || slices.ContainsFunc(c.Projects, func(p string) bool { return len(p) > 200 }) {
		bad.add("projects", "campaign.fault_projects_many")
	}
	c.Informativa, c.UnionsNotice, c.RPDOpinion = f.Informativa, f.UnionsNotice, f.Opinion
	for field, text := range map[string]string{"informativa": f.Informativa, "unions": f.UnionsNotice, "opinion": f.Opinion} {
		if len(text) > 20_000 {
			bad.add(field, "form.max", "Param", "20.000")
		}
	}
	return bad.err()
}

// hour reads a day and an hour of Europe/Rome.
func (s *Service) hour(bad *faults, field, day, clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, s.rome)
	if err != nil {
		bad.add(field, "campaign.fault_hour")
		return time.Time{}
	}
	return t.UTC()
}
