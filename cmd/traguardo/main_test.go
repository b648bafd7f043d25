package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shell runs command lines against one database in a temporary folder.
type shell struct {
	t   *testing.T
	env map[string]string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	return &shell{t: t, env: map[string]string{"TRAGUARDO_DATABASE_URL": "sqlite://" + filepath.Join(t.TempDir(), "t.db")}}
}

// run carries out one command line and returns what it printed and its exit code.
func (s *shell) run(input string, args ...string) (out, errOut string, code int) {
	s.t.Helper()
	var o, e bytes.Buffer
	code = run(s.t.Context(), args, func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }, strings.NewReader(input), &o, &e)
	return o.String(), e.String(), code
}

// want runs a command line that must end with this exit code.
func (s *shell) want(code int, input string, args ...string) string {
	s.t.Helper()
	out, errOut, got := s.run(input, args...)
	if got != code {
		s.t.Errorf("traguardo %s: got exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, out, errOut)
	}
	return out + errOut
}

// object reads what a command printed with --json.
func (s *shell) object(code int, input string, args ...string) map[string]any {
	s.t.Helper()
	out, errOut, got := s.run(input, append(args, "--json")...)
	if got != code {
		s.t.Errorf("traguardo %s --json: got exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, out, errOut)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		s.t.Fatalf("traguardo %s --json: %v in %q", strings.Join(args, " "), err, out)
	}
	return v
}

func TestHelpAndUsage(t *testing.T) {
	s := newShell(t)
	for _, line := range []string{"serve", "migrate", "migrate up", "migrate status", "user", "user add", "user passwd", "user list", "doctor", "version",
		"import", "import comuni", "import pti", "import padigitale", "import staff"} {
		if out := s.want(exitOK, "", append(strings.Fields(line), "--help")...); !strings.Contains(out, "Usage:") {
			t.Errorf("%s --help: got %q, want the usage", line, out)
		}
	}
	for _, line := range []string{"nothing", "serve now", "serve --port 1", "migrate", "migrate down", "user", "user add", "user add a b", "user list x", "doctor x", "version x",
		"import", "import dogs x", "import comuni", "import comuni a b", "import comuni x --dated tomorrow", "import staff x", "import pti"} {
		out, errOut, code := s.run("", strings.Fields(line)...)
		if code != exitUsage || out != "" || !strings.Contains(errOut, "--help") {
			t.Errorf("%s: got exit code %d, %q, %q, want 2 and a word on standard error", line, code, out, errOut)
		}
	}
	if out := s.want(exitOK, ""); !strings.Contains(out, "import") {
		t.Errorf("no command: got %q, want the list", out)
	}
}

func TestVersion(t *testing.T) {
	s := newShell(t)
	v := s.object(exitOK, "", "version")
	for _, key := range []string{"version", "go", "formula_version"} {
		if v[key] == "" || v[key] == nil {
			t.Errorf("%s is missing in %v", key, v)
		}
	}
}

func TestConfigurationFaultsAreToldTogether(t *testing.T) {
	s := newShell(t)
	s.env["TRAGUARDO_SMTP_URL"], s.env["TRAGUARDO_MAIL_FROM"] = "ftp://x", "nobody"
	if out := s.want(exitFailed, "", "doctor", "--addr", "x", "--log-level", "loud"); !strings.Contains(out, "addr:") || !strings.Contains(out, "log-level:") || !strings.Contains(out, "smtp-url:") || !strings.Contains(out, "mail-from:") {
		t.Errorf("got %q, want the four faults", out)
	}
}

func TestMigrateUserAndDoctor(t *testing.T) {
	s := newShell(t)
	s.want(exitFailed, "", "migrate", "status")
	if out := s.want(exitFailed, "", "serve", "--addr", "127.0.0.1:0"); !strings.Contains(out, "traguardo migrate up") {
		t.Errorf("serve on an empty database: got %q, want to be told what to run", out)
	}
	if out := s.want(exitFailed, "", "user", "list"); !strings.Contains(out, "traguardo migrate up") {
		t.Errorf("user list on an empty database: got %q", out)
	}
	s.want(exitOK, "", "migrate", "up")
	s.want(exitOK, "", "migrate", "up")
	if out := s.want(exitOK, "", "migrate", "status"); strings.Contains(out, "pending") {
		t.Errorf("status: got %q, want all applied", out)
	}
	if v := s.object(exitFailed, "", "doctor"); v["ok"] != false {
		t.Errorf("doctor without accounts: got %v", v["ok"])
	}
	s.want(exitFailed, "corta\n", "user", "add", "ada@sistema.example", "--admin", "--password-stdin")
	s.want(exitFailed, "", "user", "add", "not-an-address")
	if out := s.want(exitOK, "", "user", "add", "ada@sistema.example", "--admin"); !strings.Contains(out, "password: ") {
		t.Errorf("user add: got %q, want the password it made", out)
	}
	s.want(exitFailed, "", "user", "add", "ADA@sistema.example")
	if out := s.want(exitOK, "quattro sassi lungo il fiume\n", "user", "passwd", "ada@sistema.example", "--password-stdin"); strings.Contains(out, "sassi") {
		t.Errorf("user passwd: the password is printed: %q", out)
	}
	s.want(exitFailed, "", "user", "passwd", "nobody@sistema.example")
	out, _, code := s.run("", "user", "list", "--json")
	var users []map[string]any
	if err := json.Unmarshal([]byte(out), &users); err != nil || code != exitOK || len(users) != 1 || users[0]["admin"] != true {
		t.Errorf("user list: got %q, %v", out, err)
	}
	if v := s.object(exitOK, "", "doctor"); v["ok"] != true {
		t.Errorf("doctor: got %v", v)
	}
}

func fixture(name string) string {
	return filepath.Join("..", "..", "surveys", "comune", "testdata", name)
}

func TestImport(t *testing.T) {
	s := newShell(t)
	s.want(exitOK, "", "migrate", "up")
	registry := fixture("registry.csv")
	if v := s.object(exitOK, "", "import", "comuni", registry, "--dry-run"); v["imported"] != false || v["added"] != 12.0 || v["dry_run"] != true {
		t.Errorf("dry run: got %v", v)
	}
	if v := s.object(exitOK, "", "import", "comuni", registry, "--dated", "2026-08-14"); v["imported"] != true || v["added"] != 12.0 {
		t.Errorf("import: got %v", v)
	}
	if out := s.want(exitOK, "", "import", "comuni", registry); !strings.Contains(out, "12 unchanged") {
		t.Errorf("twice: got %q", out)
	}
	content, err := os.ReadFile(registry)
	if err != nil {
		t.Fatal(err)
	}
	faulty := strings.Replace(string(content), "001001,", "1001,", 1)
	v := s.object(exitFailed, faulty, "import", "comuni", "-")
	faults, _ := v["faults"].([]any)
	if v["imported"] != false || len(faults) != 1 || faults[0].(map[string]any)["rule"] != "zeros" || faults[0].(map[string]any)["line"] != 2.0 {
		t.Errorf("faulty row: got %v, want its line and rule", v)
	}
	if out := s.want(exitFailed, faulty, "import", "comuni", "-"); !strings.Contains(out, "line 2, cod_istat: zeros") || !strings.Contains(out, "nothing was imported") {
		t.Errorf("faulty row: got %q", out)
	}
	s.want(exitFailed, "", "import", "comuni", fixture("none.csv"))
	if v := s.object(exitFailed, "", "import", "padigitale", fixture("padigitale.csv")); v["imported"] != false {
		t.Errorf("funding of Comuni that the registry lacks: got %v", v)
	}
	if v := s.object(exitFailed, "a,b\n1,2\n", "import", "pti", "-"); v["imported"] != false || len(v["faults"].([]any)) == 0 {
		t.Errorf("not a file of the PTI: got %v", v)
	}
	if out := s.want(exitFailed, "a@b.example;x\n", "import", "staff", "-", "--ente", "A606"); !strings.Contains(out, "not found") {
		t.Errorf("staff of an ente that is not there: got %q", out)
	}
}

func TestImportOfficialFiles(t *testing.T) {
	files := []struct {
		kind, name string
		key        string
		want       float64
	}{
		{"comuni", filepath.Join("comuni", "comuni.csv"), "rows", 7894},
		{"padigitale", filepath.Join("padigitale2026", "candidature_nove_comuni.csv"), "added", 85},
		{"pti", filepath.Join("pti", "pti-2024-2026-agg-2026.csv"), "", 0},
	}
	s := newShell(t)
	s.want(exitOK, "", "migrate", "up")
	for _, f := range files {
		path := filepath.Join("..", "..", "..", "shared", "data", f.name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		v := s.object(exitOK, "", "import", f.kind, path)
		if faults, _ := v["faults"].([]any); len(faults) > 0 || (f.key != "" && v[f.key] != f.want) {
			t.Errorf("%s: got %v, want %s %g", f.kind, v, f.key, f.want)
		}
	}
}
