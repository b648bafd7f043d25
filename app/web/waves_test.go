package web_test

import (
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

// TestChooseVersion checks that the version of the questionnaire is asked only when
// there are two, and that the page says what is compared.
func TestChooseVersion(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		if p := rtd.Get(base + "/nuova"); strings.Contains(p.Body, `name="instrument"`) {
			t.Error("one version: the form asks which")
		}
		exante := openedWave(t, w, rtd, e, "exante")
		if p := rtd.PostRaw(exante+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing: got %d", p.Status)
		}
		in, err := instruments.STAFF()
		if err != nil {
			t.Fatal(err)
		}
		in.Version, in.Crosswalk = "2.0", &surveys.Crosswalk{From: "1.0"}
		hash, err := w.Store.PublishInstrument(t.Context(), in, w.Clock.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		form := rtd.Get(base + "/nuova")
		wantPage(t, "rtd", form, []string{`name="instrument"`, `value="` + hash + `"`, "2.0, pubblicata il"}, nil)
		wrong := waveForm(w, "expost")
		wrong.Set("instrument", strings.Repeat("0", 64))
		if p := rtd.PostRaw(base+"/nuova", wrong); p.Status != 422 || !strings.Contains(p.Body, "#f-instrument") {
			t.Errorf("an unknown version: got %d", p.Status)
		}
		chosen := waveForm(w, "expost")
		chosen.Set("instrument", hash)
		p := rtd.PostRaw(base+"/nuova", chosen)
		if p.Status != 303 {
			t.Fatalf("creating: got %d\n%s", p.Status, p.Body)
		}
		wantPage(t, "rtd", rtd.Get(p.Location), []string{"<dd>2.0</dd>", "solo le domande uguali in entrambe"}, nil)
		wantPage(t, "rtd", rtd.Get(exante), []string{"<dd>1.0</dd>"}, []string{"domande uguali in entrambe"})

		// Another Comune that begins now takes the last version, the first one on request.
		other := w.Ente("Pietrafitta", 2000)
		employ(t, w, other, 12)
		w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		second := w.SignedIn("rtd2@comune.example")
		if got := second.Get(openedWave(t, w, second, other, "exante")); !strings.Contains(got.Body, "<dd>2.0</dd>") {
			t.Error("a new Comune: want the last version")
		}
		if got := second.Get(p.Location); got.Status != 404 {
			t.Errorf("another Comune's wave: got %d, want 404", got.Status)
		}
	})
}
