package stats

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// AnonymityOptions says which columns of a table an outsider may know (Keys, the
// quasi-identifiers), which must not be inferred (Sensitive), and the size that a
// class should have (Threshold; the product's is 5). Columns count from 0. An empty
// cell is a value like any other: not answering also tells.
type AnonymityOptions struct {
	Keys, Sensitive []int
	Threshold       int
}

// Class is the rows that share one combination of key values, in the order of
// AnonymityOptions.Keys.
type Class struct {
	Values []string
	Size   int
}

// Diversity describes one sensitive column. Distinct is the least number of
// different values in a class (l of distinct l-diversity), Entropy the least e^H of
// a class, 1 to Distinct (entropy l-diversity). Homogeneous counts the rows whose
// class has one value only: knowing the keys of such a person is knowing the value.
type Diversity struct {
	Column      int
	Distinct    int
	Entropy     float64
	Homogeneous int
}

// AnonymityResult describes how far a table hides its rows (methodology §2.10,
// Sweeney 2002, Machanavajjhala et al. 2007). K is the size of the smallest class,
// Unique the number of rows alone in theirs, Below the number of rows in classes
// under the threshold, Small those classes, smallest first. Risk is the mean over
// rows of 1/size of their class, which is Classes/Rows: the share of persons that
// somebody who knows all keys of all would pick right.
type AnonymityResult struct {
	Rows, Classes, K, Unique, Below int
	Risk                            float64
	Small                           []Class
	Diversity                       []Diversity
}

// Anonymity groups rows by the key columns and measures k-anonymity and, for each
// sensitive column, l-diversity. Without key columns all rows are one class. ok is
// false when there are no rows, rows are unevenly long, or a column does not exist.
func Anonymity(rows [][]string, options AnonymityOptions) (AnonymityResult, bool) {
	if len(rows) == 0 {
		return AnonymityResult{}, false
	}
	for _, c := range slices.Concat(options.Keys, options.Sensitive) {
		if c < 0 || c >= len(rows[0]) {
			return AnonymityResult{}, false
		}
	}
	classes := map[string][]int{}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return AnonymityResult{}, false
		}
		k := classKey(row, options.Keys)
		classes[k] = append(classes[k], i)
	}
	result := AnonymityResult{
		Rows: len(rows), Classes: len(classes), K: len(rows), Risk: float64(len(classes)) / float64(len(rows)),
	}
	for _, members := range classes {
		size := len(members)
		result.K = min(result.K, size)
		if size == 1 {
			result.Unique++
		}
		if size < options.Threshold {
			result.Below += size
			result.Small = append(result.Small, Class{pick(rows[members[0]], options.Keys), size})
		}
	}
	slices.SortFunc(result.Small, func(a, b Class) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), slices.Compare(a.Values, b.Values))
	})
	for _, c := range options.Sensitive {
		result.Diversity = append(result.Diversity, diversity(rows, classes, c))
	}
	return result, true
}

// diversity measures one sensitive column over all classes.
func diversity(rows [][]string, classes map[string][]int, column int) Diversity {
	d := Diversity{Column: column, Distinct: len(rows), Entropy: float64(len(rows))}
	for _, members := range classes {
		counts := map[string]int{}
		for _, i := range members {
			counts[rows[i][column]]++
		}
		d.Distinct = min(d.Distinct, len(counts))
		if len(counts) == 1 {
			d.Homogeneous += len(members)
		}
		sizes := make([]int, 0, len(counts))
		for _, n := range counts {
			sizes = append(sizes, n)
		}
		slices.Sort(sizes) // one order of summing, one result
		var entropy float64
		for _, n := range sizes {
			p := float64(n) / float64(len(members))
			entropy -= p * math.Log(p)
		}
		d.Entropy = math.Min(d.Entropy, math.Exp(entropy))
	}
	return d
}

// classKey joins the key values so that no two combinations give the same text.
func classKey(row []string, keys []int) string {
	var b strings.Builder
	for _, c := range keys {
		b.WriteString(strconv.Itoa(len(row[c])))
		b.WriteByte(':')
		b.WriteString(row[c])
	}
	return b.String()
}

func pick(row []string, keys []int) []string {
	values := make([]string, len(keys))
	for i, c := range keys {
		values[i] = row[c]
	}
	return values
}
