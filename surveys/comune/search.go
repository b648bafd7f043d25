package comune

import (
	"cmp"
	"slices"
	"strings"
)

// Rank says how well a Comune answers a search; lower is better.
type Rank int

// The ranks, best first.
const (
	RankCode   Rank = iota + 1 // the query is one of its codes
	RankExact                  // the query is one of its names
	RankPrefix                 // one of its names begins with the query
	RankWord                   // every word of the query begins a word of the name, or is the province
)

// Match is one answer of a search.
type Match struct {
	Comune  Comune
	Rank    Rank
	Homonym bool // another Comune of the index has this name: show the province
}

// Index is a registry made ready for searching. It does not change after
// NewIndex and is safe for concurrent use.
type Index struct {
	entries []entry
	codes   map[string]int // folded code → index; see codeKey
	homonym map[string]int // folded name → number of Comuni
}

type entry struct {
	comune Comune
	names  []string // folded: one, or two when bilingual
	words  [][]string
	place  []string // folded sigla and words of the province's name
}

// NewIndex indexes comuni; it keeps a copy of the slice's elements.
func NewIndex(comuni []Comune) *Index {
	x := &Index{entries: make([]entry, 0, len(comuni)), codes: make(map[string]int, 3*len(comuni)), homonym: make(map[string]int, len(comuni))}
	for i, c := range comuni {
		e := entry{comune: c, names: []string{Fold(c.Name)}, place: append([]string{strings.ToLower(c.ProvinceSigla)}, strings.Fields(Fold(c.Province))...)}
		if c.OtherName != "" {
			e.names = append(e.names, Fold(c.OtherName))
		}
		for _, n := range e.names {
			e.words = append(e.words, strings.Fields(n))
		}
		x.homonym[e.names[0]]++
		x.entries = append(x.entries, e)
		x.code("catastale", string(c.Catastale), i)
		x.code("istat", string(c.ISTAT), i)
		x.code("ipa", c.IPA.Key(), i)
		for _, p := range c.ISTATPrev {
			x.code("istat", string(p), i)
		}
	}
	return x
}

func (x *Index) code(kind, code string, i int) {
	if code != "" {
		x.codes[codeKey(kind, code)] = i
	}
}

func codeKey(kind, code string) string { return kind + " " + strings.ToLower(code) }

// Len returns how many Comuni the index holds.
func (x *Index) Len() int { return len(x.entries) }

// ByCatastale returns the Comune with this cadastral code.
func (x *Index) ByCatastale(c CodiceCatastale) (Comune, bool) { return x.by("catastale", string(c)) }

// ByISTAT returns the Comune that has this ISTAT code now or had it before.
func (x *Index) ByISTAT(c CodiceISTAT) (Comune, bool) { return x.by("istat", string(c)) }

// ByIPA returns the Comune with this IPA code, in any case of letters.
func (x *Index) ByIPA(c CodiceIPA) (Comune, bool) { return x.by("ipa", string(c)) }

func (x *Index) by(kind, code string) (Comune, bool) {
	i, found := x.codes[codeKey(kind, code)]
	if !found || code == "" {
		return Comune{}, false
	}
	return x.entries[i].comune, true
}

// Search returns at most limit Comuni that answer query, best rank first, then
// by name and province. A query is a name in either language (accents, case,
// apostrophes and hyphens do not matter), a part of it, a name with its province
// ("Samone TN"), or a code: IPA, catastale, ISTAT present or earlier. A code can
// belong to two Comuni at once, one by IPA and one by catastale: both are given.
// An empty query or a limit under 1 gives nil.
func (x *Index) Search(query string, limit int) []Match {
	folded := Fold(query)
	if folded == "" || limit < 1 {
		return nil
	}
	byCode := x.codeHits(strings.TrimSpace(query))
	words := strings.Fields(folded)
	type hit struct {
		rank Rank
		e    *entry
	}
	var hits []hit
	for i := range x.entries {
		e := &x.entries[i]
		rank := e.rank(folded, words)
		if byCode[i] {
			rank = RankCode
		}
		if rank > 0 {
			hits = append(hits, hit{rank, e})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.e.names[0], b.e.names[0]),
			cmp.Compare(a.e.comune.ProvinceSigla, b.e.comune.ProvinceSigla), cmp.Compare(a.e.comune.Catastale, b.e.comune.Catastale))
	})
	found := make([]Match, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, Match{Comune: h.e.comune, Rank: h.rank, Homonym: x.homonym[h.e.names[0]] > 1})
	}
	return found
}

func (x *Index) codeHits(query string) map[int]bool {
	hits := map[int]bool{}
	for _, kind := range []string{"catastale", "istat", "ipa"} {
		if i, found := x.codes[codeKey(kind, query)]; found {
			hits[i] = true
		}
	}
	return hits
}

// rank returns the best rank of the entry for a folded query, 0 when it does not answer.
func (e *entry) rank(folded string, words []string) Rank {
	best, close := Rank(0), compact(folded)
	for i, name := range e.names {
		r := Rank(0)
		switch whole := compact(name); {
		case whole == close:
			r = RankExact
		case strings.HasPrefix(whole, close):
			r = RankPrefix
		case e.hasWords(e.words[i], words):
			r = RankWord
		}
		if r > 0 && (best == 0 || r < best) {
			best = r
		}
	}
	return best
}

// hasWords reports whether each word of the query begins a word of the name or
// is the province, and at least one begins a word of the name.
func (e *entry) hasWords(name, query []string) bool {
	named := false
	for _, q := range query {
		switch {
		case slices.ContainsFunc(name, func(w string) bool { return strings.HasPrefix(w, q) }):
			named = true
		case !slices.Contains(e.place, q):
			return false
		}
	}
	return named
}
