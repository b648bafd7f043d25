package storage

import (
	"context"

	"traguardo/surveys"
)

// releasedTextRow is a free text that its reviewer let be shown.
type releasedTextRow responseTextRow

func (releasedTextRow) TableName() string { return "released_texts" }

// TextCounts is how many responses and free texts a campaign has.
type TextCounts struct {
	Responses int
	Unread    int // texts that the reviewer has not decided on
	Released  int
}

// TextCounts counts responses and texts of a campaign in one query.
func (s *Store) TextCounts(ctx context.Context, ente, campaign surveys.ID) (TextCounts, error) {
	type countRow struct{ Responses, Unread, Released int64 }
	row, err := table[countRow](s.db).Raw(`SELECT
		(SELECT COUNT(*) FROM responses WHERE ente_id = ? AND campaign_id = ?) AS responses,
		(SELECT COUNT(*) FROM response_texts WHERE ente_id = ? AND campaign_id = ?) AS unread,
		(SELECT COUNT(*) FROM released_texts WHERE ente_id = ? AND campaign_id = ?) AS released`,
		ente, campaign, ente, campaign, ente, campaign).Take(ctx)
	return TextCounts{Responses: int(row.Responses), Unread: int(row.Unread), Released: int(row.Released)}, translate(err, "counting texts of campaign %s", campaign)
}

// UnreadTexts lists the free texts that nobody has decided on, by id. For the
// named reviewer only.
func (s *Store) UnreadTexts(ctx context.Context, ente, campaign surveys.ID) ([]ResponseText, error) {
	rows, err := table[responseTextRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Order("id").Find(ctx)
	return mapRows(rows, responseTextRow.text), translate(err, "unread texts of campaign %s", campaign)
}

// ReleasedTexts lists the free texts that may be shown, by id.
func (s *Store) ReleasedTexts(ctx context.Context, ente, campaign surveys.ID) ([]ResponseText, error) {
	rows, err := table[releasedTextRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Order("id").Find(ctx)
	return mapRows(rows, func(r releasedTextRow) ResponseText { return responseTextRow(r).text() }), translate(err, "released texts of campaign %s", campaign)
}

func (r responseTextRow) text() ResponseText {
	return ResponseText{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), CampaignID: surveys.ID(r.CampaignID), Item: r.Item, Body: r.Body}
}

// ReleaseText moves an unread text to those that may be shown, in the wording of
// t.Body: the one that was written is gone. ErrNotFound: it is not unread.
func (s *Store) ReleaseText(ctx context.Context, t ResponseText) error {
	n, err := table[responseTextRow](s.db).Where("ente_id = ? AND campaign_id = ? AND id = ?", t.EnteID, t.CampaignID, t.ID).Delete(ctx)
	if err := one(n, err, ErrNotFound, "releasing a text of campaign %s", t.CampaignID); err != nil {
		return err
	}
	row := releasedTextRow{ID: t.ID.String(), EnteID: t.EnteID.String(), CampaignID: t.CampaignID.String(), Item: t.Item, Body: t.Body}
	return translate(table[releasedTextRow](s.db).Create(ctx, &row), "releasing a text of campaign %s", t.CampaignID)
}

// RemoveText deletes a text, unread or released. ErrNotFound: there is none.
func (s *Store) RemoveText(ctx context.Context, ente, campaign, id surveys.ID) error {
	const where = "ente_id = ? AND campaign_id = ? AND id = ?"
	unread, err := table[responseTextRow](s.db).Where(where, ente, campaign, id).Delete(ctx)
	if err != nil || unread > 0 {
		return translate(err, "withholding a text of campaign %s", campaign)
	}
	n, err := table[releasedTextRow](s.db).Where(where, ente, campaign, id).Delete(ctx)
	return one(n, err, ErrNotFound, "withholding a text of campaign %s", campaign)
}

// MarkTextsSeen notes that somebody read texts of a closed campaign: it is never
// opened again.
func (s *Store) MarkTextsSeen(ctx context.Context, ente, campaign surveys.ID) error {
	return s.markSeen(ctx, []string{ente.String()}, []string{campaign.String()})
}
