package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edition writes STAFF under another version, with what changes, into a file.
func edition(t *testing.T, s *shell, version string, changes ...string) string {
	t.Helper()
	text, _, code := s.run("", "instrument", "export", "STAFF")
	if code != exitOK {
		t.Fatalf("export: exit code %d", code)
	}
	if !strings.Contains(text, `version: "1.0"`) {
		t.Fatalf("no version in the export: %.200s", text)
	}
	text = strings.NewReplacer(append([]string{`version: "1.0"`, `version: "` + version + `"`}, changes...)...).Replace(text)
	path := filepath.Join(t.TempDir(), "staff.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInstrument(t *testing.T) {
	s := newShell(t)
	for _, name := range []string{"lint", "publish", "diff", "export"} {
		if out := s.want(exitOK, "", "instrument", name, "--help"); !strings.Contains(out, "Usage:") {
			t.Errorf("instrument %s --help: got %q", name, out)
		}
		s.want(exitUsage, "", "instrument", name)
	}
	s.want(exitUsage, "", "instrument")
	s.want(exitUsage, "", "instrument", "export", "OTHER")
	s.want(exitFailed, "", "instrument", "lint", filepath.Join(t.TempDir(), "none.yaml"))

	first := edition(t, s, "1.0")
	v := s.object(exitOK, "", "instrument", "lint", first)
	if v["ok"] != true || v["code"] != "STAFF" || v["items"] != 122.0 || v["slots"] != 143.0 || len(v["problems"].([]any)) != 0 {
		t.Errorf("lint: got %v", v)
	}
	broken := edition(t, s, "1.0", "area: PIA", "area: XXX")
	v = s.object(exitFailed, "", "instrument", "lint", broken)
	problems, _ := v["problems"].([]any)
	if v["ok"] != false || len(problems) == 0 || problems[0].(map[string]any)["line"].(float64) < 2 || problems[0].(map[string]any)["file"] != "staff.yaml" {
		t.Errorf("lint of a broken document: got %v", v)
	}
	if out := s.want(exitFailed, "", "instrument", "lint", broken); !strings.Contains(out, "staff.yaml:") || !strings.Contains(out, "XXX") {
		t.Errorf("lint of a broken document: got %q", out)
	}

	second := edition(t, s, "2.0", "Per niente d'accordo", "Affatto d'accordo")
	v = s.object(exitOK, "", "instrument", "diff", second, "--against", first)
	if v["from"] != "1.0" || v["to"] != "2.0" || v["reworded"].(float64) == 0 || v["new"] != 0.0 || v["dropped"] != 0.0 {
		t.Errorf("diff: got %v", v)
	}
	crosswalk := s.want(exitOK, "", "instrument", "diff", second, "--against", first)
	_, crosswalk, _ = strings.Cut(crosswalk, "\ncrosswalk:")
	s.want(exitFailed, "", "instrument", "lint", second, "--against", first)

	s.want(exitFailed, "", "instrument", "publish", second)
	s.want(exitOK, "", "migrate", "up")
	if out := s.want(exitFailed, "", "instrument", "publish", second); !strings.Contains(out, "no crosswalk") {
		t.Errorf("publish without a crosswalk: got %q", out)
	}
	body, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(second, []byte(string(body)+"crosswalk:"+crosswalk), 0o600); err != nil {
		t.Fatal(err)
	}
	s.want(exitOK, "", "instrument", "lint", second, "--against", first)
	v = s.object(exitOK, "", "instrument", "publish", second)
	if v["new"] != true || len(v["hash"].(string)) != 64 {
		t.Errorf("publish: got %v", v)
	}
	if v = s.object(exitOK, "", "instrument", "publish", second); v["new"] != false {
		t.Errorf("publish twice: got %v", v)
	}
	if v = s.object(exitOK, "", "instrument", "diff", second); v["from"] != "2.0" || v["reworded"] != 0.0 {
		t.Errorf("diff with the last published: got %v", v)
	}
	other := edition(t, s, "2.0", "Poco d'accordo", "Meno d'accordo")
	if out := s.want(exitFailed, "", "instrument", "publish", other); !strings.Contains(out, "another") && !strings.Contains(out, "crosswalk") {
		t.Errorf("another content under 2.0: got %q", out)
	}
}
