package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"traguardo/app/report/dataset"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

func TestFiguresAsFiles(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 2 })
		base := "/enti/" + a.e.ID.String() + "/risultati/exante"
		wantStatus(t, "open", c.Get(base+"/dati"), 404)
		if p := c.PostRaw(base+"/dati/csv", nil); p.Status != 404 {
			t.Errorf("file of an open wave: got %d, want 404", p.Status)
		}
		a.closeWave(c, "exante")
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.Published, 20))
		wantStatus(t, "page", c.Get(base+"/dati"), 200, "Foglio di calcolo (XLSX)", "Non mostrata per riservatezza", "insufficient")
		names := map[string][2]string{"csv": {"cifre-roccaverde-exante.csv", "text/csv"}, "codebook": {"codici-roccaverde-exante.csv", "text/csv"},
			"xlsx": {"cifre-roccaverde-exante.xlsx", "application/vnd"}, "json": {"cifre-roccaverde-exante.json", "application/json"}}
		for format, want := range names {
			p := c.PostRaw(base+"/dati/"+format, nil)
			if p.Status != 200 || !strings.Contains(p.Header.Get("Content-Disposition"), `attachment; filename="`+want[0]+`"`) || !strings.HasPrefix(p.Header.Get("Content-Type"), want[1]) ||
				p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("ETag") != "" {
				t.Errorf("%s: got %d %v", format, p.Status, p.Header)
			}
			c.Get(base + "/dati")
		}
		p := c.PostRaw(base+"/dati/csv", nil)
		for _, line := range []string{"Roccaverde,exante,mat_evidenced,,ALL,,,shown,", "mat_indicator_declared,,PIA,M-PIA-01,,shown,2,", "staff_mean,SA,PIA,,,shown,58.2,51,66,0.95,,,12,", "staff_mean,KN,PIA,,,insufficient,,,,"} {
			if !strings.Contains(p.Body, line) {
				t.Errorf("CSV lacks %q", line)
			}
		}
		var d dataset.Dataset
		c.Get(base + "/dati")
		if err := json.Unmarshal([]byte(c.PostRaw(base+"/dati/json", nil).Body), &d); err != nil || len(d.About.Sources) != 2 || d.About.Sources[0].Version != "1.0" {
			t.Errorf("JSON: %v, sources %+v", err, d.About.Sources)
		}
		c.Get(base + "/dati")
		if p := c.PostRaw(base+"/dati/pdf", nil); p.Status != 404 {
			t.Errorf("unknown format: got %d, want 404", p.Status)
		}
		entries, err := w.Store.AuditTrail(t.Context(), a.e.ID, 50)
		if err != nil {
			t.Fatal(err)
		}
		taken := 0
		for _, e := range entries {
			if e.Action == "results.export" {
				taken++
			}
		}
		if taken != 6 {
			t.Errorf("audit: got %d exports, want 6", taken)
		}
	})
}

func TestWhoTakesFigures(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.Published, 20))
		base := "/enti/" + a.e.ID.String() + "/risultati/exante"
		for email, want := range map[string]int{"rtd@uno.example": 200, "coord@prova.example": 200, "fac@prova.example": 403, "utd@uno.example": 403,
			"viewer@uno.example": 403, "office@uno.example": 403, "rtd@due.example": 404, "admin@prova.example": 404} {
			c := w.SignedIn(email)
			c.Get("/")
			if p := c.PostRaw(base+"/dati/csv", nil); p.Status != want || want != 200 && strings.Contains(p.Body, "staff_mean") {
				t.Errorf("%s file: got %d, want %d", email, p.Status, want)
			}
			p := c.Get(base + "/dati")
			wantStatus(t, email+" page", p, want)
			if p = c.Get(base); p.Status == 200 && strings.Contains(p.Body, base+"/dati") != (want == 200) {
				t.Errorf("%s: the tab of the data is shown: %t", email, want != 200)
			}
		}
	})
}
