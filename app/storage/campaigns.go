package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"traguardo/surveys"
)

// Campaign is a wave of the staff survey as it is kept.
type Campaign struct {
	surveys.Campaign
	Reminders     []string   // days of the reminders still to come, YYYY-MM-DD of Europe/Rome, in order
	ResultsSeen   bool       // somebody was shown what the wave found
	TextReviewer  surveys.ID // who reads the free texts before anybody else; "" while nobody is named
	TextSeed      string     // random, orders the free texts; empty while nobody is named
	TextsWithheld int        // free texts that the reviewer deleted
	ScheduledBy   surveys.ID // who ordered the opening at OpensAt; "" while nobody did
	Version       int64      // optimistic lock, 1 and up
	CreatedAt     time.Time
}

type campaignRow struct {
	ID              string `gorm:"primaryKey"`
	EnteID          string
	ProgrammeID     *string
	SeriesID        string
	Pairing         string
	Wave            string
	InstrumentHash  string
	ShortForm       bool
	Modules         string
	Threshold       int64
	PairsWith       *string
	OpensAt         int64
	ClosesAt        int64
	State           string
	Eligible        int64
	Projects        string
	Informativa     string
	UnionsNotice    string
	RpdOpinion      string
	Reminders       string
	TextReviewer    string
	TextSeed        string
	TextsWithheld   int64
	ScheduledBy     string
	Version         int64
	KeysConfirmedBy string
	CreatedAt       int64 `gorm:"autoCreateTime:false"`
	OpenedAt        *int64
	ClosedAt        *int64
	ResultsSeen     bool
}

func (campaignRow) TableName() string { return "campaigns" }

func (r campaignRow) campaign() Campaign {
	c := Campaign{Campaign: surveys.Campaign{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), ProgrammeID: surveys.ID(orEmpty(r.ProgrammeID)),
		SeriesID: surveys.ID(r.SeriesID), Wave: surveys.Wave(r.Wave), InstrumentHash: r.InstrumentHash, Short: r.ShortForm,
		Threshold: int(r.Threshold), Pairing: surveys.Pairing(r.Pairing), PairsWith: surveys.ID(orEmpty(r.PairsWith)), OpensAt: fromUnix(r.OpensAt),
		ClosesAt: fromUnix(r.ClosesAt), State: surveys.CampaignState(r.State), Eligible: int(r.Eligible), Informativa: r.Informativa,
		UnionsNotice: r.UnionsNotice, RPDOpinion: r.RpdOpinion, KeysConfirmed: surveys.ID(r.KeysConfirmedBy),
		OpenedAt: fromUnixOrZero(r.OpenedAt), ClosedAt: fromUnixOrZero(r.ClosedAt)},
		TextReviewer: surveys.ID(r.TextReviewer), TextSeed: r.TextSeed, TextsWithheld: int(r.TextsWithheld),
		ResultsSeen: r.ResultsSeen, ScheduledBy: surveys.ID(r.ScheduledBy), Version: r.Version, CreatedAt: fromUnix(r.CreatedAt)}
	for m := range strings.SplitSeq(r.Modules, ",") {
		if m != "" {
			c.Modules = append(c.Modules, surveys.Module(m))
		}
	}
	for d := range strings.SplitSeq(r.Reminders, ",") {
		if d != "" {
			c.Reminders = append(c.Reminders, d)
		}
	}
	// The column is written by campaignRowOf alone: what is there can be read.
	_ = json.Unmarshal([]byte(r.Projects), &c.Projects)
	return c
}

func campaignRowOf(c Campaign) (campaignRow, error) {
	modules := make([]string, 0, len(c.Modules))
	for _, m := range c.Modules {
		modules = append(modules, string(m))
	}
	projects, err := json.Marshal(append([]string{}, c.Projects...))
	if err != nil {
		return campaignRow{}, fmt.Errorf("encoding the projects of campaign %s: %w", c.ID, err)
	}
	return campaignRow{ID: c.ID.String(), EnteID: c.EnteID.String(), ProgrammeID: idOrNil(c.ProgrammeID), SeriesID: c.SeriesID.String(), Pairing: string(c.Pairing),
		Wave: string(c.Wave), InstrumentHash: c.InstrumentHash, ShortForm: c.Short, Modules: strings.Join(modules, ","), Threshold: int64(c.Threshold),
		PairsWith: idOrNil(c.PairsWith), OpensAt: unix(c.OpensAt), ClosesAt: unix(c.ClosesAt), State: string(c.State), Eligible: int64(c.Eligible),
		Projects: string(projects), Informativa: c.Informativa, UnionsNotice: c.UnionsNotice, RpdOpinion: c.RPDOpinion,
		Reminders: strings.Join(c.Reminders, ","), ScheduledBy: c.ScheduledBy.String(), Version: c.Version, KeysConfirmedBy: c.KeysConfirmed.String(), CreatedAt: unix(c.CreatedAt),
		TextReviewer: c.TextReviewer.String(), TextSeed: c.TextSeed, TextsWithheld: int64(c.TextsWithheld),
		OpenedAt: unixOrNil(c.OpenedAt), ClosedAt: unixOrNil(c.ClosedAt), ResultsSeen: c.ResultsSeen}, nil
}

// AddCampaign inserts a campaign as version 1. ErrConflict: the ente has one for this wave.
func (s *Store) AddCampaign(ctx context.Context, c Campaign) error {
	c.Version = 1
	row, err := campaignRowOf(c)
	if err != nil {
		return err
	}
	return translate(table[campaignRow](s.db).Create(ctx, &row), "adding campaign %s", c.ID)
}

// UpdateCampaign writes everything but ente, wave, series with its method and instrument, and
// counts the version up. ErrStale: it is not the version that c was read at.
func (s *Store) UpdateCampaign(ctx context.Context, c Campaign) error {
	old := c.Version
	c.Version++
	row, err := campaignRowOf(c)
	if err != nil {
		return err
	}
	n, err := table[campaignRow](s.db).Where("ente_id = ? AND id = ? AND version = ?", c.EnteID, c.ID, old).
		Select("short_form", "modules", "threshold", "opens_at", "closes_at", "state", "eligible", "projects", "informativa", "unions_notice",
			"rpd_opinion", "reminders", "text_reviewer", "text_seed", "texts_withheld", "scheduled_by", "version", "keys_confirmed_by", "opened_at", "closed_at").Updates(ctx, row)
	return one(n, err, ErrStale, "updating campaign %s", c.ID)
}

// RemoveCampaign deletes a campaign that was never opened, with its invitations.
// ErrNotFound when it is open or closed.
func (s *Store) RemoveCampaign(ctx context.Context, ente, id surveys.ID) error {
	n, err := table[campaignRow](s.db).Where("ente_id = ? AND id = ? AND state = 'draft'", ente, id).Delete(ctx)
	return one(n, err, ErrNotFound, "removing campaign %s", id)
}

// Campaign finds a campaign of an ente.
func (s *Store) Campaign(ctx context.Context, ente, id surveys.ID) (Campaign, error) {
	row, err := table[campaignRow](s.db).Where("ente_id = ? AND id = ?", ente, id).First(ctx)
	return row.campaign(), translate(err, "campaign %s of %s", id, ente)
}

// LockCampaign is Campaign for a transaction that will change its state: nobody
// submits, opens or closes until it ends.
func (s *Store) LockCampaign(ctx context.Context, ente, id surveys.ID) (Campaign, error) {
	row, err := table[campaignRow](s.db).Raw("SELECT * FROM campaigns WHERE ente_id = ? AND id = ?"+s.forUpdate(), ente, id).Take(ctx)
	return row.campaign(), translate(err, "campaign %s of %s", id, ente)
}

// ShareCampaign is Campaign for a transaction that submits an answer: its state
// cannot change until it ends, and other submissions go on.
func (s *Store) ShareCampaign(ctx context.Context, ente, id surveys.ID) (Campaign, error) {
	row, err := table[campaignRow](s.db).Raw("SELECT * FROM campaigns WHERE ente_id = ? AND id = ?"+s.forShare(), ente, id).Take(ctx)
	return row.campaign(), translate(err, "campaign %s of %s", id, ente)
}

// Campaigns lists the campaigns of an ente in the order of their opening hours.
func (s *Store) Campaigns(ctx context.Context, ente surveys.ID) ([]Campaign, error) {
	rows, err := table[campaignRow](s.db).Where("ente_id = ?", ente).Order("opens_at, id").Find(ctx)
	return mapRows(rows, campaignRow.campaign), translate(err, "campaigns of %s", ente)
}

// DueCampaigns lists, in all enti, drafts whose ordered hour of opening has come
// and open campaigns whose hour of closing has, or that have a reminder on a day up
// to remind (YYYY-MM-DD).
func (s *Store) DueCampaigns(ctx context.Context, now time.Time, remind string) ([]Campaign, error) {
	rows, err := table[campaignRow](s.db).Where("(state = 'draft' AND scheduled_by <> '' AND opens_at <= ?) OR (state = 'open' AND (closes_at <= ? OR (reminders <> '' AND substr(reminders, 1, 10) <= ?)))",
		unix(now), unix(now), remind).Order("closes_at, id").Find(ctx)
	return mapRows(rows, campaignRow.campaign), translate(err, "campaigns due")
}

// ProjectTitles lists the titles of the micro-progetti in an ente's plan, for EXP-01.
func (s *Store) ProjectTitles(ctx context.Context, ente surveys.ID) ([]string, error) {
	type titleRow struct{ Title string }
	rows, err := table[titleRow](s.db).Raw("SELECT DISTINCT title FROM micro_projects WHERE ente_id = ? AND included ORDER BY title", ente).Find(ctx)
	return mapRows(rows, func(r titleRow) string { return r.Title }), translate(err, "micro-progetti of %s", ente)
}
