package pairing

import (
	"cmp"
	"slices"

	"traguardo/surveys"
)

// MaxTolerant is the largest number of respondents of a Comune with which a
// remembered code may differ in one element (questionnaires, Block 1).
const MaxTolerant = 100

// Keyed is one response with the hashes of the code that came with it. ID is
// unique within a wave. A zero Full means that no code was given.
type Keyed struct {
	ID surveys.ID
	Hashes
}

// Pair is two responses of one person. Masked is 0 when the whole code was equal
// and otherwise the element, 1–6, that differs.
type Pair struct {
	Pre, Post surveys.ID
	Masked    int
}

// Ambiguity is a set of responses that could be paired in more than one way and
// are therefore not paired at all; both sides in ascending order.
type Ambiguity struct{ Pre, Post []surveys.ID }

// MatchReport is the pairing of two waves of one Comune. Every response stands in
// exactly one place. Pairs and unmatched ids are in ascending order, so the report
// does not depend on the order of the input.
type MatchReport struct {
	Pairs         []Pair
	Ambiguous     []Ambiguity
	UnmatchedPre  []surveys.ID
	UnmatchedPost []surveys.ID
}

// AmbiguousCount returns the number of responses dropped as ambiguous.
func (r MatchReport) AmbiguousCount() (pre, post int) {
	for _, a := range r.Ambiguous {
		pre += len(a.Pre)
		post += len(a.Post)
	}
	return pre, post
}

// MatchRate returns pairs / min(n1, n2), 0–1 (methodology §2.1). ok is false when a
// wave is empty.
func (r MatchReport) MatchRate() (rate float64, ok bool) {
	pre, post := r.AmbiguousCount()
	smaller := len(r.Pairs) + min(pre+len(r.UnmatchedPre), post+len(r.UnmatchedPost))
	if smaller == 0 {
		return 0, false
	}
	return float64(len(r.Pairs)) / float64(smaller), true
}

// Match pairs the responses of two waves inside one Comune. First the full hash:
// equal once on both sides is a pair, equal more often is an ambiguity. Then, for
// surveys.PairingCode and up to MaxTolerant respondents, among the unmatched alone: two
// responses of which one masked hash is equal are a pair when neither has another
// such partner, and otherwise an ambiguity. size is the number of respondents of
// the Comune; the larger wave counts when it is more.
func Match(pre, post []Keyed, method surveys.Pairing, size int) MatchReport {
	m := matcher{pre: sortedByID(pre), post: sortedByID(post)}
	m.preDone, m.postDone = make([]bool, len(pre)), make([]bool, len(post))
	m.full()
	if method == surveys.PairingCode && max(size, len(pre), len(post)) <= MaxTolerant {
		m.tolerant()
	}
	for i, done := range m.preDone {
		if !done {
			m.report.UnmatchedPre = append(m.report.UnmatchedPre, m.pre[i].ID)
		}
	}
	for j, done := range m.postDone {
		if !done {
			m.report.UnmatchedPost = append(m.report.UnmatchedPost, m.post[j].ID)
		}
	}
	slices.SortFunc(m.report.Pairs, func(a, b Pair) int { return cmp.Compare(a.Pre, b.Pre) })
	slices.SortFunc(m.report.Ambiguous, func(a, b Ambiguity) int { return cmp.Compare(a.Pre[0], b.Pre[0]) })
	return m.report
}

func sortedByID(rows []Keyed) []Keyed {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b Keyed) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), slices.Compare(a.Full[:], b.Full[:]))
	})
	return sorted
}

// matcher is one run of Match; done marks rows that are paired or ambiguous.
type matcher struct {
	pre, post         []Keyed
	preDone, postDone []bool
	report            MatchReport
}

// full settles every full hash that stands on both sides.
func (m *matcher) full() {
	before, after := byFull(m.pre), byFull(m.post)
	for i := range m.pre {
		if hash := m.pre[i].Full; !m.preDone[i] && !hash.IsZero() && len(after[hash]) > 0 {
			m.settle(before[hash], after[hash], 0)
		}
	}
}

func byFull(rows []Keyed) map[Hash][]int {
	at := make(map[Hash][]int, len(rows))
	for i, row := range rows {
		if !row.Full.IsZero() {
			at[row.Full] = append(at[row.Full], i)
		}
	}
	return at
}

// settle takes rows that fit each other: one on each side is a pair, more are an
// ambiguity. Positions are ascending.
func (m *matcher) settle(pre, post []int, masked int) {
	for _, i := range pre {
		m.preDone[i] = true
	}
	for _, j := range post {
		m.postDone[j] = true
	}
	if len(pre) == 1 && len(post) == 1 {
		m.report.Pairs = append(m.report.Pairs, Pair{m.pre[pre[0]].ID, m.post[post[0]].ID, masked})
		return
	}
	var a Ambiguity
	for _, i := range pre {
		a.Pre = append(a.Pre, m.pre[i].ID)
	}
	for _, j := range post {
		a.Post = append(a.Post, m.post[j].ID)
	}
	m.report.Ambiguous = append(m.report.Ambiguous, a)
}

// tolerant settles the groups of unmatched rows that are linked by equal masked
// hashes, directly or through others: a group of one and one is a pair.
func (m *matcher) tolerant() {
	partners := m.partners()
	for i := range m.pre {
		if m.preDone[i] || len(partners[i]) == 0 {
			continue
		}
		pre, post := m.group(i, partners)
		m.settle(pre, post, partners[i][post[0]])
	}
}

// partners lists for each unmatched pre row the unmatched post rows that differ in
// at most one element, with that element, 1–6.
func (m *matcher) partners() []map[int]int {
	type key struct {
		element int
		hash    Hash
	}
	at := make(map[key][]int)
	for j, row := range m.post {
		if m.postDone[j] || row.Full.IsZero() {
			continue
		}
		for e, hash := range row.Masked {
			if !hash.IsZero() {
				at[key{e, hash}] = append(at[key{e, hash}], j)
			}
		}
	}
	partners := make([]map[int]int, len(m.pre))
	for i, row := range m.pre {
		if m.preDone[i] || row.Full.IsZero() {
			continue
		}
		partners[i] = make(map[int]int)
		for e, hash := range row.Masked {
			for _, j := range at[key{e, hash}] {
				partners[i][j] = e + 1
			}
		}
	}
	return partners
}

// group returns the rows linked with pre row start, both sides ascending.
func (m *matcher) group(start int, partners []map[int]int) (pre, post []int) {
	inPre, inPost := map[int]bool{start: true}, map[int]bool{}
	for grown := true; grown; {
		grown = false
		for i, linked := range partners {
			for j := range linked {
				if inPre[i] != inPost[j] {
					inPre[i], inPost[j], grown = true, true, true
				}
			}
		}
	}
	for i := range m.pre {
		if inPre[i] {
			pre = append(pre, i)
		}
	}
	for j := range m.post {
		if inPost[j] {
			post = append(post, j)
		}
	}
	return pre, post
}
