package stats

import "testing"

func benchDiffs(n int) []float64 {
	source := seeded(41)
	diffs := make([]float64, n)
	for i := range diffs {
		diffs[i] = source.NormFloat64()*12 + 4
	}
	return diffs
}

func BenchmarkWilcoxonExact50(b *testing.B) {
	diffs := benchDiffs(50)
	for b.Loop() {
		Wilcoxon(diffs, WilcoxonOptions{})
	}
}

func BenchmarkWilcoxonExact1000(b *testing.B) {
	diffs := benchDiffs(1000)
	for b.Loop() {
		Wilcoxon(diffs, WilcoxonOptions{Method: Exact})
	}
}

func BenchmarkWilcoxonNormal100000(b *testing.B) {
	diffs := benchDiffs(100000)
	for b.Loop() {
		Wilcoxon(diffs, WilcoxonOptions{})
	}
}

func BenchmarkHodgesLehmann14(b *testing.B) {
	diffs := benchDiffs(14)
	for b.Loop() {
		HodgesLehmann(diffs)
	}
}

func BenchmarkHodgesLehmann200(b *testing.B) {
	diffs := benchDiffs(200)
	for b.Loop() {
		HodgesLehmann(diffs)
	}
}

func BenchmarkHodgesLehmann20000(b *testing.B) {
	diffs := benchDiffs(20000)
	for b.Loop() {
		HodgesLehmann(diffs)
	}
}

func BenchmarkBCa100(b *testing.B) {
	diffs := benchDiffs(100)
	for b.Loop() {
		BCa(diffs, Mean, BootstrapDraws, 1)
	}
}

func BenchmarkBCa2000(b *testing.B) {
	diffs := benchDiffs(2000)
	for b.Loop() {
		BCa(diffs, Mean, BootstrapDraws, 1)
	}
}

func BenchmarkStratifiedDrawn4000(b *testing.B) {
	strata := make([][]float64, 280)
	for s := range strata {
		strata[s] = benchDiffs(15)
	}
	for b.Loop() {
		StratifiedSignedRank(strata, 10000, 1)
	}
}

func BenchmarkOmega24Items(b *testing.B) {
	source := seeded(42)
	scores := make([][]float64, 400)
	for i := range scores {
		factor := source.NormFloat64()
		scores[i] = make([]float64, 24)
		for j := range scores[i] {
			scores[i][j] = 0.6*factor + 0.8*source.NormFloat64()
		}
	}
	for b.Loop() {
		Omega(scores)
	}
}
