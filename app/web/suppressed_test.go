package web_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// secretRuns are two sets of answers that differ only in what must not be shown.
// What leaves the server must be equal to the byte: whatever figure of the hidden
// groups came through would differ.
func secretRuns() []int { return []int{0, 2} }

// answersFor is the answers of one person. Shown areas depend on person alone; what
// secret may change is the self-assessment of COM, the same for everybody
// (unanimous: suppressed), and of DOC, which four people answered (insufficient).
func answersFor(in *surveys.Instrument, wave surveys.Wave, person, secret int, hidden bool) surveys.Vector {
	v := in.NewVector()
	for _, b := range in.Blocks {
		if b.Code != "AUT" && b.Code != "CON" && b.Code != "ATT" {
			continue
		}
		for i, it := range b.Items {
			from, to := in.SlotsOf(it.Code)
			if to-from != 1 || it.Form == surveys.FormB {
				continue
			}
			options := in.OptionsOf(it)
			pick := person + i
			switch {
			case hidden && b.Code == "AUT":
				pick = secret + person%2
			case hidden:
				pick = person + i + secret
			case b.Code == "AUT" && it.Area == surveys.COM:
				pick = 1 + secret
			case b.Code == "AUT" && it.Area == surveys.DOC && person >= 4:
				v[from] = surveys.Missing
				continue
			case b.Code == "AUT" && it.Area == surveys.DOC:
				pick = person%2 + secret
			}
			if wave == surveys.ExPost && b.Code == "AUT" && it.Area == surveys.PIA {
				pick++
			}
			v[from] = options[pick%len(options)].Value
		}
	}
	return v
}

// surveyed stores the answers of n people to an open wave and closes it.
func surveyed(t *testing.T, w *webtest.World, c *webtest.Client, rtd auth.Actor, e comune.Ente, wave surveys.Wave, n, secret int, hidden bool) {
	t.Helper()
	path := openedWave(t, w, c, e, string(wave))
	id, err := surveys.ParseID(path[strings.LastIndex(path, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		r := storage.Response{ID: w.ID(fmt.Sprintf("answer:%s%s%d", e.ID, wave, i)), EnteID: e.ID, CampaignID: id, Set: surveys.FormA, Vector: answersFor(in, wave, i, secret, hidden)}
		r.Pair.Full[0] = byte(i + 1) //nolint:gosec // a few people
		if err := w.Store.AddResponse(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock = w.Clock.AddDate(0, 0, 20)
	if err := w.Service.CloseCampaign(t.Context(), rtd, e.ID, id); err != nil {
		t.Fatal(err)
	}
}

var changing = []*regexp.Regexp{
	regexp.MustCompile(`name="csrf" value="[^"]*"`), regexp.MustCompile(`nonce[-=]"?[A-Za-z0-9_-]+`),
	regexp.MustCompile(`[0-9a-f]{64}`),     // data hashes: they differ because the answers do
	regexp.MustCompile(`\b[0-9a-f]{12}\b`), // their beginnings
	regexp.MustCompile(`/ID \[[^]]*\]`),
}

// still takes out of an output what must differ from run to run and is no figure.
func still(text string) string {
	for _, p := range changing {
		text = p.ReplaceAllString(text, "·")
	}
	return text
}

// unzipped is the content of every part of an XLSX.
func unzipped(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil { //nolint:gosec // our own file
			t.Fatal(err)
		}
	}
	return b.String()
}

// uncompressed is the content of a PDF with its streams written out.
func uncompressed(t *testing.T, pdf string) string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.CommandContext(t.Context(), "qpdf", "--qdf", "--object-streams=disable", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return utf16Text.ReplaceAllStringFunc(string(b), func(code string) string {
		var text []rune
		for i := 1; i+4 < len(code); i += 4 {
			n, err := strconv.ParseUint(code[i:i+4], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, rune(n))
		}
		return "(" + string(text) + ")"
	})
}

// utf16Text is a string of the page's text as the PDF has it, four digits a sign.
var utf16Text = regexp.MustCompile(`<(?:[0-9a-fA-F]{4})+>`)

// outputs reads everything that leaves the server of one ente, by address.
func outputs(t *testing.T, c *webtest.Client, e comune.Ente, out map[string]string) {
	t.Helper()
	base := "/enti/" + e.ID.String()
	keep := func(name string, p webtest.Page, body string) {
		if p.Status >= 500 {
			t.Fatalf("%s: got %d\n%s", name, p.Status, p.Body)
		}
		out[e.Name+name] = fmt.Sprint(p.Status) + still(body)
	}
	for _, page := range []string{"", "/rilevazioni", "/risultati/exante", "/risultati/exante/perche", "/risultati/exante/metodo", "/risultati/exante/dati", "/risultati/expost",
		"/risultati/expost/variazione", "/risultati/expost/metodo", "/rapporti", "/rapporti/valutazione"} {
		p := c.Get(base + page)
		keep(page, p, p.Body)
	}
	for _, wave := range []string{"exante", "expost"} {
		for _, format := range []string{"csv", "json", "xlsx", "codebook"} {
			c.Get(base)
			p := c.PostRaw(base+"/risultati/"+wave+"/dati/"+format, nil)
			body := p.Body
			if format == "xlsx" && p.Status == 200 {
				body = unzipped(t, p.Body)
			}
			keep(" "+wave+"."+format, p, body)
		}
	}
	c.Get(base)
	p := c.PostRaw(base+"/rapporti/valutazione/pdf", url.Values{"rilevazione": {"exante"}})
	if p.Status == 200 {
		keep(" text of the PDF", p, pdfWords(t, p.Body))
		keep(" streams of the PDF", p, uncompressed(t, p.Body))
	}
}

// TestSuppressedNeverLeaves compares what the server sends in two runs whose only
// difference is in answers that must not be seen.
func TestSuppressedNeverLeaves(t *testing.T) {
	runs := map[string]map[string]string{} // "run engine" → outputs
	for _, secret := range secretRuns() {
		webtest.Run(t, func(t *testing.T, w *webtest.World) {
			engine := strings.TrimRight(t.Name()[strings.LastIndex(t.Name(), "/")+1:], "#0123456789")
			out := map[string]string{}
			runs[fmt.Sprint(secret, " ", engine)] = out
			a := newAssessWorld(t, w, 3200)
			few, small := w.Ente("Pochi", 1200), w.Ente("Minimo", 300)
			p := w.Programme("Con pochi", a.e, few, small)
			w.User("coord@pochi.example", false, webtest.On(auth.Coordinator, p))
			w.User("rtd@pochi.example", false, webtest.In(auth.RTD, few), webtest.In(auth.RTD, small), webtest.In(auth.RTD, a.e))
			rtd := auth.Actor{UserID: w.ID("user:rtd@pochi.example"), Name: "RTD", Lang: "it"}
			c := a.open("1")
			a.fill(surveys.ExAnte, func(surveys.Item) int { return 2 })
			a.closeWave(c, "exante")
			for _, x := range []struct {
				e           comune.Ente
				staff, n    int
				hidden, two bool
			}{{a.e, 14, 12, false, true}, {few, 12, 4, true, false}, {small, 8, 7, true, false}} {
				employ(t, w, x.e, x.staff)
				w.Clock = webtest.Start().Add(time.Hour)
				c := w.SignedIn("rtd@pochi.example")
				surveyed(t, w, c, rtd, x.e, surveys.ExAnte, x.n, secret, x.hidden)
				if x.two {
					c = w.SignedIn("rtd@pochi.example")
					surveyed(t, w, c, rtd, x.e, surveys.ExPost, x.n, secret, x.hidden)
				}
				outputs(t, w.SignedIn("rtd@pochi.example"), x.e, out)
			}
			coord := w.SignedIn("coord@pochi.example")
			for _, page := range []string{"", "?vista=personale", "/percorsi"} {
				p := coord.Get("/programmi/" + p.ID.String() + page)
				out["programme"+page] = fmt.Sprint(p.Status) + still(p.Body)
			}
			out["log"] = fmt.Sprint(strings.Contains(w.Log.String(), "vector"))
		})
	}
	compareRuns(t, runs)
}

func compareRuns(t *testing.T, runs map[string]map[string]string) {
	t.Helper()
	first, second := fmt.Sprint(secretRuns()[0], " "), fmt.Sprint(secretRuns()[1], " ")
	for key, one := range runs {
		engine, ok := strings.CutPrefix(key, first)
		if !ok {
			continue
		}
		two := runs[second+engine]
		if len(one) < 40 || len(one) != len(two) {
			t.Fatalf("%s: %d outputs and %d", engine, len(one), len(two))
		}
		for name, text := range one {
			if text == two[name] {
				continue
			}
			i := 0
			for i < min(len(text), len(two[name])) && text[i] == two[name][i] {
				i++
			}
			t.Errorf("%s, %s: what must not be seen changes the output at byte %d:\n%q\n%q", engine, name, i, text[max(0, i-120):min(len(text), i+60)],
				two[name][max(0, i-120):min(len(two[name]), i+60)])
		}
		// The comparison sees figures where they may be shown, and states where not.
		csv := one["Roccaverde exante.csv"]
		for _, want := range []string{"staff_mean,SA,PIA,,,shown,", "staff_mean,SA,COM,,,suppressed,,,", "staff_mean,SA,DOC,,,insufficient,,,"} {
			if !strings.Contains(csv, want) {
				t.Errorf("%s: the CSV lacks %q", engine, want)
			}
		}
		if !strings.Contains(one["Roccaverde expost.csv"], "staffchange_mean,SA,PIA,,,shown,") || !strings.Contains(one["Pochi exante.csv"], "staff_rate,,,,,insufficient,,") ||
			!strings.Contains(one["Roccaverde text of the PDF"], "dati insufficienti") {
			t.Errorf("%s: an output that was to be compared is not there", engine)
		}
	}
}
