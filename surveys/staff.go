package surveys

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// RoleFamily is what an employee does, as P-02 asks it. It is kept to forecast
// breakdowns, never to join a person with answers. "" means that it is not known.
type RoleFamily string

// The role families.
const (
	RoleUnknown     RoleFamily = ""
	RoleOperatore   RoleFamily = "operatore"   // P-02 option 1: operatore o istruttore
	RoleFunzionario RoleFamily = "funzionario" // P-02 option 2: funzionario o elevata qualificazione
	RoleDirigente   RoleFamily = "dirigente"   // P-02 option 3: dirigente o segretario
)

// P02 returns the value of the option of P-02, 0 ("preferisco non indicarlo") when
// the family is not known.
func (r RoleFamily) P02() byte {
	switch r {
	case RoleOperatore:
		return 1
	case RoleFunzionario:
		return 2
	case RoleDirigente:
		return 3
	case RoleUnknown:
		return 0
	default:
		return 0
	}
}

// ParseRoleFamily accepts the code, the number of the option, either word of the
// option's label or the whole label, in any case; "" is RoleUnknown. It refuses
// all other text.
func ParseRoleFamily(s string) (RoleFamily, error) {
	switch fold(s) {
	case "":
		return RoleUnknown, nil
	case "operatore", "istruttore", "operatore o istruttore", "1":
		return RoleOperatore, nil
	case "funzionario", "elevata qualificazione", "funzionario o elevata qualificazione", "2":
		return RoleFunzionario, nil
	case "dirigente", "segretario", "dirigente o segretario", "3":
		return RoleDirigente, nil
	default:
		return RoleUnknown, fmt.Errorf("%w: role family %q", ErrInvalid, s)
	}
}

// StaffColumn names a column of the staff list; "" stands for the whole line.
type StaffColumn string

// The columns, in the order in which they are read when there is no header.
const (
	ColumnEmail  StaffColumn = "email"
	ColumnOffice StaffColumn = "office"
	ColumnRole   StaffColumn = "role"
)

// StaffProblem says what is wrong. Pages turn it into a sentence through the
// message catalogue.
type StaffProblem string

// The problems.
const (
	StaffEmailMissing  StaffProblem = "email_missing"
	StaffEmailInvalid  StaffProblem = "email_invalid"
	StaffOfficeMissing StaffProblem = "office_missing"
	StaffOfficeInvalid StaffProblem = "office_invalid" // too long, or with control characters
	StaffRoleUnknown   StaffProblem = "role_unknown"
	StaffDuplicate     StaffProblem = "duplicate"       // the same address stands on an earlier line
	StaffExtraCell     StaffProblem = "extra_cell"      // more cells than columns
	StaffQuote         StaffProblem = "quote"           // quotes that do not close, or text after them
	StaffHeaderEmail   StaffProblem = "header_email"    // header without a column for the address: nothing else is read
	StaffHeaderUnknown StaffProblem = "header_unknown"  // a column that is not used; its cells are left aside
	StaffHeaderTwice   StaffProblem = "header_twice"    // a column named twice: nothing else is read
	StaffOfficeColumn  StaffProblem = "header_office"   // header without a column for the office: nothing else is read
	StaffTooMany       StaffProblem = "too_many_rows"   // reading stopped here
	StaffEncoding      StaffProblem = "encoding_broken" // a byte that means nothing in the file's encoding
)

// StaffRow is one employee of the list.
type StaffRow struct {
	Line   int    // 1-based line of the text
	Email  string // as written, the domain in lower case
	Office string // 1–120 characters, spaces made single
	Role   RoleFamily
}

// FoldedEmail is the address in the form in which two rows are compared.
func (r StaffRow) FoldedEmail() string { return fold(r.Email) }

// StaffFault is one problem of one cell or line.
type StaffFault struct {
	Line   int // 1-based
	Column StaffColumn
	Code   StaffProblem
	Value  string // what stood there, at most 80 characters
	First  int    // StaffDuplicate: the line where the address stood first, 0 otherwise
}

// StaffList is what ParseStaff read. Every line of the text that is not blank is
// the header, a row, or named by at least one fault; where a header cannot be used
// or there are too many rows, the fault says that nothing after it was read.
type StaffList struct {
	Rows   []StaffRow   // good rows, in the order of the text; no address twice
	Faults []StaffFault // in the order of the text
	Lines  int          // lines that are neither blank nor the header
	Header bool
}

// Limits of a staff list.
const (
	maxStaffBytes = 4 << 20
	maxStaffRows  = 20_000
	maxOffice     = 120
)

// ParseStaff reads a staff list from a CSV file or from pasted text: one employee
// a line, cells parted by tab, semicolon or comma (whichever stands in most
// lines), quoted or not; columns e-mail, ufficio, famiglia di ruolo (which may be
// left out) in that order, or in any order under a header; UTF-8, UTF-16 with a
// mark, or Windows-1252. Nothing is dropped silently: see StaffList. The error is
// that of r, or ErrInvalid when the text is over 4 MiB or has no line at all.
func ParseStaff(r io.Reader) (StaffList, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxStaffBytes+1))
	if err != nil {
		return StaffList{}, fmt.Errorf("reading staff list: %w", err)
	}
	if len(raw) > maxStaffBytes {
		return StaffList{}, fmt.Errorf("%w: staff list over %d bytes", ErrInvalid, maxStaffBytes)
	}
	text, err := DecodeText(raw)
	if err != nil {
		return StaffList{}, err
	}
	p := staffParser{columns: []StaffColumn{ColumnEmail, ColumnOffice, ColumnRole}, seen: map[string]int{}}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	p.comma = separator(lines)
	started := false
	for i, line := range lines {
		if blank(line) {
			continue
		}
		cells, ok := splitCells(line, p.comma)
		if !started {
			started = true
			if ok && p.readHeader(i+1, cells) {
				p.list.Header = true
				if p.stop {
					break
				}
				continue
			}
		}
		p.readLine(i+1, line, cells, ok)
		if p.stop {
			break
		}
	}
	if !started {
		return StaffList{}, fmt.Errorf("%w: staff list without lines", ErrInvalid)
	}
	return p.list, nil
}

// DecodeText makes text of a file from any spreadsheet: UTF-16 when it bears that
// mark, UTF-8 when it is valid, Windows-1252 otherwise. A byte without a meaning
// becomes U+FFFD. ErrInvalid: broken UTF-16.
func DecodeText(raw []byte) (string, error) {
	s := string(raw)
	if strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff") {
		out, err := xunicode.UTF16(xunicode.LittleEndian, xunicode.ExpectBOM).NewDecoder().String(s)
		if err != nil {
			return "", fmt.Errorf("%w: staff list in broken UTF-16", ErrInvalid)
		}
		return out, nil
	}
	s = strings.TrimPrefix(s, "\xef\xbb\xbf")
	if utf8.ValidString(s) {
		return s, nil
	}
	out, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return "", fmt.Errorf("%w: staff list in an unknown encoding", ErrInvalid)
	}
	return out, nil
}

// separator returns the sign that parts the cells in most lines; tab before
// semicolon before comma when as many lines have them.
func separator(lines []string) byte {
	best, most := byte(';'), 0
	for _, c := range []byte{'\t', ';', ','} {
		n := 0
		for _, line := range lines {
			if cells, _ := splitCells(line, c); len(cells) > 1 {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// blank reports whether a line says nothing: only space and separators.
func blank(line string) bool {
	return strings.IndexFunc(line, func(r rune) bool { return !unicode.IsSpace(r) && r != ';' && r != ',' }) < 0
}

// splitCells parts one line. A cell that begins with a quote ends at the next
// single one; doubled quotes inside stand for one. ok is false when they do not
// close or text follows them: then the cells are those of a plain split.
func splitCells(line string, comma byte) (cells []string, ok bool) {
	rest := line
	for {
		trimmed := strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(trimmed, `"`) {
			cell, after, more := strings.Cut(rest, string(rune(comma)))
			cells = append(cells, strings.TrimSpace(cell))
			if !more {
				return cells, true
			}
			rest = after
			continue
		}
		cell, after, closed := quoted(trimmed[1:])
		after = strings.TrimLeft(after, " ")
		if !closed || after != "" && after[0] != comma {
			plain := strings.Split(line, string(rune(comma)))
			for i := range plain {
				plain[i] = strings.TrimSpace(plain[i])
			}
			return plain, false
		}
		cells = append(cells, strings.TrimSpace(cell))
		if after == "" {
			return cells, true
		}
		rest = after[1:]
	}
}

// quoted reads the inside of a quoted cell and returns what follows it.
func quoted(s string) (cell, after string, closed bool) {
	var b strings.Builder
	for {
		head, tail, found := strings.Cut(s, `"`)
		b.WriteString(head)
		if !found {
			return b.String(), "", false
		}
		if !strings.HasPrefix(tail, `"`) {
			return b.String(), tail, true
		}
		b.WriteByte('"')
		s = tail[1:]
	}
}

// fold is the form in which names and addresses are compared.
func fold(s string) string {
	return cases.Fold().String(norm.NFKC.String(strings.Join(strings.Fields(s), " ")))
}

// shorten cuts s for a report.
func shorten(s string) string {
	const most = 80
	runes := []rune(strings.TrimSpace(s))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
