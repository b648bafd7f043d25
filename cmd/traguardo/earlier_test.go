package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEarlier(t *testing.T) {
	s := newShell(t)
	file := filepath.Join("..", "..", "surveys", "earlier", "testdata", "limesurvey.csv")
	for _, name := range []string{"propose", "preview", "score"} {
		if out := s.want(exitOK, "", "earlier", name, "--help"); !strings.Contains(out, "Usage:") {
			t.Errorf("earlier %s --help: got %q", name, out)
		}
		s.want(exitUsage, "", "earlier", name)
	}
	s.want(exitUsage, "", "earlier")
	s.want(exitUsage, "", "earlier", "preview", file)
	s.want(exitUsage, "", "earlier", "propose", file, "--wave", "never")
	s.want(exitFailed, "a,b\n1,2\n", "earlier", "propose", "-")

	mapping := filepath.Join(t.TempDir(), "mapping.yaml")
	s.want(exitOK, "", "earlier", "propose", file, "--out", mapping)
	s.want(exitFailed, "", "earlier", "propose", file, "--out", mapping) // never overwritten
	if out := s.want(exitOK, "", "earlier", "propose", file); !strings.Contains(out, "source: limesurvey") || !strings.Contains(out, "item: A-PIA-01") {
		t.Errorf("propose: got %q", out)
	}
	v := s.object(exitOK, "", "earlier", "preview", file, "--mapping", mapping)
	if v["rows"] != 12.0 || v["fault_count"] != 0.0 || len(v["items"].([]any)) != 5 || len(v["identity"].([]any)) != 12 {
		t.Errorf("preview: got %v", v)
	}
	if out := s.want(exitOK, "", "earlier", "preview", file, "--mapping", mapping); !strings.Contains(out, "A-PIA-01") || !strings.Contains(out, "ipaddr") || strings.Contains(out, "192.0.2") {
		t.Errorf("preview: got %q", out)
	}
	scored := s.object(exitOK, "", "earlier", "score", file, "--mapping", mapping, "--eligible", "20")
	if scored["state"] != "published" || scored["eligible"] != 20.0 || scored["threshold"] != 5.0 {
		t.Errorf("score: got %v", scored)
	}
	if out := s.want(exitOK, "", "earlier", "score", file, "--mapping", mapping, "--eligible", "20"); !strings.Contains(out, "12 answers of 20 eligible") {
		t.Errorf("score: got %q", out)
	}
	for _, line := range [][]string{{"--eligible", "20", "--threshold", "13"}, {"--eligible", "9"}, {"--eligible", "11"}} {
		out, errOut, code := s.run("", append([]string{"earlier", "score", file, "--mapping", mapping, "--json"}, line...)...)
		if code != exitFailed || out != "" || errOut == "" {
			t.Errorf("score %v: got %d, %q, %q, want a refusal and no figure", line, code, out, errOut)
		}
	}
	s.want(exitUsage, "", "earlier", "score", file, "--mapping", mapping)
	s.want(exitUsage, "", "earlier", "score", file, "--mapping", mapping, "--eligible", "20", "--threshold", "4")
	earlierFaults(t, s, file, mapping)
}

// earlierFaults reads a file in which one cell is none of the labels.
func earlierFaults(t *testing.T, s *shell, file, mapping string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	faulty := strings.Replace(string(content), "Da sola/o nei casi semplici", "=1+1", 1)
	v := s.object(exitFailed, faulty, "earlier", "preview", "-", "--mapping", mapping)
	faults, _ := v["faults"].([]any)
	if len(faults) != 1 || faults[0].(map[string]any)["rule"] != "unknown" || faults[0].(map[string]any)["value"] != "=1+1" {
		t.Errorf("faulty row: got %v", v)
	}
	out, errOut, code := s.run(faulty, "earlier", "score", "-", "--mapping", mapping, "--eligible", "20", "--json")
	if code != exitFailed || out != "" || !strings.Contains(errOut, "unknown «=1+1»") {
		t.Errorf("score of a faulty file: got %d, %q, %q", code, out, errOut)
	}
}
