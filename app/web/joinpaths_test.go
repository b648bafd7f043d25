package web_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/web/webtest"
)

// The tables of who was invited and of what was answered, and what both may hold.
var (
	answerTables = []string{"responses", "response_texts"}
	joinTables   = []string{"invitations", "drafts", "responses", "response_texts"}
	joinCommon   = []string{"ente_id", "campaign_id"}
	tellsTime    = regexp.MustCompile(`(^|_)(at|on|time|day|date|ip|address|agent|seq|order|number|position|rank|created|updated|modified)($|_)`)
)

// row is one row of a table: column → value in hexadecimal; NULL is left out.
type row map[string]string

func (r row) text() string {
	var parts []string
	for k, v := range r {
		parts = append(parts, k+"="+v)
	}
	slices.Sort(parts)
	return strings.Join(parts, "|")
}

// TestNoPathJoinsAnswersToPeople fills the database through the pages, with the
// method that comes closest to a person, and tries every way from a response to who
// sent it that the database alone could offer.
func TestNoPathJoinsAnswersToPeople(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		one, two, _, rtd, _, _ := hosted(t, w, 12)
		wavePaired(t, rtd, two, with(waveForm(w, "exante"), "pairing", "code"))
		for i, link := range linksByPerson(t, w)[:3] {
			answerPaired(t, w, link, elements(i), i)
		}
		path := wavePaired(t, rtd, one, with(waveForm(w, "exante"), "pairing", "link"))
		all := linksByPerson(t, w)
		for i := range 6 {
			answerPaired(t, w, all[5-i], url.Values{}, i)
		}
		var drafting []*webtest.Client
		for _, link := range all[6:9] {
			c := w.Client()
			c.Get(link)
			c.PostRaw("/q/carta", hidden(c.Get("/q/carta")))
			drafting = append(drafting, c)
		}
		db, err := w.Store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		before := dump(t, db, w.Store.Engine())
		c := drafting[1]
		if p := submit(c, c.Get("/q/rivedi"), nil); p.Status != 303 {
			t.Fatalf("submit: got %d", p.Status)
		}
		after := dump(t, db, w.Store.Engine())
		oneSubmission(t, before, after)
		columnsOfJoins(t, after)
		keysOfJoins(t, db, w.Store.Engine())
		noValueJoins(t, after)
		closeWave(t, rtd, path)
		placesOfRows(t, db, w.Store.Engine(), one.ID.String())
		noValueJoins(t, dump(t, db, w.Store.Engine()))
	})
}

// oneSubmission checks that sending the answers leaves a mark nowhere but in the three
// tables: no row of a log, a session, a queue or an audit trail with the same moment.
func oneSubmission(t *testing.T, before, after map[string][]row) {
	t.Helper()
	for table, rows := range after {
		gone, come := differ(before[table], rows), differ(rows, before[table])
		switch table {
		case "invitations":
			if len(gone) != 1 || len(come) != 1 || strings.ReplaceAll(gone[0].text(), "used="+gone[0]["used"], "") != strings.ReplaceAll(come[0].text(), "used="+come[0]["used"], "") {
				t.Errorf("invitations: got %d and %d rows changed, want one that is used now and nothing else of it", len(gone), len(come))
			}
		case "responses":
			if len(gone) != 0 || len(come) != 1 {
				t.Errorf("responses: got %d gone, %d come, want one more", len(gone), len(come))
			}
		case "drafts":
			if len(gone) != 1 || len(come) != 0 {
				t.Errorf("drafts: got %d gone, %d come, want one less", len(gone), len(come))
			}
		default:
			if len(gone)+len(come) > 0 {
				t.Errorf("%s: got %d rows gone and %d come with a submission, want none", table, len(gone), len(come))
			}
		}
	}
}

// differ lists the rows of a that b lacks.
func differ(a, b []row) []row {
	have := map[string]bool{}
	for _, r := range b {
		have[r.text()] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(r row) bool { return have[r.text()] })
}

// columnsOfJoins checks the names: what both sides share, and what would tell a time,
// an order or a machine. The day of a mail is the same for a whole wave.
func columnsOfJoins(t *testing.T, tables map[string][]row) {
	t.Helper()
	columns := map[string][]string{}
	for table, rows := range tables {
		for _, r := range rows {
			for name := range r {
				if !slices.Contains(columns[table], name) {
					columns[table] = append(columns[table], name)
				}
			}
		}
	}
	for _, table := range joinTables {
		for _, name := range columns[table] {
			if tellsTime.MatchString(name) && !strings.HasPrefix(name, "sent_on") {
				t.Errorf("%s.%s tells a time, an order or a machine", table, name)
			}
		}
	}
	for _, table := range answerTables {
		for other, names := range columns {
			for _, name := range names {
				if other != "responses" && other != "response_texts" && name != "id" && name != "form" && name != "item" && name != "body" &&
					!slices.Contains(joinCommon, name) && slices.Contains(columns[table], name) {
					t.Errorf("%s.%s is also a column of %s", table, name, other)
				}
			}
		}
	}
	for table, names := range columns {
		for _, name := range names {
			// A mail names its invitation and the person; an answer, a draft and everything else name neither.
			if strings.Contains(name, "response") || strings.Contains(name, "draft_id") || strings.Contains(name, "invitation") && table != "outbox" {
				t.Errorf("%s.%s points to one answer, draft or invitation", table, name)
			}
		}
	}
}

// keysOfJoins checks every foreign key of the schema: nothing points to a response, a
// draft or an invitation, and responses and drafts point to the wave alone.
func keysOfJoins(t *testing.T, db *sql.DB, engine storage.Engine) {
	t.Helper()
	query := `SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	if engine == storage.PostgreSQL {
		query = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			t.Fatal(err)
		}
		n++
		if slices.Contains(joinTables, to) && (to != "invitations" || from != "outbox") {
			t.Errorf("%s points to %s", from, to)
		}
		if slices.Contains(joinTables, from) && from != "invitations" && to != "enti" && to != "campaigns" {
			t.Errorf("%s points to %s", from, to)
		}
	}
	if err := rows.Err(); err != nil || n < 20 {
		t.Fatalf("got %d foreign keys, %v", n, err)
	}
}

// noValueJoins compares every value of an answer with every value of every other
// table: equal, a part of it, or made of it by a hash, alone or with the ids that stand
// beside it as a key.
func noValueJoins(t *testing.T, tables map[string][]row) {
	t.Helper()
	answers := map[string]string{} // value → where
	var keys [][]byte
	for _, table := range answerTables {
		for _, r := range tables[table] {
			for name, v := range r {
				if !slices.Contains(joinCommon, name) && name != "form" && name != "item" && name != "body" && name != "vector" {
					answers[v] = table + "." + name
					if len(v) >= 32 {
						answers[v[:32]] = table + "." + name + ", first 16 bytes"
					}
				}
			}
		}
	}
	for _, r := range tables["campaigns"] {
		for _, name := range []string{"id", "ente_id", "series_id", "instrument_hash"} {
			keys = append(keys, raw(t, r[name]))
		}
	}
	for _, r := range tables["series"] {
		keys = append(keys, raw(t, r["key_wrapped"]))
	}
	for table, rows := range tables {
		if slices.Contains(answerTables, table) {
			continue
		}
		for _, r := range rows {
			for name, v := range r {
				for how, derived := range derivations(raw(t, v), keys) {
					if where, found := answers[hex.EncodeToString(derived)]; found {
						t.Errorf("%s of %s.%s is %s", how, table, name, where)
					}
				}
			}
		}
	}
}

// derivations are what somebody who holds the database alone would try on a value.
func derivations(v []byte, keys [][]byte) map[string][]byte {
	sum := sha256.Sum256(v)
	twice := sha256.Sum256(sum[:])
	spelt := sha256.Sum256([]byte(hex.EncodeToString(v)))
	out := map[string][]byte{"the value": v, "SHA-256": sum[:], "SHA-256 twice": twice[:], "SHA-256 of the digits": spelt[:], "the digits": []byte(hex.EncodeToString(v)),
		"half of SHA-256": sum[:16], "the digits of SHA-256": []byte(hex.EncodeToString(sum[:]))}
	if len(v) > 16 {
		out["first 16 bytes"] = v[:16]
	}
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write(v)
		out[fmt.Sprint("HMAC with key ", i)] = mac.Sum(nil)
		joined := sha256.Sum256(append(slices.Clone(key), v...))
		out[fmt.Sprint("SHA-256 after key ", i)] = joined[:]
	}
	return out
}

func raw(t *testing.T, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// placesOfRows checks that after closing the rows stand in the order of their random
// ids and bear one mark of one transaction; in SQLite they have no row numbers at all.
func placesOfRows(t *testing.T, db *sql.DB, engine storage.Engine, ente string) {
	t.Helper()
	if engine == storage.SQLite {
		for _, table := range joinTables {
			if _, err := db.ExecContext(t.Context(), "SELECT rowid FROM "+table+" LIMIT 1"); err == nil {
				t.Errorf("%s has row numbers, which tell the order of insertion", table)
			}
		}
		return
	}
	for _, table := range []string{"invitations", "responses"} {
		var sorted bool
		var n, marks int
		err := db.QueryRowContext(t.Context(), `SELECT COUNT(*), COUNT(DISTINCT xmin::text), array_agg(id ORDER BY ctid) = array_agg(id ORDER BY id COLLATE "C")
			FROM `+table+" WHERE ente_id = $1", ente).Scan(&n, &marks, &sorted)
		if err != nil || n < 7 || marks != 1 || !sorted {
			t.Errorf("%s: got %d rows with %d transaction marks, in the order of their ids %t, %v, want one mark and that order", table, n, marks, sorted, err)
		}
	}
}

// dump reads every table of the database.
func dump(t *testing.T, db *sql.DB, engine storage.Engine) map[string][]row {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if engine == storage.PostgreSQL {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	rows.Close()
	out := map[string][]row{}
	for _, name := range names {
		if name != "instruments" && name != "comuni" { // published texts and the registry: nothing of a person
			out[name] = dumpTable(t, db, name)
		}
	}
	if len(out) < 20 || len(out["responses"]) == 0 {
		t.Fatalf("got %d tables with %d responses", len(out), len(out["responses"]))
	}
	return out
}

func dumpTable(t *testing.T, db *sql.DB, name string) []row {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		r := row{}
		for i, v := range values {
			switch v := v.(type) {
			case nil:
			case []byte:
				r[columns[i]] = hex.EncodeToString(v)
			default:
				r[columns[i]] = hex.EncodeToString(fmt.Append(nil, v))
			}
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
