package service_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
	"traguardo/surveys/pairing"
	"traguardo/surveys/scoring"
)

// cards are the pairing cards of n people, the same at each wave.
func cards(t *testing.T, n int) []string {
	t.Helper()
	source := rand.NewChaCha8([32]byte{9})
	out := make([]string, n)
	for i := range out {
		c, err := pairing.NewCard(source)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = c.Text()
	}
	return out
}

// wave opens a wave on a version ("" for the usual one), has everybody answer with
// their card, the same at every wave but for the items otherwise, and closes it.
func (o *office) wave(t *testing.T, e comune.Ente, wave surveys.Wave, version string, cards []string, otherwise ...string) surveys.ID {
	t.Helper()
	ctx, system := t.Context(), auth.SystemActor()
	day := func(n int) string { return o.clock.AddDate(0, 0, n).Format(time.DateOnly) }
	id, err := o.CreateCampaign(ctx, system, e.ID, service.CampaignForm{Wave: string(wave), Instrument: version, OpensDay: day(-1), OpensHour: "08:00",
		ClosesDay: day(5), ClosesHour: "18:00", Threshold: 5, Informativa: "Serve a programmare la formazione.", UnionsNotice: "Nota 2", Opinion: "Parere 1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.OpenCampaign(ctx, system, e.ID, id, service.Opening{AtOnce: true, Keys: service.KeysChecked}); err != nil {
		t.Fatal(err)
	}
	_, letters, err := o.Letters(ctx, system, e.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range letters {
		err := o.AnswerAtOnce(ctx, l.Link[strings.LastIndex(l.Link, "/")+1:], service.Whole{Card: cards[i], Answer: func(it surveys.ServedItem) []string {
			fields := make([]string, 0, len(it.Choices))
			for _, c := range it.Choices {
				fields = append(fields, c.Field)
			}
			if len(fields) == 0 {
				return nil
			}
			slices.Sort(fields) // the order of the choices differs by person and wave
			at := i + len(it.Code)
			if slices.Contains(otherwise, it.Code) && i%3 > 0 {
				at++
			}
			return []string{fields[at%len(fields)]}
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := o.CloseCampaign(ctx, system, e.ID, id); err != nil {
		t.Fatal(err)
	}
	return id
}

// people puts n employees on the staff list.
func (o *office) people(t *testing.T, e comune.Ente, n int) {
	t.Helper()
	for i := range n {
		mail := fmt.Sprintf("p%02d@%s.example", i, strings.ToLower(e.Name))
		var seed [32]byte
		copy(seed[:], mail)
		id, err := surveys.NewID(rand.NewChaCha8(seed))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.store.AddStaff(t.Context(), storage.StaffMember{ID: id, EnteID: e.ID, Email: mail, EmailFolded: mail, JoinedOn: o.clock.AddDate(-1, 0, 0)}); err != nil {
			t.Fatal(err)
		}
	}
}

// second is version 2.0 of STAFF with one anchor item reworded and one left out;
// anchor is one that stays the same.
func second(t *testing.T) (in *surveys.Instrument, reworded, anchor string) {
	t.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	in.Version = "2.0"
	dropped := ""
	for i := range in.Blocks {
		var kept []surveys.Item
		for _, it := range in.Blocks[i].Items {
			switch {
			case it.Form != surveys.FormX:
			case it.Area == surveys.PIA && reworded == "":
				it.Text.IT = "Un'altra domanda: " + it.Text.IT
				reworded = it.Code
			case it.Area == surveys.SIC && dropped == "":
				dropped = it.Code
				continue
			case it.Area == surveys.DOC:
				anchor = it.Code
			}
			kept = append(kept, it)
		}
		in.Blocks[i].Items = kept
	}
	if reworded == "" || dropped == "" || anchor == "" {
		t.Fatal("no anchor items to change")
	}
	in.Crosswalk = &surveys.Crosswalk{From: "1.0", Reworded: []string{reworded}, Dropped: []string{dropped}}
	return in, reworded, anchor
}

func TestPublishRefuses(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		in, reworded, _ := second(t)
		if _, err := o.PublishInstrument(ctx, auth.Actor{UserID: "x"}, in); !errors.Is(err, auth.ErrForbidden) {
			t.Errorf("somebody without a role: got %v", err)
		}
		in.Status = "retired"
		if _, err := o.PublishInstrument(ctx, system, in); !errors.Is(err, surveys.ErrState) {
			t.Errorf("retired: got %v", err)
		}
		in.Status = "active"
		in.Crosswalk.Reworded = nil
		if _, err := o.PublishInstrument(ctx, system, in); !errors.Is(err, surveys.ErrInvalid) || !strings.Contains(err.Error(), reworded) {
			t.Errorf("crosswalk that hides a change: got %v", err)
		}
		in.Code = "OTHER"
		if _, err := o.PublishInstrument(ctx, system, in); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("another code: got %v", err)
		}
		if versions, err := o.store.InstrumentVersions(ctx, surveys.CodeSTAFF); err != nil || len(versions) != 0 {
			t.Errorf("after refusals: got %v, %v", versions, err)
		}
	})
}

func TestASecondVersion(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		e, other, late, staff := o.ente(t, "Alfa"), o.ente(t, "Beta"), o.ente(t, "Gamma"), 32
		mine := cards(t, staff)
		for _, ente := range []comune.Ente{e, other} {
			o.people(t, ente, staff)
			o.wave(t, ente, surveys.ExAnte, "", mine)
		}
		o.people(t, late, staff)
		before, err := o.store.Result(ctx, e.ID, surveys.ExAnte, storage.ResultStaff)
		if err != nil {
			t.Fatal(err)
		}
		in, reworded, anchor := second(t)
		p, err := o.PublishInstrument(ctx, system, in)
		if err != nil || !p.New {
			t.Fatalf("got %+v, %v", p, err)
		}
		if again, err := o.PublishInstrument(ctx, system, in); err != nil || again.New || again.Hash != p.Hash {
			t.Errorf("twice: got %+v, %v", again, err)
		}
		in.Title.IT += " (altro)"
		if _, err := o.PublishInstrument(ctx, system, in); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("another content under 2.0: got %v", err)
		}
		after, err := o.store.Result(ctx, e.ID, surveys.ExAnte, storage.ResultStaff)
		if err != nil || !bytes.Equal(before.Body, after.Body) || before.DataHash != after.DataHash {
			t.Errorf("the result of the first version changed: %v", err)
		}

		if _, err := o.CreateCampaign(ctx, system, e.ID, service.CampaignForm{Wave: "expost", Instrument: strings.Repeat("0", 64), OpensDay: "2026-11-22",
			OpensHour: "08:00", ClosesDay: "2026-12-01", ClosesHour: "18:00", Threshold: 5}); err == nil {
			t.Error("a version that was never published was taken")
		}
		// A new ente begins on the last version.
		id := o.wave(t, late, surveys.ExAnte, "", mine)
		if c, err := o.store.Campaign(ctx, late.ID, id); err != nil || c.InstrumentHash != p.Hash {
			t.Errorf("new wave: got version %s, %v, want the last one %s", c.InstrumentHash, err, p.Hash)
		}
		// Both enti change on an anchor that is the same in the two versions; only the
		// first also on the reworded one. Their comparisons must not differ.
		o.clock = o.clock.AddDate(0, 6, 0)
		o.wave(t, e, surveys.ExPost, p.Hash, mine, anchor, reworded)
		o.wave(t, other, surveys.ExPost, p.Hash, mine, anchor)
		first, second := o.anchors(t, e), o.anchors(t, other)
		if first.Mean == nil || *first.Mean == 0 || first.N != staff || second.Mean == nil || *first.Mean != *second.Mean {
			t.Errorf("change on the anchors: got %+v and %+v, want the same, not zero, over %d pairs", first, second, staff)
		}
	})
}

// anchors is the stored change of an ente on the anchors overall.
func (o *office) anchors(t *testing.T, e comune.Ente) scoring.MeasureChange {
	t.Helper()
	stored, err := o.store.Result(t.Context(), e.ID, surveys.ExPost, storage.ResultStaffChange)
	if err != nil {
		t.Fatal(err)
	}
	var change scoring.ChangeResult
	if err := json.Unmarshal(stored.Body, &change); err != nil {
		t.Fatal(err)
	}
	m, ok := change.Measure(scoring.Anchors, "", "")
	if !ok {
		t.Fatal("no change on the anchors")
	}
	return m
}
