package surveys_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"traguardo/surveys"
)

var rome = time.FixedZone("CET", 3600)

func at(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, rome) }

// draft is a campaign that may be opened from 23 November at 9 to 30 November at 18.
func draft() surveys.Campaign {
	return surveys.Campaign{
		ID: "c", EnteID: "e", SeriesID: "s", Wave: surveys.ExAnte, InstrumentHash: strings.Repeat("0a", 32),
		Threshold: 5, Pairing: surveys.PairingCard, OpensAt: at(23, 9), ClosesAt: at(30, 18), State: surveys.CampaignDraft,
		Eligible: 60, Informativa: "La rilevazione serve a programmare la formazione.", RPDOpinion: "prot. 12 del 02/11/2026",
	}
}

func TestCampaignValidate(t *testing.T) {
	t.Parallel()
	ok := draft()
	if err := ok.Validate(); err != nil {
		t.Fatalf("a good campaign: %v", err)
	}
	for _, c := range []struct {
		name string
		edit func(*surveys.Campaign)
		want string
	}{
		{"no id", func(c *surveys.Campaign) { c.ID = "" }, "without id"},
		{"no series", func(c *surveys.Campaign) { c.SeriesID = "" }, "without series"},
		{"wave", func(c *surveys.Campaign) { c.Wave = "x" }, "wave \"x\""},
		{"state", func(c *surveys.Campaign) { c.State = "x" }, "state \"x\""},
		{"hash", func(c *surveys.Campaign) { c.InstrumentHash = strings.Repeat("zz", 32) }, "instrument hash"},
		{"threshold 4", func(c *surveys.Campaign) { c.Threshold = 4 }, "threshold 4"},
		{"hours", func(c *surveys.Campaign) { c.ClosesAt = c.OpensAt }, "opens at"},
		{"itself", func(c *surveys.Campaign) { c.Wave, c.PairsWith = surveys.ExPost, "c" }, "cannot be compared"},
		{"ex-ante paired", func(c *surveys.Campaign) { c.PairsWith = "d" }, "cannot be compared"},
		{"code on its own", func(c *surveys.Campaign) { c.Pairing = surveys.PairingCode }, "where a programme holds the key"},
		{"link on its own", func(c *surveys.Campaign) { c.Pairing = surveys.PairingLink }, "where a programme holds the key"},
		{"pairing", func(c *surveys.Campaign) { c.Pairing = "x" }, "pairing \"x\""},
		{"29 people, full form", func(c *surveys.Campaign) { c.Eligible = 29 }, "short form is the only one"},
		{"29 people, modules", func(c *surveys.Campaign) {
			c.Eligible, c.Short, c.Modules = 29, true, []surveys.Module{surveys.ModuleBEH}
		}, "no modules under 30"},
		{"short, modules", func(c *surveys.Campaign) { c.Short, c.Modules = true, []surveys.Module{surveys.ModuleBEH} }, "not part of the short form"},
		{"module twice", func(c *surveys.Campaign) { c.Modules = []surveys.Module{surveys.ModuleBEH, surveys.ModuleBEH} }, "named twice"},
		{"projects ex-ante", func(c *surveys.Campaign) { c.Projects = []string{"a"} }, "ex-post only"},
		{"25 projects", func(c *surveys.Campaign) {
			c.Wave = surveys.ExPost
			for i := range 25 {
				c.Projects = append(c.Projects, fmt.Sprint(i))
			}
		}, "25 micro-progetti"},
		{"project twice", func(c *surveys.Campaign) { c.Wave, c.Projects = surveys.ExPost, []string{"a", "a"} }, "named twice"},
		{"minus one", func(c *surveys.Campaign) { c.Eligible, c.Short = -1, true }, "-1 eligible"},
	} {
		campaign := draft()
		c.edit(&campaign)
		if err := campaign.Validate(); !errors.Is(err, surveys.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", c.name, err, c.want)
		}
		campaign.State = surveys.CampaignDraft
		if err := campaign.Open(at(24, 9)); err == nil && c.name != "state" {
			t.Errorf("%s: opened all the same", c.name)
		}
	}
}

func TestCampaignLife(t *testing.T) {
	t.Parallel()
	c := draft()
	step := func(name string, got, want error) {
		t.Helper()
		if !errors.Is(got, want) {
			t.Errorf("%s: got %v want %v", name, got, want)
		}
	}
	step("answer to a draft", c.Accepts(at(24, 9)), surveys.ErrNotOpen)
	step("close a draft", c.Close(at(24, 9)), surveys.ErrNotOpen)
	step("open before the hour", c.Open(at(23, 8)), surveys.ErrNotOpen)
	step("open at the hour", c.Open(at(23, 9)), nil)
	step("open twice", c.Open(at(23, 9)), surveys.ErrState)
	step("change eligible staff", c.SetEligible(70), surveys.ErrState)
	step("answer at the hour", c.Accepts(at(23, 9)), nil)
	step("answer before the hour", c.Accepts(at(23, 8)), surveys.ErrNotOpen)
	step("answer a nanosecond before the end", c.Accepts(at(30, 18).Add(-1)), nil)
	step("answer at the end", c.Accepts(at(30, 18)), surveys.ErrClosed)
	step("close early", c.Close(at(25, 12)), nil)
	step("close twice", c.Close(at(25, 12)), surveys.ErrClosed)
	step("answer to a closed wave", c.Accepts(at(25, 13)), surveys.ErrClosed)
	step("open a closed wave", c.Open(at(25, 13)), surveys.ErrClosed)
	if !c.OpenedAt.Equal(at(23, 9)) || !c.ClosedAt.Equal(at(25, 12)) {
		t.Errorf("opened %v closed %v", c.OpenedAt, c.ClosedAt)
	}
	late := draft()
	step("open after the end", late.Open(at(30, 18)), surveys.ErrClosed)
	for name, edit := range map[string]func(*surveys.Campaign){
		"nobody": func(c *surveys.Campaign) { c.Eligible, c.Short = 0, true }, "no informativa": func(c *surveys.Campaign) { c.Informativa = " " },
		"no opinion": func(c *surveys.Campaign) { c.RPDOpinion = "" },
	} {
		c := draft()
		edit(&c)
		step(name, c.Open(at(24, 9)), surveys.ErrInvalid)
		if c.State != surveys.CampaignDraft {
			t.Errorf("%s: a refused opening left the state %s", name, c.State)
		}
	}
}

func TestSetEligible(t *testing.T) {
	t.Parallel()
	c := draft()
	if err := c.SetEligible(29); err != nil || !c.Short || !c.Small() {
		t.Errorf("29 people: %v, short %v", err, c.Short)
	}
	if err := c.SetEligible(30); err != nil || !c.Short || c.Small() {
		t.Errorf("30 people: %v, short %v: what was chosen stays", err, c.Short)
	}
	m := draft()
	m.Modules = []surveys.Module{surveys.ModuleREC}
	if err := m.SetEligible(29); !errors.Is(err, surveys.ErrInvalid) || m.Eligible != 60 || m.Short {
		t.Errorf("modules on: %v, eligible %d", err, m.Eligible)
	}
	if err := m.SetEligible(-1); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("-1 people: %v", err)
	}
}

func TestSpecOfCampaign(t *testing.T) {
	t.Parallel()
	in := staff(t)
	for _, eligible := range []int{6, 29, 30, 400} {
		c := draft()
		if err := c.SetEligible(eligible); err != nil {
			t.Fatal(err)
		}
		s, err := surveys.NewServing(in, c.Spec(surveys.FormA, 1, nil))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Asked("P-01"), eligible >= 30; got != want {
			t.Errorf("%d eligible: profile asked %v want %v", eligible, got, want)
		}
		if got, want := s.Asked("K-PIA-04"), eligible >= 30; got != want {
			t.Errorf("%d eligible: rotated item asked %v want %v", eligible, got, want)
		}
	}
}

func TestForecast(t *testing.T) {
	t.Parallel()
	shown := func(eligible int, rate float64) string {
		lines, err := surveys.Forecast(eligible, rate)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, l := range lines {
			if l.Shown {
				out = append(out, string(l.What))
			}
			if l.Shown != (l.Have >= l.Needs) || l.Unit == "" || l.Needs == 0 {
				t.Errorf("%d at %g: line %+v contradicts itself", eligible, rate, l)
			}
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		eligible int
		rate     float64
		want     string
	}{
		{0, 1, ""}, {6, 1, ""}, {9, 1, ""},
		{10, 0, "rate_open"},
		{10, 0.5, "rate_open report means"},
		{10, 0.7, "rate_open report means"}, // 7 answers, 4.9 pairs
		{10, 0.8, "rate_open report means change test"},
		{10, 1, "rate_open report means distributions change test"},
		{27, 0.8, "rate_open report means distributions change test power"},
		{30, 0.3, "rate_open report means full_form modules"},
		{30, 1, "rate_open report means distributions full_form modules breakdown free_text reliability change test power"},
		{400, 0.6, "rate_open report means distributions full_form modules breakdown free_text reliability change test power"},
	} {
		if got := shown(c.eligible, c.rate); got != c.want {
			t.Errorf("%d at %g: got %q want %q", c.eligible, c.rate, got, c.want)
		}
	}
	for _, bad := range []float64{-0.1, 1.1} {
		if _, err := surveys.Forecast(10, bad); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("rate %g: got %v", bad, err)
		}
	}
	if _, err := surveys.Forecast(-1, 0.5); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("-1 people: got %v", err)
	}
}

// TestForecastGrows: more people or a higher rate never take anything away.
func TestForecastGrows(t *testing.T) {
	t.Parallel()
	before := map[int][]surveys.ForecastLine{}
	for eligible := range 120 {
		for rate := range 21 {
			lines, err := surveys.Forecast(eligible, float64(rate)/20)
			if err != nil {
				t.Fatal(err)
			}
			for i, l := range lines {
				if fewer := before[rate]; fewer != nil && fewer[i].Shown && !l.Shown {
					t.Errorf("%s: shown with %d people, not with %d", l.What, eligible-1, eligible)
				}
				if lower := before[rate-1]; lower != nil && lower[i].Shown && !l.Shown {
					t.Errorf("%s: shown at a lower rate, not with %d at %d/20", l.What, eligible, rate)
				}
			}
			before[rate] = lines
		}
	}
}

func TestCampaignReopen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	c := surveys.Campaign{ID: "c", State: surveys.CampaignClosed, ClosesAt: now.Add(-time.Hour), ClosedAt: now.Add(-time.Hour)}
	if err := c.Reopen(now, now); !errors.Is(err, surveys.ErrInvalid) || c.State != surveys.CampaignClosed {
		t.Errorf("until now: got %v, %s, want ErrInvalid and no change", err, c.State)
	}
	if err := c.Reopen(now, now.Add(time.Hour)); err != nil || c.State != surveys.CampaignOpen || !c.ClosedAt.IsZero() || !c.ClosesAt.Equal(now.Add(time.Hour)) {
		t.Errorf("got %v, %+v, want an open wave of another hour", err, c)
	}
	if err := c.Reopen(now, now.Add(2*time.Hour)); !errors.Is(err, surveys.ErrState) {
		t.Errorf("an open one: got %v, want ErrState", err)
	}
}
