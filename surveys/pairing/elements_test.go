package pairing

import (
	"errors"
	"strings"
	"testing"

	"traguardo/surveys"
)

func TestNewCode(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		raw  [Elements]string
		want string
	}{
		{"letters and numbers", [Elements]string{"A", "07", "L", "2", "G", "11"}, "A 07 L 2 G 11"},
		{"lower case, no padding", [Elements]string{"a", "7", "l", "2", "g", "1"}, "A 07 L 2 G 01"},
		{"accents", [Elements]string{"é", "31", "È", "0", "ù", "0"}, "E 31 E 0 U 00"},
		{"blanks", [Elements]string{" a ", " 7 ", "\tl", "2 ", "g\n", " 12 "}, "A 07 L 2 G 12"},
		{"whole names", [Elements]string{"Maria Luisa", "7", "L'Aquila", "2", "Giuseppina Anna", "3"}, "A 07 L 2 G 03"},
		{"double name with dash", [Elements]string{"Ana-Maria", "7", "Forlì", "2", "Émilie", "3"}, "N 07 F 2 E 03"},
		{"letters without accent to remove", [Elements]string{"Øystein", "7", "Łódź", "2", "Đorđe", "3"}, "Y 07 L 2 D 03"},
		{"decomposed and full width", [Elements]string{"e\u0301", "\uff11\uff12", "\uff21", "\uff12", "x", "00"}, "E 12 A 2 X 00"},
		{"not remembered", [Elements]string{"n", "1", "r", "9", "X", "00"}, "N 01 R 9 X 00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			code, err := NewCode(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(code.masked(-1), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNewCodeErrors(t *testing.T) {
	t.Parallel()
	good := [Elements]string{"A", "07", "L", "2", "G", "11"}
	bad := [Elements][]string{
		{"", " ", "7", "M. Luisa", "Я", "Мария", "?"},
		{"", "0", "32", "-1", "1.5", "sette", "00007", "+7"},
		{"", "3", "東京", "…"},
		{"", "10", "-1", "due"},
		{"", "9", strings.Repeat("a", 1000)},
		{"", "13", "-1", "gennaio", "1e1"},
	}
	for i, texts := range bad {
		for _, text := range texts {
			raw := good
			raw[i] = text
			code, err := NewCode(raw)
			var typing *TypingError
			if !errors.As(err, &typing) || !errors.Is(err, ErrElement) || !errors.Is(err, surveys.ErrInvalid) || code.Valid() {
				t.Fatalf("element %d %q: got %v, %v", i+1, text, code, err)
			}
			if typing.Position != i+1 || text != "" && strings.Contains(err.Error(), text) && len(text) > 2 {
				t.Errorf("element %d %q: got %v", i+1, text, err)
			}
		}
	}
}

func FuzzNewCode(f *testing.F) {
	f.Add("Maria", "7", "Ancona", "2", "Giuseppina", "11")
	f.Add("é", "31", "ß", "0", "x", "00")
	f.Add("", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g string) {
		code, err := NewCode([Elements]string{a, b, c, d, e, g})
		if err != nil {
			if code != (Code{}) || !errors.Is(err, ErrElement) {
				t.Fatalf("got %v, %v", code.elements, err)
			}
			return
		}
		for i, want := range [Elements]int{1, 2, 1, 1, 1, 2} {
			x := code.elements[i]
			letters := i == 0 || i == 2 || i == 4
			if len(x) != want || letters && strings.Trim(x, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || !letters && strings.Trim(x, "0123456789") != "" {
				t.Fatalf("element %d: got %q", i+1, x)
			}
		}
		if again, err := NewCode(code.elements); err != nil || again != code {
			t.Fatalf("normalising twice: got %v, %v", again.elements, err)
		}
	})
}
