package privacy

import (
	"math"
	"slices"
	"strings"
)

// Leak is a small group of people whose mean follows from published ones.
type Leak struct {
	Members []string // keys of the people, sorted
}

// Leaks says which groups smaller than the threshold an outsider could isolate by
// adding and subtracting the figures published about sets, each set being the keys
// of the people behind one published mean of the same measure in the same wave.
// Every change of a filter is checked so against what was published before; an
// empty answer means that the new set may be published beside the old ones. Keys
// are those of one computation and are not kept; order and repetition in a set do
// not matter. Sorted by size, then members.
func (r Rules) Leaks(sets ...[]string) []Leak {
	atoms, rows := atomise(sets)
	basis := reduce(rows, len(atoms))
	var small []int
	for i, a := range atoms {
		if len(a) < r.Threshold() {
			small = append(small, i)
		}
	}
	var leaks []Leak
	var search func(from, size int, chosen []int)
	search = func(from, size int, chosen []int) {
		for k := from; k < len(small); k++ {
			i := small[k]
			if size+len(atoms[i]) >= r.Threshold() {
				continue
			}
			group := append(slices.Clone(chosen), i)
			if spanned(basis, group, len(atoms)) {
				leaks = append(leaks, leakOf(atoms, group))
			}
			search(k+1, size+len(atoms[i]), group)
		}
	}
	search(0, 0, nil)
	slices.SortFunc(leaks, func(a, b Leak) int {
		if len(a.Members) != len(b.Members) {
			return len(a.Members) - len(b.Members)
		}
		return slices.Compare(a.Members, b.Members)
	})
	return leaks
}

func leakOf(atoms [][]string, group []int) Leak {
	var l Leak
	for _, i := range group {
		l.Members = append(l.Members, atoms[i]...)
	}
	slices.Sort(l.Members)
	return l
}

// atomise splits the union of the sets into the groups that belong to exactly the
// same sets, and gives each set as a row of zeros and ones over those groups.
func atomise(sets [][]string) (atoms [][]string, rows [][]float64) {
	pattern := map[string][]byte{}
	var keys []string
	for s, set := range sets {
		for _, k := range set {
			p, seen := pattern[k]
			if !seen {
				p = []byte(strings.Repeat("0", len(sets)))
				pattern[k] = p
				keys = append(keys, k)
			}
			p[s] = '1'
		}
	}
	slices.Sort(keys)
	at := map[string]int{}
	for _, k := range keys {
		p := string(pattern[k])
		i, seen := at[p]
		if !seen {
			i = len(atoms)
			at[p] = i
			atoms = append(atoms, nil)
		}
		atoms[i] = append(atoms[i], k)
	}
	rows = make([][]float64, len(sets))
	for s := range rows {
		rows[s] = make([]float64, len(atoms))
		for i, a := range atoms {
			if pattern[a[0]][s] == '1' {
				rows[s][i] = 1
			}
		}
	}
	return atoms, rows
}

const pivotTolerance = 1e-9

// reduce returns the rows in reduced echelon form, rows of zeros left out.
func reduce(rows [][]float64, width int) [][]float64 {
	m := make([][]float64, len(rows))
	for i := range rows {
		m[i] = slices.Clone(rows[i])
	}
	rank := 0
	for col := 0; col < width && rank < len(m); col++ {
		best := rank
		for i := rank; i < len(m); i++ {
			if math.Abs(m[i][col]) > math.Abs(m[best][col]) {
				best = i
			}
		}
		if math.Abs(m[best][col]) < pivotTolerance {
			continue
		}
		m[rank], m[best] = m[best], m[rank]
		scale := m[rank][col]
		for j := range m[rank] {
			m[rank][j] /= scale
		}
		for i := range m {
			if i != rank {
				subtract(m[i], m[rank], m[i][col])
			}
		}
		rank++
	}
	return m[:rank]
}

func subtract(row, pivot []float64, factor float64) {
	if factor == 0 {
		return
	}
	for j := range row {
		row[j] -= factor * pivot[j]
	}
}

// spanned reports whether the indicator of the chosen atoms is a combination of
// the rows of basis.
func spanned(basis [][]float64, chosen []int, width int) bool {
	v := make([]float64, width)
	for _, i := range chosen {
		v[i] = 1
	}
	for _, row := range basis {
		lead := slices.IndexFunc(row, func(x float64) bool { return math.Abs(x) > pivotTolerance })
		if lead >= 0 {
			subtract(v, row, v[lead])
		}
	}
	return !slices.ContainsFunc(v, func(x float64) bool { return math.Abs(x) > pivotTolerance })
}
