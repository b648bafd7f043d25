package storage

import (
	"context"

	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// Draft is what somebody has answered so far, encrypted under a key that only the
// link holds. Key is derived from the link too: the draft joins with no person.
type Draft struct {
	Key        surveys.ID
	EnteID     surveys.ID
	CampaignID surveys.ID
	Version    int64 // 1 and up
	Sealed     []byte
}

type draftRow struct {
	DraftKey   []byte `gorm:"primaryKey"`
	EnteID     string
	CampaignID string
	Version    int64
	Sealed     []byte
}

func (draftRow) TableName() string { return "drafts" }

// Draft finds a draft. ErrNotFound: nothing was saved yet.
func (s *Store) Draft(ctx context.Context, ente, campaign, key surveys.ID) (Draft, error) {
	row, err := table[draftRow](s.db).Where("ente_id = ? AND campaign_id = ? AND draft_key = ?", ente, campaign, []byte(key)).First(ctx)
	return Draft{Key: key, EnteID: ente, CampaignID: campaign, Version: row.Version, Sealed: row.Sealed}, translate(err, "draft")
}

// SaveDraft stores d over version d.Version and counts it up; version 0 inserts.
// ErrStale: somebody saved in between, and nothing was written.
func (s *Store) SaveDraft(ctx context.Context, d Draft) (version int64, err error) {
	if d.Version == 0 {
		row := draftRow{DraftKey: []byte(d.Key), EnteID: d.EnteID.String(), CampaignID: d.CampaignID.String(), Version: 1, Sealed: d.Sealed}
		n, err := s.insertOnce(ctx, &row)
		return 1, one(n, err, ErrStale, "starting a draft")
	}
	n, err := table[draftRow](s.db).Where("ente_id = ? AND campaign_id = ? AND draft_key = ? AND version = ?", d.EnteID, d.CampaignID, []byte(d.Key), d.Version).
		Select("version", "sealed").Updates(ctx, draftRow{Version: d.Version + 1, Sealed: d.Sealed})
	return d.Version + 1, one(n, err, ErrStale, "saving a draft")
}

// insertOnce inserts a draft unless there is one, and tells how many rows it wrote.
func (s *Store) insertOnce(ctx context.Context, row *draftRow) (int, error) {
	// The bytes do not come first: GORM takes a list right after a parenthesis for IN (…).
	res := s.db.WithContext(ctx).Exec(`INSERT INTO drafts (ente_id, campaign_id, version, draft_key, sealed) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, row.EnteID, row.CampaignID, row.Version, row.DraftKey, row.Sealed)
	return int(res.RowsAffected), res.Error
}

// RemoveDraft deletes a draft; none is no error.
func (s *Store) RemoveDraft(ctx context.Context, ente, campaign, key surveys.ID) error {
	_, err := table[draftRow](s.db).Where("ente_id = ? AND campaign_id = ? AND draft_key = ?", ente, campaign, []byte(key)).Delete(ctx)
	return translate(err, "removing a draft")
}

// RemoveDrafts deletes every draft of a campaign.
func (s *Store) RemoveDrafts(ctx context.Context, ente, campaign surveys.ID) error {
	_, err := table[draftRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Delete(ctx)
	return translate(err, "removing the drafts of campaign %s", campaign)
}

// Response is one submitted answer sheet. It knows the campaign and nothing of
// the person, and no time.
type Response struct {
	ID         surveys.ID // random
	EnteID     surveys.ID
	CampaignID surveys.ID
	Pair       pairing.Hashes // keyed hashes of the card, code or pseudonym; zero when none was given
	Set        surveys.Form   // rotated knowledge set; FormNone in the short form
	Vector     surveys.Vector
}

type responseRow struct {
	ID         string `gorm:"primaryKey"`
	EnteID     string
	CampaignID string
	PairHash   []byte
	PairMasked []byte
	Form       string
	Vector     []byte
}

func (responseRow) TableName() string { return "responses" }

func (r responseRow) response() Response {
	out := Response{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), CampaignID: surveys.ID(r.CampaignID), Set: surveys.Form(r.Form), Vector: r.Vector}
	copy(out.Pair.Full[:], r.PairHash)
	for m, rest := 0, r.PairMasked; m < pairing.Elements && len(rest) > 0; m++ {
		rest = rest[copy(out.Pair.Masked[m][:], rest):]
	}
	return out
}

// ResponseText is one free text, kept apart from the response it came with.
type ResponseText struct {
	ID         surveys.ID // random, shared with nothing
	EnteID     surveys.ID
	CampaignID surveys.ID
	Item       string
	Body       string
}

type responseTextRow struct {
	ID         string `gorm:"primaryKey"`
	EnteID     string
	CampaignID string
	Item       string
	Body       string
}

func (responseTextRow) TableName() string { return "response_texts" }

// AddResponse inserts a response and its free texts.
func (s *Store) AddResponse(ctx context.Context, r Response, texts []ResponseText) error {
	row := responseRow{ID: r.ID.String(), EnteID: r.EnteID.String(), CampaignID: r.CampaignID.String(), Form: string(r.Set), Vector: r.Vector}
	if !r.Pair.Full.IsZero() {
		row.PairHash = r.Pair.Full[:]
	}
	if !r.Pair.Masked[0].IsZero() {
		for _, h := range r.Pair.Masked {
			row.PairMasked = append(row.PairMasked, h[:]...)
		}
	}
	if err := table[responseRow](s.db).Create(ctx, &row); err != nil {
		return translate(err, "adding a response")
	}
	if len(texts) == 0 {
		return nil
	}
	rows := mapRows(texts, func(t ResponseText) responseTextRow {
		return responseTextRow{ID: t.ID.String(), EnteID: t.EnteID.String(), CampaignID: t.CampaignID.String(), Item: t.Item, Body: t.Body}
	})
	return translate(table[responseTextRow](s.db).CreateInBatches(ctx, &rows, batch), "adding texts of a response")
}

// Responses lists the responses of a campaign by id. For scoring only.
func (s *Store) Responses(ctx context.Context, ente, campaign surveys.ID) ([]Response, error) {
	rows, err := table[responseRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Order("id").Find(ctx)
	return mapRows(rows, responseRow.response), translate(err, "responses of campaign %s", campaign)
}

// CountResponses counts the responses of a campaign. While it is open only
// privacy.OpenRate of it may be told.
func (s *Store) CountResponses(ctx context.Context, ente, campaign surveys.ID) (int, error) {
	n, err := table[responseRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Count(ctx, "id")
	return int(n), translate(err, "counting responses of campaign %s", campaign)
}

// ShuffleCampaign writes invitations, responses and texts of a campaign anew, each
// table in the order of its random ids and all in the running transaction: from
// then on neither the place of a row nor the mark of the transaction that wrote it
// tells which response came with which invitation. The links' secrets are erased:
// no letter or reminder needs them any more.
func (s *Store) ShuffleCampaign(ctx context.Context, ente, campaign surveys.ID) error {
	for _, t := range []struct{ name, change string }{
		{"invitations", "UPDATE moving_invitations SET secret_wrapped = ?"}, {"responses", ""}, {"response_texts", ""},
	} {
		if err := s.rewrite(ctx, t.name, t.change, ente, campaign); err != nil {
			return translate(err, "rewriting %s of campaign %s", t.name, campaign)
		}
	}
	return nil
}

// rewrite writes the rows of a campaign in one table anew by id, inside the
// database: out into a temporary table, where change may empty a column, and back.
func (s *Store) rewrite(ctx context.Context, name, change string, ente, campaign surveys.ID) error {
	const where = " WHERE ente_id = ? AND campaign_id = ?"
	db, moving := s.db.WithContext(ctx), "moving_"+name
	run := func(sql string, args ...any) error { return db.Exec(sql, args...).Error }
	if err := run("CREATE TEMPORARY TABLE " + moving + " AS SELECT * FROM " + name + " WHERE 1 = 0"); err != nil {
		return err
	}
	if err := run("INSERT INTO "+moving+" SELECT * FROM "+name+where, ente, campaign); err != nil {
		return err
	}
	if change != "" {
		if err := run(change, []byte{}); err != nil {
			return err
		}
	}
	if err := run("DELETE FROM "+name+where, ente, campaign); err != nil {
		return err
	}
	if err := run("INSERT INTO " + name + " SELECT * FROM " + moving + " ORDER BY id"); err != nil {
		return err
	}
	return run("DROP TABLE " + moving)
}
