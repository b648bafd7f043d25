package sheet_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"traguardo/surveys/sheet"
)

func read(t *testing.T, text string, options sheet.Options) sheet.Table {
	t.Helper()
	table, err := sheet.Read(strings.NewReader(text), options)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return table
}

// values reads a column, −99 standing for a missing cell.
func values(t *testing.T, table sheet.Table, name string) []float64 {
	t.Helper()
	numbers, err := table.Numbers(name)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float64, len(numbers))
	for i, n := range numbers {
		if out[i] = n.Value; n.Missing {
			out[i] = -99
		}
	}
	return out
}

func equal(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestRead(t *testing.T) {
	cases := []struct {
		name, text, column string
		want               []float64
	}{
		{"comma and point", "a,b\n1.5,2\n2.25,3\n", "a", []float64{1.5, 2.25}},
		{"semicolon and comma", "a;b\n1,5;2\n2,25;3\n", "a", []float64{1.5, 2.25}},
		{"semicolon and point", "a;b\n1.5;2\n", "a", []float64{1.5}},
		{"quoted decimal comma", "a,b\n\"1,5\",2\n", "a", []float64{1.5}},
		{"italian thousands", "a;b\n1.234,5;1\n1.234;2\n", "a", []float64{1234.5, 1234}},
		{"english thousands", "a,b\n\"1,234.5\",1\n\"1,234\",2\n", "a", []float64{1234.5, 1234}},
		{"semicolon, three decimals after a comma", "a;b\n1,234;2\n", "a", []float64{1.234}},
		{"comma, three decimals after a point", "a,b\n1.234,2\n", "a", []float64{1.234}},
		{"one column, decimal comma", "x\n1,5\n2,5\n", "x", []float64{1.5, 2.5}},
		{"one column, point", "x\r\n1.5\r\n\r\n2.5\r\n", "x", []float64{1.5, -99, 2.5}},
		{"one column in quotes", "\"x\"\n\"1.5\"\n", "x", []float64{1.5}},
		{"missing", "a,b\n,2\n3,\nNA,1\n", "a", []float64{-99, 3, -99}},
		{"exponent and sign", "a,b\n-1e-3,2\n+2E2,3\n", "a", []float64{-0.001, 200}},
		{"byte order mark", "\ufeffa;b\n1;2\n", "a", []float64{1}},
		{"names of rows as R writes them", "\"\",\"a\"\n\"1\",2\n", "a", []float64{2}},
		{"only names", "a,b\n", "a", []float64{}},
		{"spaces", " a ; b \n 1 ; 2 \n", "a", []float64{1}},
		{"blank lines", "a,b\n\n1,2\n\n", "a", []float64{1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := values(t, read(t, c.text, sheet.Options{}), c.column); !equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	cases := []struct{ name, text, column, want string }{
		{"empty", "", "a", "empty"},
		{"blank", " \n\n", "a", "empty"},
		{"two ways to split", "a,b;c,d\n1,2;3,4\n", "a", "--delimiter"},
		{"both decimals", "a;b\n1,5;2.5\n", "a", "both"},
		{"thousands or decimals", "a;b\n1.234;5.678\n", "a", "--decimal"},
		{"one column, thousands or decimals", "x\n1,250\n", "x", "--decimal"},
		{"uneven rows", "a,b\n1,2\n1,2,3\n", "a", "line 3"},
		{"not a number", "a,b\n1,2\ndue,3\n", "a", "line 3: «due»"},
		{"infinite", "a,b\nInf,2\n", "a", "«Inf»"},
		{"hexadecimal", "a,b\n0x10,2\n", "a", "«0x10»"},
		{"too large", "a,b\n1e999,2\n", "a", "«1e999»"},
		{"no such column", "a,b\n1,2\n", "z", "«z»"},
		{"same name", "a,a\n1,2\n", "a", "two columns"},
		{"no name", "a,\n1,2\n", "a", "no name"},
		{"open quote", "a,b\n\"1,2\n", "a", "line"},
		{"not text", "a,b\n\x00,2\n", "a", "not text"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			table, err := sheet.Read(strings.NewReader(c.text), sheet.Options{})
			if err == nil {
				_, err = table.Numbers(c.column)
			}
			if !errors.Is(err, sheet.ErrUnusable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an unusable file and %q", err, c.want)
			}
		})
	}
}

func TestOptionsSettle(t *testing.T) {
	if got := values(t, read(t, "a;b\n1.234;5.678\n", sheet.Options{Decimal: sheet.Point}), "a"); !equal(got, []float64{1.234}) {
		t.Errorf("point: got %v", got)
	}
	if got := values(t, read(t, "a;b\n1.234;5.678\n", sheet.Options{Decimal: sheet.Comma}), "a"); !equal(got, []float64{1234}) {
		t.Errorf("comma: got %v", got)
	}
	if got := read(t, "a,b;c,d\n1,2;3,4\n", sheet.Options{Delimiter: ';'}).Names; len(got) != 2 || got[0] != "a,b" {
		t.Errorf("semicolon: got %q", got)
	}
}

func TestDifferencesAreExact(t *testing.T) {
	table := read(t, "x,y\n0.1,1.3\n0.2,1.4\n,1\n1.4,0.2\n5,5\n0,2\n", sheet.Options{})
	x, _ := table.Numbers("x")
	y, _ := table.Numbers("y")
	d := sheet.Difference(x, y)
	if !equal(d.Values, []float64{1.2, 1.2, -1.2, 0, 2}) || !equal(d.Order, []float64{1, 1, -1, 0, 2}) {
		t.Errorf("got %v and %v", d.Values, d.Order)
	}
	if len(d.Rows) != 5 || d.Rows[2] != 3 || d.X[2] != 1.4 || d.Y[2] != 0.2 {
		t.Errorf("kept rows: got %v, %v, %v", d.Rows, d.X, d.Y)
	}
	tiny := read(t, "x,y\n0,1e-12\n0,2e-12\n", sheet.Options{})
	x, _ = tiny.Numbers("x")
	y, _ = tiny.Numbers("y")
	if d := sheet.Difference(x, y); !equal(d.Order, []float64{1, 2}) {
		t.Errorf("tiny differences: got order %v, want 1 and 2", d.Order)
	}
}

func TestReversed(t *testing.T) {
	n, _ := read(t, "x\n1\n6\n\n2\n", sheet.Options{}).Numbers("x")
	low, high := big.NewRat(1, 1), big.NewRat(5, 1)
	if r, ok := n[0].Reversed(low, high); !ok || r.Value != 5 {
		t.Errorf("1 of 1–5: got %v, %v, want 5", r.Value, ok)
	}
	if _, ok := n[1].Reversed(low, high); ok {
		t.Error("6 of 1–5: got a value, want none")
	}
	if r, ok := n[2].Reversed(low, high); !ok || !r.Missing {
		t.Error("a missing answer: want it to stay missing")
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"a,b\n1.5,2\n", "a;b\n1,5;2\n", "x\n\n1\n", "\"a\n", "a\n1e999999999\n", ",\n,\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := sheet.Read(strings.NewReader(text), sheet.Options{})
		if err != nil {
			return
		}
		for i, row := range table.Rows {
			if len(row) != len(table.Names) || table.Lines[i] < 2 {
				t.Fatalf("row %d has %d cells of %d, line %d", i, len(row), len(table.Names), table.Lines[i])
			}
		}
		for _, name := range table.Names {
			if n, err := table.Numbers(name); err == nil && len(n) != len(table.Rows) {
				t.Fatalf("got %d numbers of %d rows", len(n), len(table.Rows))
			}
		}
	})
}
