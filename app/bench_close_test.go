package app_test

import (
	"crypto/sha256"
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"testing"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/pairing"
)

// BenchmarkClose closes a wave of 20,000 people who all answered the whole
// questionnaire: scoring, storing the result, deleting drafts, writing invitations
// and responses anew in random order. The budget of ARCHITECTURE.md is 3 s.
func BenchmarkClose(b *testing.B) {
	const people = 20_000
	for _, engine := range storagetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			s, err := app.Open(b.Context(), configFor(b, storagetest.URL(b, engine)), app.Build{}, slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() })
			o := newOpenSurvey(b, s, people, false)
			o.fill(b, people)
			b.ResetTimer()
			if err := s.Service.CloseCampaign(b.Context(), auth.SystemActor(), o.ente, o.campaign); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			b.ReportMetric(b.Elapsed().Seconds(), "close_20000_"+string(engine)+"_s")
			if n, err := o.store.CountResponses(b.Context(), o.ente, o.campaign); err != nil || n != people {
				b.Fatalf("after closing: %d responses, %v", n, err)
			}
		})
	}
}

// fill stores so many complete responses, by chance, without walking the pages.
func (o openSurvey) fill(b *testing.B, people int) {
	b.Helper()
	ctx := b.Context()
	in, err := instruments.STAFF()
	if err != nil {
		b.Fatal(err)
	}
	c, err := o.store.Campaign(ctx, o.ente, o.campaign)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	add := func(tx *storage.Store, from, to int) error {
		for i := from; i < to; i++ {
			set := []surveys.Form{surveys.FormA, surveys.FormB}[i%2]
			serving, err := surveys.NewServing(in, c.Spec(set, uint64(i), nil))
			if err != nil {
				return err
			}
			v := serving.NewVector()
			for _, p := range serving.Pages() {
				for _, it := range p.Items {
					if len(it.Choices) == 0 {
						continue
					}
					answer, err := in.ParseAnswer(it.Item, []string{it.Choices[r.IntN(len(it.Choices))].Field})
					if err != nil {
						return err
					}
					if err := serving.Set(v, it.Code, answer); err != nil {
						return err
					}
				}
			}
			row := storage.Response{ID: testID(b, "response "+string(binary.BigEndian.AppendUint32(nil, uint32(i)))), EnteID: o.ente, CampaignID: o.campaign,
				Pair: pairing.Hashes{Full: sha256.Sum256(binary.BigEndian.AppendUint32(nil, uint32(i)))}, Set: set, Vector: v}
			if err := tx.AddResponse(ctx, row, nil); err != nil {
				return err
			}
		}
		return nil
	}
	const part = 500
	for from := 0; from < people; from += part {
		if err := o.store.InTx(ctx, func(tx *storage.Store) error { return add(tx, from, min(from+part, people)) }); err != nil {
			b.Fatal(err)
		}
	}
}
