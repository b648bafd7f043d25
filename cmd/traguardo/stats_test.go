package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func statsData(name string) string {
	return filepath.Join("..", "..", "surveys", "recompute", "testdata", name)
}

// The keys are an interface: others script against them.
func TestStatsKeys(t *testing.T) {
	s := newShell(t)
	pairs := []string{"--csv", statsData("pairs.csv"), "--x", "pre", "--y", "post"}
	for _, c := range []struct {
		args []string
		keys string
	}{
		{[]string{"alpha", "--csv", statsData("items.csv"), "--items", "a,b,d", "--missing", "pairwise"}, "alpha,alpha_if_dropped,alpha_std,ci_high,ci_low,item_total,items,k,kr20,n,sem"},
		{[]string{"omega", "--csv", statsData("items.csv"), "--reverse", "c:0:4"}, "items,k,loadings,n,omega"},
		{[]string{"kappa", "--csv", statsData("items.csv"), "--x", "a", "--y", "b", "--levels", "5"}, "agreement,agreement_within_1,kappa,n"},
		{append([]string{"paired"}, pairs...), "ci_high,ci_low,d_av,d_rm,d_z,df,g_av,g_z,mean_diff,n,p,r,sd_diff,t"},
		{append([]string{"wilcoxon", "--zeros", "drop", "--method", "exact", "--alternative", "greater", "--correct"}, pairs...),
			"hl,hl_high,hl_low,method,n,n_used,n_zero,p,rank_biserial,share_improved,w_minus,w_plus,z"},
		{[]string{"mcnemar", "--b", "1", "--c", "7"}, "n,p"},
		{[]string{"wilson", "--x", "7", "--n", "12"}, "ci_high,ci_low,estimate,n"},
		{[]string{"bootstrap", "--csv", statsData("skewed.csv"), "--stat", "median", "--draws", "1000", "--seed", "9"}, "ci_high,ci_low,estimate,method"},
	} {
		figures := s.object(exitOK, "", append([]string{"stats"}, c.args...)...)
		keys := make([]string, 0, len(figures))
		for k := range figures {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, ","); got != c.keys {
			t.Errorf("stats %s: got keys %s, want %s", c.args[0], got, c.keys)
		}
		if out := s.want(exitOK, "", append([]string{"stats"}, c.args...)...); !strings.Contains(out, keys[0]) || strings.Contains(out, "{") {
			t.Errorf("stats %s without --json: got %q", c.args[0], out)
		}
	}
	if v := s.object(exitOK, "p;q\n0,01;1\n0,04;1\n", "stats", "adjust", "--csv", "-", "--method", "bh"); len(v) != 1 || len(v["p_adjusted"].([]any)) != 2 {
		t.Errorf("adjust: got %v", v)
	}
	if v := s.object(exitOK, "x,y,s\n0,1,A\n0,2,B\n", "stats", "pooled", "--csv", "-", "--x", "x", "--y", "y", "--stratum", "s"); v["strata"] != 2.0 || v["method"] != "exact" || v["w_plus"] != 2.0 || len(v) != 5 {
		t.Errorf("pooled: got %v", v)
	}
	if v := s.object(exitOK, "a,b,c\n1,,x\n1,,y\n2,z,x\n", "stats", "kanon", "--csv", "-", "--keys", "a,b", "--k", "2", "--sensitive", "c"); v["k"] != 1.0 || v["l"] != 1.0 || v["violations"] != 1.0 || v["suppressed"] != 1.0 || len(v) != 4 {
		t.Errorf("kanon: got %v", v)
	}
}

func TestStatsExitCodes(t *testing.T) {
	s := newShell(t)
	for _, name := range []string{"alpha", "omega", "kappa", "paired", "wilcoxon", "mcnemar", "wilson", "adjust", "bootstrap", "pooled", "kanon"} {
		if out := s.want(exitOK, "", "stats", name, "--help"); !strings.Contains(out, "Usage:") || !strings.Contains(out, "--json") {
			t.Errorf("stats %s --help: got %q", name, out)
		}
	}
	for _, line := range []string{"stats", "stats mean", "stats alpha", "stats alpha --csv x y", "stats wilson --x 1", "stats mcnemar --b one --c 2",
		"stats paired --csv - --x a", "stats paired --csv - --x a --y a", "stats kappa --csv - --x a --y b", "stats adjust --csv -", "stats adjust --csv - --method sidak",
		"stats wilcoxon --csv - --x a --y b --zeros keep", "stats bootstrap --csv - --draws 5", "stats kanon --csv -", "stats alpha --csv - --reverse a:5",
		"stats alpha --csv - --decimal dot", "stats alpha --csv - --missing some", "stats pooled --csv - --x a --y b"} {
		out, errOut, code := s.run("a,b\n1,2\n", strings.Fields(line)...)
		if code != exitUsage || out != "" || !strings.Contains(errOut, "--help") {
			t.Errorf("%s: got exit code %d, %q, %q, want 2 and a word on standard error", line, code, out, errOut)
		}
	}
	for input, line := range map[string]string{
		"":                        "stats paired --csv - --x a --y b",
		"a,b\n1,due\n":            "stats paired --csv - --x a --y b",
		"a;b\n1,5;2.5\n":          "stats alpha --csv -",
		"a,b;c,d\n1,2;3,4\n":      "stats alpha --csv -",
		"x,b\n1,2\n":              "stats wilcoxon --csv - --x a --y b",
		"a,b\n1,2\n3\n":           "stats omega --csv -",
		"p\n2\n":                  "stats adjust --csv - --method holm",
		"a,b\n0,5\n":              "stats kappa --csv - --x a --y b --levels 5",
		"a,b\n9,5\n1,1\n2,2\n3,3": "stats alpha --csv - --reverse a:1:5",
		"irrelevant":              "stats wilson --x 8 --n 5",
	} {
		out, errOut, code := s.run(input, append(strings.Fields(line), "--json")...)
		if code != exitFailed || out != "" || strings.Count(strings.TrimSpace(errOut), "\n") != 0 {
			t.Errorf("%s on %q: got exit code %d, %q, %q, want 1, one sentence and no JSON", line, input, code, out, errOut)
		}
	}
	if out := s.want(exitFailed, "", "stats", "alpha", "--csv", filepath.Join(t.TempDir(), "none.csv"), "--json"); !strings.Contains(out, "none.csv") {
		t.Errorf("a file that is not there: got %q", out)
	}
	out, _, code := s.run("a,b\n", "stats", "paired", "--csv", "-", "--x", "a", "--y", "b", "--json")
	var v map[string]any
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitOK || v["n"] != 0.0 || v["mean_diff"] != nil || len(v) != 14 {
		t.Errorf("no rows: got %d, %q", code, out)
	}
}
