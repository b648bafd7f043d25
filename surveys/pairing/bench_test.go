package pairing

import (
	"fmt"
	"testing"

	"traguardo/surveys"
)

func BenchmarkHashCode(b *testing.B) {
	code, err := NewCode([Elements]string{"A", "07", "L", "2", "G", "11"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		HashCode(testKey(), "s1", code)
	}
}

func BenchmarkDeriveLink(b *testing.B) {
	for b.Loop() {
		if _, err := DeriveLink(LinkSecret{1, 2, 3}); err != nil {
			b.Fatal(err)
		}
	}
}

func benchWaves(b *testing.B, n int, method surveys.Pairing) {
	b.Helper()
	pre, post := make([]Keyed, n), make([]Keyed, n)
	for i := range n {
		code, err := NewCode([Elements]string{
			string(rune('A' + i%26)), fmt.Sprint(1 + i/26%31), string(rune('A' + i/806%26)), fmt.Sprint(i % 4), "X", "00",
		})
		if err != nil {
			b.Fatal(err)
		}
		pre[i] = Keyed{surveys.ID(fmt.Sprintf("a%06d", i)), HashCode(testKey(), "s1", code)}
		post[i] = Keyed{surveys.ID(fmt.Sprintf("b%06d", i*7919%n)), HashCode(testKey(), "s1", code)}
		if i%5 == 0 {
			post[i].Full = Hash{byte(i), byte(i >> 8), 1}
		}
	}
	for b.Loop() {
		Match(pre, post, method, n)
	}
}

func BenchmarkMatchTolerant100(b *testing.B) { benchWaves(b, 100, surveys.PairingCode) }

func BenchmarkMatchCards20000(b *testing.B) { benchWaves(b, 20000, surveys.PairingCard) }
