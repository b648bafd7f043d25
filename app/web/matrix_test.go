package web_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// valley is a programme with a Comune in every situation that the matrix tells apart.
func valley(t *testing.T, w *webtest.World) (storage.Programme, map[string]comune.Ente) {
	t.Helper()
	now := w.Clock
	w.Clock = at(2026, 1, 1) // the enti were made then
	defer func() { w.Clock = now }()
	s := newSeeder(t, w)
	enti := map[string]comune.Ente{}
	for name, population := range map[string]int{"Acquachiara": 4100, "Borgo Ametista": 12000, "Colle Sereno": 600, "Dosso Lungo": 4500} {
		enti[name] = w.Ente(name, population)
	}
	a, b, c := enti["Acquachiara"], enti["Borgo Ametista"], enti["Colle Sereno"]
	// A: both waves closed. B: first assessment closed, questionnaire open. C: six employees. D: nothing.
	src := s.assessment(a, surveys.ExAnte, at(2026, 1, 10), at(2026, 2, 10))
	s.result(a, surveys.ExAnte, storage.ResultAssessment, src, at(2026, 2, 10), maturity(31, 62)...)
	src = s.campaign(a, surveys.ExAnte, surveys.CampaignClosed, 27, at(2026, 1, 12), at(2026, 2, 12))
	s.result(a, surveys.ExAnte, storage.ResultStaff, src, at(2026, 2, 12), competence(47, 19, 27)...)
	s.plan(a, at(2026, 3, 1), 1, plans.Quarter{Year: 2026, N: 1}, plans.Quarter{Year: 2026, N: 2})
	src = s.assessment(a, surveys.ExPost, at(2026, 10, 1), at(2026, 10, 20))
	s.result(a, surveys.ExPost, storage.ResultAssessment, src, at(2026, 10, 20), maturity(45, 65)...)
	src = s.campaign(a, surveys.ExPost, surveys.CampaignClosed, 27, at(2026, 10, 2), at(2026, 10, 22))
	s.result(a, surveys.ExPost, storage.ResultStaff, src, at(2026, 10, 22), competence(53, 18, 27)...)
	s.result(a, surveys.ExPost, storage.ResultStaffChange, src, at(2026, 10, 22),
		storage.ResultArea{Area: surveys.PIA, State: storage.AreaShown, Evidenced: num(9.2), Low: num(3.1), High: num(15.5), N: count(14)},
		storage.ResultArea{Area: surveys.SIC, State: storage.AreaInsufficient})
	src = s.assessment(b, surveys.ExAnte, at(2026, 8, 1), at(2026, 8, 20))
	rows := maturity(70, 80)
	rows[1] = storage.ResultArea{Area: surveys.SIC, State: storage.AreaInterval, Low: num(30), High: num(70), N: count(5), Of: count(9)}
	s.result(b, surveys.ExAnte, storage.ResultAssessment, src, at(2026, 8, 20), rows...)
	s.campaign(b, surveys.ExAnte, surveys.CampaignOpen, 30, at(2026, 11, 1), at(2026, 12, 1))
	s.campaign(c, surveys.ExAnte, surveys.CampaignClosed, 6, at(2026, 3, 1), at(2026, 4, 1))
	s.result(c, surveys.ExAnte, storage.ResultStaff, w.ID("campaign:Colle Sereno"+string(surveys.ExAnte)), at(2026, 4, 1), withheldRows(6)...)
	s.assessment(c, surveys.ExAnte, at(2026, 3, 2), time.Time{})
	return w.Programme("Valle", a, b, c, enti["Dosso Lungo"]), enti
}

func TestMatrixShowsOnlyClosedWaves(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p, enti := valley(t, w)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		c, path := w.SignedIn("coord@programma.example"), "/programmi/"+p.ID.String()

		got := c.Get(path)
		wantPage(t, "maturity", got, []string{"Acquachiara", "/enti/" + enti["Acquachiara"].ID.String(), "dichiarato 62", "prove 50", "n 8 su 8",
			"da 30 a 70", "non valutato", "in corso", "19 su 27", "Non è una classifica", "Dato dimostrativo", "3.001–5.000 abitanti", "meno del 10"}, []string{"dichiarato 69", "n 14"})
		got = c.Get(path + "?vista=personale")
		wantPage(t, "staff", got, []string{"da 41 a 53", "n 19", "dati insufficienti", "meno del 10", "non verificata"}, []string{"su 6"})
		got = c.Get(path + "?vista=variazione")
		wantPage(t, "change", unescaped(got), []string{"+14,0", "dichiarato +3,0", "personale +9,2 (n 14 coppie)", "da +3,1 a +15,5", "personale: dati insufficienti",
			"servono le due misure", "non ne sono l'effetto"}, nil)
		got = c.Get(path + "?rilevazione=expost")
		wantPage(t, "ex post", got, []string{"18 su 27", "dichiarato 69"}, []string{"dichiarato 62"})
	})
}

// unescaped is a page with its text as a reader sees it.
func unescaped(p webtest.Page) webtest.Page {
	p.Body = html.UnescapeString(p.Body)
	return p
}

func TestMatrixFiltersAndOrders(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p, _ := valley(t, w)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		c, path := w.SignedIn("coord@programma.example"), "/programmi/"+p.ID.String()
		tests := []struct {
			query string
			want  []string // names in the order of the rows
		}{
			{"", []string{"Acquachiara", "Borgo Ametista", "Colle Sereno", "Dosso Lungo"}},
			{"?ordina=abitanti", []string{"Borgo Ametista", "Dosso Lungo", "Acquachiara", "Colle Sereno"}},
			{"?ordina=passo", []string{"Acquachiara", "Borgo Ametista", "Colle Sereno", "Dosso Lungo"}},
			{"?ordina=evidenced+DESC", []string{"Acquachiara", "Borgo Ametista", "Colle Sereno", "Dosso Lungo"}},
			{"?classe=3001-5000", []string{"Acquachiara", "Dosso Lungo"}},
			{"?passo=impact", []string{"Acquachiara"}},
			{"?provincia=SI&passo=setup", []string{"Dosso Lungo"}},
			{"?provincia=XX", nil},
			{"?classe=tutti&passo=tutti&provincia=tutti&pagina=-3", []string{"Acquachiara", "Borgo Ametista", "Colle Sereno", "Dosso Lungo"}},
		}
		for _, tt := range tests {
			got := c.Get(path + tt.query)
			if got.Status != 200 {
				t.Fatalf("%s: got %d", tt.query, got.Status)
			}
			if names := rowNames(got.Body); fmt.Sprint(names) != fmt.Sprint(tt.want) {
				t.Errorf("%s: got rows %v, want %v", tt.query, names, tt.want)
			}
		}
		if got := c.Get(path + "?provincia=XX"); !strings.Contains(got.Body, "Nessun Comune corrisponde") {
			t.Error("no row: the page does not say so")
		}
	})
}

// rowNames are the Comuni of the matrix in the order of its rows.
func rowNames(body string) []string {
	var out []string
	for _, part := range strings.Split(body, `<th scope="row"><a href="/enti/`)[1:] {
		_, rest, _ := strings.Cut(part, ">")
		name, _, _ := strings.Cut(rest, "<")
		out = append(out, name)
	}
	return out
}

func TestProgrammePagesByRole(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p, enti := valley(t, w)
		other := w.Programme("Monte")
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		w.User("facil@programma.example", false, webtest.On(auth.Facilitator, p))
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, enti["Acquachiara"]))
		w.User("admin@sistema.example", true)
		for _, page := range []string{"", "/percorsi"} {
			path := "/programmi/" + p.ID.String() + page
			for email, want := range map[string]int{"coord@programma.example": 200, "facil@programma.example": 200, "rtd@comune.example": 404, "admin@sistema.example": 404} {
				if got := w.SignedIn(email).Get(path); got.Status != want {
					t.Errorf("%s at %s: got %d, want %d", email, path, got.Status, want)
				}
			}
			if got := w.SignedIn("coord@programma.example").Get("/programmi/" + other.ID.String() + page); got.Status != 404 {
				t.Errorf("another programme%s: got %d, want 404", page, got.Status)
			}
			if got := w.Client().Raw(path); got.Status != 303 {
				t.Errorf("signed out at %s: got %d, want a redirect", path, got.Status)
			}
		}
		body := w.SignedIn("facil@programma.example").Get("/programmi/" + p.ID.String()).Body
		if strings.Contains(body, "/programmi/"+p.ID.String()+"/enti") {
			t.Error("facilitator: the page to enrol must not be offered")
		}
		w.User("coord2@programma.example", false, webtest.On(auth.Coordinator, other))
		wantPage(t, "no enti", w.SignedIn("coord2@programma.example").Get("/programmi/"+other.ID.String()), []string{"non ha ancora Comuni", "Iscrivi un Comune"}, []string{"<table"})
	})
}

func TestProgrammePaths(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p, _ := valley(t, w)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		got := w.SignedIn("coord@programma.example").Get("/programmi/" + p.ID.String() + "/percorsi")
		wantPage(t, "paths", got, []string{"Dosso Lungo", "fermo da 235 giorni", "fermo da 325 giorni", "Progetto B", "31/12/2026", "CAP", "4 su 4"}, []string{"Progetto A"})
		if names := rowNames(got.Body); len(names) < 4 || names[0] != "Dosso Lungo" || names[3] != "Acquachiara" {
			t.Errorf("got rows %v, want those furthest behind first", names)
		}
	})
}

// bigProgramme stores a programme of n Comuni with both waves closed.
func bigProgramme(t testing.TB, w *webtest.World, n int) storage.Programme {
	t.Helper()
	s := newSeeder(t, w)
	var enti []comune.Ente
	for i := range n {
		enti = append(enti, w.Ente(fmt.Sprintf("Comune %03d", i), 300+i*97))
	}
	p := w.Programme("Regione", enti...)
	s.must(w.Store.InTx(t.Context(), func(tx *storage.Store) error {
		s.store = tx
		for i, e := range enti {
			for _, wave := range []surveys.Wave{surveys.ExAnte, surveys.ExPost} {
				day := at(2026, 2, 10)
				if wave == surveys.ExPost {
					day = at(2026, 10, 10)
				}
				src := s.assessment(e, wave, day.AddDate(0, 0, -20), day)
				s.result(e, wave, storage.ResultAssessment, src, day, maturity(float64(20+i%50), float64(30+i%50))...)
				src = s.campaign(e, wave, surveys.CampaignClosed, 40, day.AddDate(0, 0, -20), day)
				s.result(e, wave, storage.ResultStaff, src, day, competence(float64(30+i%40), 30, 40)...)
				if wave == surveys.ExPost {
					s.result(e, wave, storage.ResultStaffChange, src, day, competence(3, 25, 40)...)
				}
			}
			s.plan(e, at(2026, 3, 1), 1, plans.Quarter{Year: 2026, N: 1}, plans.Quarter{Year: 2026, N: 2}, plans.Quarter{Year: 2027, N: 1})
		}
		return nil
	}))
	s.store = w.Store
	return p
}

// BenchmarkProgrammePages measures the pages of a programme of 285 Comuni against
// the budget of ARCHITECTURE.md (p95 under 100 ms on 2 cores).
func BenchmarkProgrammePages(b *testing.B) {
	for _, engine := range storagetest.Engines() {
		w := webtest.New(b, storagetest.New(b, engine))
		p := bigProgramme(b, w, 285)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		c, path := w.SignedIn("coord@programma.example"), "/programmi/"+p.ID.String()
		for _, page := range []string{"", "?vista=variazione", "/percorsi"} {
			b.Run(string(engine)+page, func(b *testing.B) {
				for b.Loop() {
					if got := c.Raw(path + page); got.Status != 200 {
						b.Fatalf("got %d", got.Status)
					}
				}
			})
		}
	}
}

// TestProgrammePagesWith285Comuni holds the budget of ARCHITECTURE.md: at most
// eight queries for a whole page, session and permissions included.
func TestProgrammePagesWith285Comuni(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := bigProgramme(t, w, 285)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))
		c, path := w.SignedIn("coord@programma.example"), "/programmi/"+p.ID.String()
		for _, page := range []string{"", "?vista=personale&pagina=2", "?vista=variazione&rilevazione=expost", "/percorsi"} {
			before, start := w.Store.Queries().Count(), time.Now()
			got := c.Raw(path + page)
			if got.Status != 200 {
				t.Fatalf("%s: got %d", page, got.Status)
			}
			n := w.Store.Queries().Count() - before
			t.Logf("%s: %d queries, %s, %d bytes", page, n, time.Since(start).Round(time.Millisecond), len(got.Body))
			if n > 8 {
				t.Errorf("%s: %d queries, want at most 8", page, n)
			}
		}
		if names := rowNames(c.Get(path + "?pagina=3").Body); len(names) != 85 || names[0] != "Comune 200" {
			t.Errorf("third page: got %d rows from %v, want 85 from Comune 200", len(names), names[:min(1, len(names))])
		}
	})
}
