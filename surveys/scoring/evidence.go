package scoring

import (
	"time"

	"traguardo/surveys"
)

// evidenceMonths is how long evidence of a state (E2–E5) holds (questionnaires.md §4).
const evidenceMonths = 12

// levelCap is the highest level that a type of evidence can prove (§4, table).
// actCap4 is the cap by indicator: there an act proves level 4 as well.
func levelCap(t surveys.EvidenceType, actCap4 bool) (surveys.Level, bool) {
	switch t {
	case surveys.E0:
		return 1, true
	case surveys.E1:
		if actCap4 {
			return 4, true
		}
		return 3, true
	case surveys.E2, surveys.E5:
		return 4, true
	case surveys.E3, surveys.E4:
		return 3, true
	default:
		return 0, false
	}
}

// validity says what a piece is worth on a day.
type validity int

const (
	valid     validity = iota
	expired            // counts as E0, and the indicator is «da rinnovare»
	worthless          // revoked, or dated after the day: counts as E0
)

// validOn applies §4: an act (E1) holds until revoked or its own end date;
// everything else for 12 months from its date, or until an earlier end date of
// its own. The last day still counts. A piece of unknown date has expired.
func validOn(e surveys.Evidence, day time.Time) validity {
	today := dayOf(day)
	switch {
	case e.Revoked || e.Type == surveys.E0:
		return worthless
	case !e.Dated.IsZero() && dayOf(e.Dated) > today:
		return worthless
	case !e.ValidUntil.IsZero() && dayOf(e.ValidUntil) < today:
		return expired
	case e.Type != surveys.E1 && dayOf(plusMonths(e.Dated, evidenceMonths)) < today:
		return expired
	default:
		return valid
	}
}

// Cap returns the highest level that valid evidence of a type proves, 1 for a type
// that proves nothing. actCap4 is that of the indicator.
func Cap(t surveys.EvidenceType, actCap4 bool) surveys.Level {
	if limit, ok := levelCap(t, actCap4); ok {
		return limit
	}
	return 1
}

// Counts reports whether a piece counts on a day and, where it does not, whether
// that is because it has expired (and not revoked, or dated later).
func Counts(e surveys.Evidence, day time.Time) (counts, hasExpired bool) {
	v := validOn(e, day)
	return v == valid, v == expired
}

// LastDay returns the last day on which a piece counts, zero for an act without
// an end of its own.
func LastDay(e surveys.Evidence) time.Time {
	if e.Type == surveys.E1 || e.Dated.IsZero() {
		return e.ValidUntil
	}
	last := plusMonths(e.Dated, evidenceMonths)
	if !e.ValidUntil.IsZero() && e.ValidUntil.Before(last) {
		return e.ValidUntil
	}
	return last
}

// dayOf returns the calendar day of t, in t's own zone, as YYYYMMDD.
func dayOf(t time.Time) int {
	y, m, d := t.Date()
	return (y*100+int(m))*100 + d
}

// plusMonths adds whole months and stays in the month arrived at: 29 February
// plus twelve months is 28 February.
func plusMonths(t time.Time, months int) time.Time {
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(d, last.Day()), 0, 0, 0, 0, time.UTC)
}

// proof is what the evidence of one indicator amounts to on a day.
type proof struct {
	kind  surveys.EvidenceType // the strongest valid piece, E0 when there is none
	cap   surveys.Level
	renew bool // an expired piece was stronger than every valid one
}

// proofOf finds the strongest valid evidence: the highest cap; among equals the
// check by a reviewer, then records, acts, open data, pages.
func proofOf(pieces []surveys.Evidence, actCap4 bool, day time.Time) proof {
	p := proof{kind: surveys.E0, cap: 1}
	lost := surveys.Level(0)
	for _, e := range pieces {
		limit, _ := levelCap(e.Type, actCap4)
		switch validOn(e, day) {
		case valid:
			if limit > p.cap || limit == p.cap && strength(e.Type) > strength(p.kind) {
				p.kind, p.cap = e.Type, limit
			}
		case expired:
			lost = max(lost, limit)
		case worthless:
		}
	}
	p.renew = lost > p.cap
	return p
}

// strength orders types of equal cap; it decides only which one is named.
func strength(t surveys.EvidenceType) int {
	switch t {
	case surveys.E5:
		return 5
	case surveys.E2:
		return 4
	case surveys.E1:
		return 3
	case surveys.E4:
		return 2
	case surveys.E3:
		return 1
	case surveys.E0:
		return 0
	default:
		return 0
	}
}
