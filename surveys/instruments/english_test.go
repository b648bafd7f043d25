package instruments

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"traguardo/surveys"
)

// texts calls see with each Text of v that holds Italian, however deep it is, and
// with the code of the item, block or scale around it.
func texts(v reflect.Value, code string, see func(code string, t surveys.Text)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			texts(v.Elem(), code, see)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			texts(v.Index(i), code, see)
		}
	case reflect.Struct:
		if t, ok := v.Interface().(surveys.Text); ok {
			if t.IT != "" {
				see(code, t)
			}
			return
		}
		if c := v.FieldByName("Code"); c.IsValid() && c.Kind() == reflect.String {
			code = c.String()
		}
		for _, f := range v.Fields() {
			texts(f, code, see)
		}
	default:
	}
}

// TestTextsInEnglish: who chose English meets no text of an instrument in Italian,
// be it title, intro, item, option, scale label, level, check or rationale.
func TestTextsInEnglish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   *surveys.Instrument
		want int
	}{{mat(t), 400}, {staff(t), 380}} {
		in, seen := c.in, 0
		texts(reflect.ValueOf(in), in.Code, func(code string, text surveys.Text) {
			seen++
			if text.EN == "" {
				t.Errorf("%s %s: no English for %q", in.Code, code, text.IT)
			}
		})
		if seen < c.want {
			t.Errorf("%s: %d texts looked at, want %d at least", in.Code, seen, c.want)
		}
	}
}

// TestEnglishLevelsDiffer: the five levels of an indicator are told apart in
// English as they are in Italian.
func TestEnglishLevelsDiffer(t *testing.T) {
	t.Parallel()
	for _, it := range mat(t).Items() {
		levels := map[string]bool{}
		for _, l := range it.Levels {
			levels[l.EN] = true
		}
		if len(levels) != 5 {
			t.Errorf("%s: %d different levels in English, want 5", it.Code, len(levels))
		}
	}
}

// TestEnglishKeepsTheTexts: in English too the four options of a knowledge question
// differ, and the key is the longest exactly where it is in Italian, so that no
// question gets easier; the attention check names a label that is on the page.
func TestEnglishKeepsTheTexts(t *testing.T) {
	t.Parallel()
	longest := func(it surveys.Item, lang string) bool {
		key, other := 0, 0
		for _, o := range it.Options {
			s, _ := o.Label.In(lang)
			if n := utf8.RuneCountInString(s); o.Key {
				key = n
			} else {
				other = max(other, n)
			}
		}
		return key > other
	}
	in := staff(t)
	for _, it := range block(t, in, "CON") {
		labels := map[string]bool{}
		for _, o := range it.Options {
			labels[o.Label.EN] = true
		}
		if len(labels) != 4 {
			t.Errorf("%s: %d different options in English, want 4", it.Code, len(labels))
		}
		if got, want := longest(it, "en"), longest(it, "it"); got != want {
			t.Errorf("%s: the key is the longest option in English: %t, in Italian: %t", it.Code, got, want)
		}
	}
	named := block(t, in, "ATN")[0]
	scale, ok := in.Scale(named.Scale)
	if !ok {
		t.Fatalf("no scale %s", named.Scale)
	}
	for _, o := range scale.Options {
		if o.Value != *named.Expect {
			continue
		}
		if want := `in this row choose "` + o.Label.EN + `".`; !strings.HasSuffix(named.Text.EN, want) {
			t.Errorf("%s: got %q, want it to end with %q", named.Code, named.Text.EN, want)
		}
	}
}
