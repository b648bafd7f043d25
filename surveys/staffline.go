package surveys

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// staffParser gathers a StaffList line by line.
type staffParser struct {
	comma   byte
	columns []StaffColumn // meaning of each cell; "" for one that is left aside
	seen    map[string]int
	list    StaffList
	stop    bool
}

func (p *staffParser) fault(line int, c StaffColumn, code StaffProblem, value string) {
	p.list.Faults = append(p.list.Faults, StaffFault{Line: line, Column: c, Code: code, Value: shorten(value)})
}

// headerNames are the words by which a header names a column, without case,
// spaces and signs.
func headerNames(c StaffColumn) []string {
	switch c {
	case ColumnEmail:
		return []string{"email", "mail", "postaelettronica", "indirizzoemail", "indirizzomail", "indirizzodipostaelettronica", "indirizzo", "emailaddress"}
	case ColumnOffice:
		return []string{"ufficio", "office", "settore", "servizio", "unitaorganizzativa"}
	case ColumnRole:
		return []string{"famigliadiruolo", "famiglia", "ruolo", "role", "rolefamily", "qualifica", "famigliaprofessionale"}
	default:
		return nil
	}
}

func headerColumn(cell string) StaffColumn {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == 'à':
			return 'a'
		case unicode.IsLetter(r):
			return r
		default:
			return -1
		}
	}, fold(cell))
	for _, c := range []StaffColumn{ColumnEmail, ColumnOffice, ColumnRole} {
		if slices.Contains(headerNames(c), name) {
			return c
		}
	}
	return ""
}

// readHeader takes cells as the header when no cell has an @ and at least one
// names a column. A header that cannot be used stops the reading.
func (p *staffParser) readHeader(line int, cells []string) bool {
	columns := make([]StaffColumn, len(cells))
	known := false
	for i, cell := range cells {
		if strings.Contains(cell, "@") {
			return false
		}
		columns[i] = headerColumn(cell)
		known = known || columns[i] != ""
	}
	if !known {
		return false
	}
	for i, c := range columns {
		switch {
		case c == "" && cells[i] != "":
			p.fault(line, "", StaffHeaderUnknown, cells[i])
		case c != "" && slices.Contains(columns[:i], c):
			p.fault(line, c, StaffHeaderTwice, cells[i])
			p.stop = true
		}
	}
	if !slices.Contains(columns, ColumnEmail) {
		p.fault(line, ColumnEmail, StaffHeaderEmail, "")
		p.stop = true
	}
	if !slices.Contains(columns, ColumnOffice) {
		p.fault(line, ColumnOffice, StaffOfficeColumn, "")
		p.stop = true
	}
	p.columns = columns
	return true
}

// readLine makes a row of one line, or names all that is wrong with it.
func (p *staffParser) readLine(n int, line string, cells []string, closed bool) {
	if p.list.Lines == maxStaffRows {
		p.fault(n, "", StaffTooMany, line)
		p.stop = true
		return
	}
	p.list.Lines++
	before := len(p.list.Faults)
	if !closed {
		p.fault(n, "", StaffQuote, line)
		return
	}
	if strings.ContainsRune(line, utf8.RuneError) {
		p.fault(n, "", StaffEncoding, line)
		return
	}
	value := map[StaffColumn]string{}
	for i, cell := range cells {
		switch {
		case i >= len(p.columns) && cell != "":
			p.fault(n, "", StaffExtraCell, cell)
		case i < len(p.columns) && p.columns[i] != "":
			value[p.columns[i]] = cell
		}
	}
	row := StaffRow{Line: n}
	row.Email = p.email(n, value[ColumnEmail])
	row.Office = p.office(n, value[ColumnOffice])
	role, err := ParseRoleFamily(value[ColumnRole])
	if err != nil {
		p.fault(n, ColumnRole, StaffRoleUnknown, value[ColumnRole])
	}
	row.Role = role
	if row.Email != "" {
		if first, twice := p.seen[row.FoldedEmail()]; twice {
			p.fault(n, ColumnEmail, StaffDuplicate, value[ColumnEmail])
			p.list.Faults[len(p.list.Faults)-1].First = first
		} else {
			p.seen[row.FoldedEmail()] = n
		}
	}
	if len(p.list.Faults) == before {
		p.list.Rows = append(p.list.Rows, row)
	}
}

func (p *staffParser) email(n int, s string) string {
	if s == "" {
		p.fault(n, ColumnEmail, StaffEmailMissing, "")
		return ""
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok || !isLocal(local) || !isDomain(domain) {
		p.fault(n, ColumnEmail, StaffEmailInvalid, s)
		return ""
	}
	return local + "@" + strings.ToLower(domain)
}

// isLocal holds the part before the @ to the dot-atom of RFC 5322, ASCII, at most
// 64 bytes: what every mail server takes.
func isLocal(s string) bool {
	if s == "" || len(s) > 64 || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !isAlnum(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)
	}) < 0
}

// isDomain holds the part after the @ to two or more labels of letters, digits and
// inner hyphens, the last not all digits, 189 bytes at most (254 with the rest).
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 189 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.IndexFunc(l, func(r rune) bool { return !isAlnum(r) && r != '-' }) >= 0 {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(last) > 1 && strings.Trim(last, "0123456789") != ""
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func (p *staffParser) office(n int, s string) string {
	if s == "" {
		p.fault(n, ColumnOffice, StaffOfficeMissing, "")
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	bad := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if utf8.RuneCountInString(s) > maxOffice || strings.IndexFunc(s, bad) >= 0 {
		p.fault(n, ColumnOffice, StaffOfficeInvalid, s)
		return ""
	}
	return s
}
