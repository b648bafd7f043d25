package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"traguardo/surveys"
)

// AuditEntry is one row of the trail. Detail never holds an answer.
type AuditEntry struct {
	Seq     int64
	At      time.Time
	Actor   string // user id, or "system"
	Action  string
	EnteID  surveys.ID // empty when of no ente
	Subject string     // kind and id: "campaign:…"
	Detail  string     // JSON object
	Prev    string     // hash of the row before; empty for the first
	Hash    string
}

type auditRow struct {
	Seq      int64 `gorm:"primaryKey;autoIncrement:false"`
	At       int64
	Actor    string
	Action   string
	EnteID   string
	Subject  string
	Detail   string
	PrevHash string
	Hash     string
}

func (auditRow) TableName() string { return "audit" }

func (r auditRow) entry() AuditEntry {
	return AuditEntry{Seq: r.Seq, At: fromUnix(r.At), Actor: r.Actor, Action: r.Action, EnteID: surveys.ID(r.EnteID),
		Subject: r.Subject, Detail: r.Detail, Prev: r.PrevHash, Hash: r.Hash}
}

// digest is SHA-256 over a JSON list: no field can run into the next.
func (r auditRow) digest() (string, error) {
	b, err := json.Marshal([]any{r.PrevHash, r.Seq, r.At, r.Actor, r.Action, r.EnteID, r.Subject, r.Detail})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Audit appends a row to the trail, chained to the one before. Call it last in
// the transaction of the change itself: writers queue from here to the commit.
func (s *Store) Audit(ctx context.Context, e AuditEntry) error {
	if !s.inTx {
		return fmt.Errorf("audit of %s outside a transaction", e.Action)
	}
	if err := s.lockAudit(ctx); err != nil {
		return translate(err, "locking the audit trail")
	}
	last, err := table[auditRow](s.db).Order("seq DESC").Limit(1).Find(ctx)
	if err != nil {
		return translate(err, "reading the audit trail")
	}
	row := auditRow{Seq: 1, At: unix(e.At), Actor: e.Actor, Action: e.Action, EnteID: e.EnteID.String(), Subject: e.Subject, Detail: e.Detail}
	if len(last) == 1 {
		row.Seq, row.PrevHash = last[0].Seq+1, last[0].Hash
	}
	if row.Hash, err = row.digest(); err != nil {
		return fmt.Errorf("hashing an audit row: %w", err)
	}
	return translate(table[auditRow](s.db).Create(ctx, &row), "writing the audit trail")
}

// AuditTrail lists the newest rows of an ente (or of all, when ente is empty), newest first.
func (s *Store) AuditTrail(ctx context.Context, ente surveys.ID, limit int) ([]AuditEntry, error) {
	rows, err := table[auditRow](s.db).Where("ente_id = ? OR ? = ''", ente, ente).Order("seq DESC").Limit(limit).Find(ctx)
	return mapRows(rows, auditRow.entry), translate(err, "audit trail of %s", ente)
}

// VerifyAudit recomputes the chain and returns how many rows hold, and the
// number of the first row that does not (0 when all do).
func (s *Store) VerifyAudit(ctx context.Context) (rows, broken int64, err error) {
	const page = 1000
	prev := ""
	for {
		batch, err := table[auditRow](s.db).Where("seq > ?", rows).Order("seq").Limit(page).Find(ctx)
		if err != nil {
			return rows, 0, translate(err, "reading the audit trail")
		}
		for _, r := range batch {
			want, err := r.digest()
			if err != nil {
				return rows, 0, err
			}
			if r.Seq != rows+1 || r.PrevHash != prev || r.Hash != want {
				return rows, rows + 1, nil
			}
			rows, prev = r.Seq, r.Hash
		}
		if len(batch) < page {
			return rows, 0, nil
		}
	}
}

// AuditOf lists the newest rows of the trail on one subject of an ente, newest
// first, with the names of those who acted where the account still stands.
func (s *Store) AuditOf(ctx context.Context, ente surveys.ID, subject string, limit int) ([]NamedAudit, error) {
	rows, err := table[namedAuditRow](s.db).Raw(namedAuditSQL+"WHERE a.ente_id = ? AND a.subject = ? ORDER BY a.seq DESC LIMIT ?", ente, subject, limit).Find(ctx)
	return mapRows(rows, namedAuditRow.named), translate(err, "audit of %s", subject)
}

// NamedAudit is a row of the trail with the name of who acted; empty for the
// system and for accounts that were removed.
type NamedAudit struct {
	AuditEntry
	ActorName string
	EnteName  string // empty when of none, or of one that is gone
}

type namedAuditRow struct {
	Row       auditRow `gorm:"embedded"`
	ActorName *string
	EnteName  *string
}

func (r namedAuditRow) named() NamedAudit {
	return NamedAudit{AuditEntry: r.Row.entry(), ActorName: orEmpty(r.ActorName), EnteName: orEmpty(r.EnteName)}
}

const namedAuditSQL = `SELECT a.*, u.name AS actor_name, e.name AS ente_name FROM audit a
	LEFT JOIN users u ON u.id = a.actor LEFT JOIN enti e ON e.id = a.ente_id `

// NamedTrail lists the newest rows of the whole trail, newest first, with names.
func (s *Store) NamedTrail(ctx context.Context, limit int) ([]NamedAudit, error) {
	rows, err := table[namedAuditRow](s.db).Raw(namedAuditSQL+"ORDER BY a.seq DESC LIMIT ?", limit).Find(ctx)
	return mapRows(rows, namedAuditRow.named), translate(err, "the newest rows of the trail")
}
