package app_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

const invitedPeople = 60

// openSurvey stores a fictitious ente with sixty employees, and an open wave of
// the short questionnaire; it returns the personal links.
type openSurvey struct {
	store          *storage.Store
	ente, campaign surveys.ID
	links          []string // paths
}

func newOpenSurvey(t testing.TB, a *app.App, people int, short bool) openSurvey {
	t.Helper()
	ctx, now := t.Context(), time.Now().Truncate(time.Second)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	o := openSurvey{store: a.Store, ente: testID(t, "ente")}
	must(a.Store.AddEnte(ctx, comune.Ente{ID: o.ente, Name: "Roccaverde", Population: 9400, Fictitious: true, PTIEdition: "2024-2026-agg-2026",
		Region: "Toscana", Province: "Siena", ProvinceSigla: "SI", Threshold: 5}, now))
	var staff []storage.StaffMember
	for i := range people {
		mail := fmt.Sprintf("persona%04d@comune.example", i)
		staff = append(staff, storage.StaffMember{ID: testID(t, mail), EnteID: o.ente, Email: mail, EmailFolded: mail, JoinedOn: now.AddDate(-1, 0, 0)})
	}
	must(a.Store.AddStaff(ctx, staff...))
	system := auth.Actor{System: true}
	var err error
	o.campaign, err = a.Service.CreateCampaign(ctx, system, o.ente, service.CampaignForm{Wave: "exante", OpensDay: now.Format(time.DateOnly), OpensHour: "00:00",
		ClosesDay: now.AddDate(0, 0, 10).Format(time.DateOnly), ClosesHour: "18:00", Short: short, Threshold: 5, Informativa: "Serve a programmare la formazione.",
		UnionsNotice: "Nota n. 2", Opinion: "Parere n. 1"})
	must(err)
	_, err = a.Service.OpenCampaign(ctx, system, o.ente, o.campaign, service.Opening{AtOnce: true, Keys: service.KeysWithheld})
	must(err)
	_, letters, err := a.Service.Letters(ctx, system, o.ente, o.campaign)
	must(err)
	for _, l := range letters {
		o.links = append(o.links, l.Link[strings.Index(l.Link, "/q/"):])
	}
	if len(o.links) != people {
		t.Fatalf("got %d links, want %d", len(o.links), people)
	}
	return o
}

// testID makes an id that depends on its name alone.
func testID(t testing.TB, name string) surveys.ID {
	t.Helper()
	sum := sha256.Sum256([]byte(name))
	id, err := surveys.NewID(bytes.NewReader(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// counts are the stored responses and the links that were used.
func (o openSurvey) counts(t testing.TB) (responses, used int) {
	t.Helper()
	responses, err := o.store.CountResponses(t.Context(), o.ente, o.campaign)
	if err != nil {
		t.Fatal(err)
	}
	all, err := o.store.Invitations(t.Context(), o.ente, o.campaign)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Used {
			used++
		}
	}
	return responses, used
}

// alreadySent opens a link and tells whether the site says that it was answered.
func alreadySent(base, link string) (bool, error) {
	v := newVisitor(base)
	if err := v.open(link); err != nil {
		return false, err
	}
	return len(v.hrefs("/q/carta"))+len(v.hrefs("/q/parte")) == 0 && strings.Contains(v.text(), "già"), nil
}

// everybody answers with so many at once; done hears of each link, with the error
// or nil when the thanks were shown.
func everybody(base string, links []string, atOnce int, done func(link string, err error)) {
	var mu sync.Mutex
	var group sync.WaitGroup
	queue := make(chan int)
	for range atOnce {
		group.Go(func() {
			for i := range queue {
				err := newVisitor(base).answer(links[i], "", i, 1)
				mu.Lock()
				done(links[i], err)
				mu.Unlock()
			}
		})
	}
	for i := range links {
		queue <- i
	}
	close(queue)
	group.Wait()
}

// startProcess runs the program as a process of its own and waits until it listens.
func startProcess(t *testing.T, cfg app.Config) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveOnly+"=1", "TRAGUARDO_DATABASE_URL="+cfg.DatabaseURL, "TRAGUARDO_ADDR="+cfg.Addr, "TRAGUARDO_BASE_URL="+cfg.BaseURL,
		"TRAGUARDO_SECRET_KEY="+cfg.SecretKey, "TRAGUARDO_LOG_LEVEL=error")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || strings.TrimSpace(line) != cfg.Addr {
		t.Fatalf("the process does not listen at %s: %q, %v", cfg.Addr, line, err)
	}
	return cmd
}

func TestKilledProcessLosesNoAcknowledgedAnswer(t *testing.T) {
	onEngines(t, func(t *testing.T, dsn string) {
		cfg := configFor(t, dsn)
		maker, err := app.Open(t.Context(), cfg, app.Build{}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		o := newOpenSurvey(t, maker, invitedPeople, true)
		if err := maker.Close(); err != nil {
			t.Fatal(err)
		}
		victim := startProcess(t, cfg)
		thanked, failed := map[string]bool{}, 0
		everybody(cfg.BaseURL, o.links, 8, func(link string, err error) {
			if err != nil {
				failed++
				return
			}
			if thanked[link] = true; len(thanked) == invitedPeople/3 {
				if err := victim.Process.Kill(); err != nil {
					t.Errorf("killing: %v", err)
				}
			}
		})
		if err := victim.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the process ended with %v, want killed", err)
		}
		if failed == 0 {
			t.Fatal("nobody was cut off: the process was not killed in the middle")
		}
		second := startProcess(t, cfg)
		if o.store, err = storage.Open(t.Context(), dsn); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = o.store.Close() })
		responses, used := o.counts(t)
		if responses != used || responses < len(thanked) || responses > len(thanked)+8 {
			t.Fatalf("after the kill: %d responses, %d used links, %d people thanked; want as many responses as used links, and at least the thanked", responses, used, len(thanked))
		}
		rest := o.unsent(t, cfg.BaseURL, thanked)
		if len(rest) != invitedPeople-used {
			t.Fatalf("%d links can still answer, want %d", len(rest), invitedPeople-used)
		}
		everybody(cfg.BaseURL, rest, 8, func(link string, err error) {
			if err != nil {
				t.Errorf("%s after the restart: %v", link, err)
			}
		})
		if responses, used := o.counts(t); responses != invitedPeople || used != invitedPeople {
			t.Errorf("in the end: %d responses and %d used links, want %d of each", responses, used, invitedPeople)
		}
		if err := second.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if err := second.Wait(); err != nil {
			t.Errorf("stopping on request: %v", err)
		}
	})
}

// unsent opens every link: those of the thanked must be spent. It returns the
// links that can still answer.
func (o openSurvey) unsent(t *testing.T, base string, thanked map[string]bool) []string {
	t.Helper()
	var rest []string
	for _, link := range o.links {
		sent, err := alreadySent(base, link)
		if err != nil {
			t.Fatal(err)
		}
		if thanked[link] && !sent {
			t.Errorf("somebody was thanked and the answer is lost")
		}
		if !sent {
			rest = append(rest, link)
		}
	}
	return rest
}

// TestSixtyEmployeesBehindOneAddress: a whole office answers at once from one
// public address; no limit meant for attackers stops it, nobody waits in vain.
func TestSixtyEmployeesBehindOneAddress(t *testing.T) {
	onEngines(t, func(t *testing.T, dsn string) {
		s := newSite(t, dsn)
		o := newOpenSurvey(t, s.App, invitedPeople, true)
		everybody(s.base, o.links, invitedPeople, func(_ string, err error) {
			if err != nil {
				t.Error(err)
			}
		})
		if responses, used := o.counts(t); responses != invitedPeople || used != invitedPeople {
			t.Errorf("got %d responses and %d used links, want %d of each", responses, used, invitedPeople)
		}
		again := newVisitor(s.base)
		if err := again.open(o.links[0]); err != nil {
			t.Fatal(err)
		}
		if again.form("/q/invia") != nil || len(again.hrefs("/q/carta")) > 0 {
			t.Error("a spent link offers the questionnaire again")
		}
	})
}
