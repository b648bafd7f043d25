package surveys_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
)

func parse(t *testing.T, text string) surveys.StaffList {
	t.Helper()
	l, err := surveys.ParseStaff(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// told writes a list in one line: rows as line:email/office/role, faults as line!column.code(value)>first.
func told(l surveys.StaffList) string {
	var out []string
	for _, r := range l.Rows {
		out = append(out, fmt.Sprintf("%d:%s/%s/%s", r.Line, r.Email, r.Office, r.Role))
	}
	for _, f := range l.Faults {
		s := fmt.Sprintf("%d!%s.%s(%s)", f.Line, f.Column, f.Code, f.Value)
		if f.First > 0 {
			s += fmt.Sprintf(">%d", f.First)
		}
		out = append(out, s)
	}
	return strings.Join(out, " | ")
}

func TestParseStaff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"semicolons", "anna@comune.it;Tributi;operatore\n", "1:anna@comune.it/Tributi/operatore"},
		{"no role", "anna@comune.it;Tributi", "1:anna@comune.it/Tributi/"},
		{"commas", "anna@comune.it,Tributi,2\n", "1:anna@comune.it/Tributi/funzionario"},
		{"tabs", "anna@comune.it\tTributi, personale\tDirigente o segretario\r\n", "1:anna@comune.it/Tributi, personale/dirigente"},
		{"comma inside, semicolon between", "a@b.it;Tributi, personale;\nc@b.it;Scuola, sport;\n", "1:a@b.it/Tributi, personale/ | 2:c@b.it/Scuola, sport/"},
		{"quotes", "\"a@b.it\",\"Tributi, \"\"personale\"\"\",\"Istruttore\"", "1:a@b.it/Tributi, \"personale\"/operatore"},
		{"header in another order", "Ufficio;Famiglia di ruolo;E-mail\nScuola;funzionario;a@b.it\n", "2:a@b.it/Scuola/funzionario"},
		{"header after blank lines and a mark", "\xef\xbb\xbf\n;;\nemail;ufficio\na@b.it;Scuola\n", "4:a@b.it/Scuola/"},
		{"unused column named", "email;telefono;ufficio\na@b.it;0123;Scuola\n", "2:a@b.it/Scuola/ | 1!.header_unknown(telefono)"},
		{"header without e-mail", "ufficio;ruolo\nScuola;1\n", "1!email.header_email()"},
		{"header without office", "email;ruolo\na@b.it;1\n", "1!office.header_office()"},
		{"header twice", "email;mail;ufficio\na@b.it;c@b.it;Scuola\n", "1!email.header_twice(mail)"},
		{"no header: the first line is a person", "scuola;anna\n", "1!email.email_invalid(scuola)"},
		{"Windows-1252", "a@b.it;Citt\xe0\n", "1:a@b.it/Città/"},
		{"UTF-16", "\xff\xfea\x00@\x00b\x00.\x00i\x00t\x00\t\x00C\x00\xe0\x00", "1:a@b.it/Cà/"},
		{"upper case domain kept once", "Anna.Bianchi@COMUNE.it;Scuola", "1:Anna.Bianchi@comune.it/Scuola/"},
		{"duplicate, other case", "anna@b.it;Scuola\nluca@b.it;Scuola\nANNA@B.IT;Tributi\n", "1:anna@b.it/Scuola/ | 2:luca@b.it/Scuola/ | 3!email.duplicate(ANNA@B.IT)>1"},
		{"several faults on one line", ";;capo\n x ;;capo", "1!email.email_missing() | 1!office.office_missing() | 1!role.role_unknown(capo) | 2!email.email_invalid(x) | 2!office.office_missing() | 2!role.role_unknown(capo)"},
		{"extra cell", "a@b.it;Scuola;1;x\nc@b.it;Scuola;1;;\n", "2:c@b.it/Scuola/operatore | 1!.extra_cell(x)"},
		{"open quote", "\"a@b.it;Scuola\nc@b.it;Scuola\n", "2:c@b.it/Scuola/ | 1!.quote(\"a@b.it;Scuola)"},
		{"only addresses", "a@b.it\nc@b.it\n", "1!office.office_missing() | 2!office.office_missing()"},
		{"spaces", "  a@b.it ;  Servizi   sociali  ;  2 ", "1:a@b.it/Servizi sociali/funzionario"},
		{"old Mac line ends", "a@b.it;X\rc@b.it;Y", "1:a@b.it/X/ | 2:c@b.it/Y/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := told(parse(t, c.text)); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestStaffAddresses(t *testing.T) {
	t.Parallel()
	for s, good := range map[string]bool{
		"a@b.it": true, "a.b-c+d@x-y.comune.it": true, "o'neil@b.it": true, "a@xn--citt-3na.it": true,
		"@b.it": false, "a@": false, "a@b": false, "a@b..it": false, ".a@b.it": false, "a.@b.it": false, "a..b@b.it": false,
		"a b@b.it": false, "a@-b.it": false, "a@b-.it": false, "a@b.1": false, "a@b.12": false, "a@@b.it": false, "a@b@c.it": false,
		"è@b.it": false, "a@città.it": false, "a@b.it.": false, "<a@b.it>": false, "Anna <a@b.it>": false, strings.Repeat("a", 65) + "@b.it": false,
		"a\u200b@b.it": false,
	} {
		l := parse(t, s+"\tScuola")
		if got := len(l.Rows) == 1; got != good {
			t.Errorf("%q: accepted %v want %v (%s)", s, got, good, told(l))
		}
	}
}

func TestStaffLimits(t *testing.T) {
	t.Parallel()
	for _, empty := range []string{"", "\n\n", " ; ;\n"} {
		if _, err := surveys.ParseStaff(strings.NewReader(empty)); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%q: got %v, want ErrInvalid", empty, err)
		}
	}
	if _, err := surveys.ParseStaff(strings.NewReader(strings.Repeat("x", 4<<20+1))); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("over 4 MiB: got %v", err)
	}
	broken := errors.New("broken")
	if _, err := surveys.ParseStaff(failing{broken}); !errors.Is(err, broken) {
		t.Errorf("failing reader: got %v", err)
	}
	var many strings.Builder
	for i := range 20_002 {
		fmt.Fprintf(&many, "a%d@b.it;X\n", i)
	}
	l := parse(t, many.String())
	if len(l.Rows) != 20_000 || told(surveys.StaffList{Faults: l.Faults}) != "20001!.too_many_rows(a20000@b.it;X)" {
		t.Errorf("%d rows, faults %s", len(l.Rows), told(surveys.StaffList{Faults: l.Faults}))
	}
	long := parse(t, "a@b.it;"+strings.Repeat("è", 121))
	if len(long.Rows) != 0 || len([]rune(long.Faults[0].Value)) != 80 {
		t.Errorf("office of 121 characters: %s", told(long))
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestRoleFamilies holds the families to the options of P-02 of the instrument.
func TestRoleFamilies(t *testing.T) {
	t.Parallel()
	in := staff(t)
	it, ok := in.Item("P-02")
	if !ok {
		t.Fatal("no P-02")
	}
	for _, o := range it.Options {
		if o.Value == 0 {
			continue
		}
		r, err := surveys.ParseRoleFamily(strings.ToUpper(o.Label.IT))
		if err != nil || r.P02() != o.Value {
			t.Errorf("%s: family %q (%v) has the value %d, want %d", o.Label.IT, r, err, r.P02(), o.Value)
		}
		if again, err := surveys.ParseRoleFamily(string(r)); err != nil || again != r {
			t.Errorf("%s: its own code reads as %q, %v", r, again, err)
		}
	}
	if surveys.RoleUnknown.P02() != 0 {
		t.Error("an unknown family is not 0")
	}
}

// FuzzParseStaff: every line that is not blank is the header, a row or named by a
// fault; rows are valid, in order, no address twice; what is written back as CSV
// reads as the same rows.
func FuzzParseStaff(f *testing.F) {
	for _, s := range []string{
		"email;ufficio\na@b.it;Scuola\n", "a@b.it,\"Tri,buti\",1\nA@B.it,x\n", "\xff\xfea\x00", "a@b.it\tCitt\xe0", "\"\n\"\"", ";;x\r\r\n", "a;b;c;d\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := surveys.ParseStaff(strings.NewReader(text))
		if err != nil {
			return
		}
		named := map[int]bool{}
		stopped := false
		for _, x := range l.Faults {
			named[x.Line] = true
			stopped = stopped || slices.Contains([]surveys.StaffProblem{surveys.StaffHeaderEmail, surveys.StaffOfficeColumn, surveys.StaffHeaderTwice, surveys.StaffTooMany}, x.Code)
		}
		seen := map[string]bool{}
		last := 0
		var csv strings.Builder
		csv.WriteString("ruolo;ufficio;email\n")
		for _, r := range l.Rows {
			if r.Line <= last || named[r.Line] || seen[r.FoldedEmail()] || r.Office == "" || !strings.Contains(r.Email, "@") {
				t.Fatalf("row %+v after line %d, also a fault: %v", r, last, named[r.Line])
			}
			last, seen[r.FoldedEmail()] = r.Line, true
			fmt.Fprintf(&csv, "%s;\"%s\";%s\n", r.Role, strings.ReplaceAll(r.Office, `"`, `""`), r.Email)
		}
		if !stopped {
			faulty := 0
			for line := range named {
				if !l.Header || line > firstLine(l) {
					faulty++
				}
			}
			if len(l.Rows)+faulty != l.Lines {
				t.Fatalf("%d lines, %d rows and %d faulty lines: %s", l.Lines, len(l.Rows), faulty, told(l))
			}
		}
		if len(l.Rows) == 0 {
			return
		}
		again := parse(t, csv.String())
		for i := range again.Rows {
			again.Rows[i].Line = l.Rows[i].Line
		}
		if !reflect.DeepEqual(again.Rows, l.Rows) || len(again.Faults) > 0 {
			t.Fatalf("written back:\n%s\nread\n%s", told(l), told(again))
		}
	})
}

// firstLine is the line of the header when it has a fault: a header fault has no
// row or line fault before it.
func firstLine(l surveys.StaffList) int {
	for _, f := range l.Faults {
		if f.Code == surveys.StaffHeaderUnknown {
			return f.Line
		}
	}
	return 0
}
