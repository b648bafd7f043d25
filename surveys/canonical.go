package surveys

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Canonical returns the bytes that make the instrument what it is: JSON without
// white space, the keys of every object in byte order, empty members left out
// (so that a later optional field does not change an older instrument), text as
// UTF-8 with only the escapes that JSON demands. Status is left out: passing
// from draft to pilot to active asks nobody a different question.
func (in *Instrument) Canonical() ([]byte, error) {
	same := *in
	same.Status = ""
	plain, err := json.Marshal(same)
	if err != nil {
		return nil, fmt.Errorf("encoding instrument %s %s: %w", in.Code, in.Version, err)
	}
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("reading back instrument %s %s: %w", in.Code, in.Version, err)
	}
	var out bytes.Buffer
	writeCanonical(&out, tree)
	return out.Bytes(), nil
}

// Hash returns the SHA-256 of Canonical as 64 lower-case hexadecimal digits.
func (in *Instrument) Hash() (string, error) {
	b, err := in.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// ParseCanonical reads back what Canonical wrote, with the status that is kept
// beside it, and validates the result. Unknown members are refused: a document
// that a newer program wrote is not read with a part missing.
func ParseCanonical(b []byte, status string) (*Instrument, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var in Instrument
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("%w: canonical instrument: %w", ErrInvalid, err)
	}
	in.Status = status
	if err := in.Validate(); err != nil {
		return nil, err
	}
	return &in, nil
}

// writeCanonical writes v, a tree as encoding/json reads it with UseNumber.
func writeCanonical(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		if v {
			out.WriteString("true")
		} else {
			out.WriteString("false")
		}
	case json.Number:
		out.WriteString(v.String())
	case string:
		writeString(out, v)
	case []any:
		out.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			writeCanonical(out, e)
		}
		out.WriteByte(']')
	case map[string]any:
		writeObject(out, v)
	}
}

func writeObject(out *bytes.Buffer, m map[string]any) {
	out.WriteByte('{')
	first := true
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if isEmpty(m[k]) {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		writeString(out, k)
		out.WriteByte(':')
		writeCanonical(out, m[k])
	}
	out.WriteByte('}')
}

// isEmpty reports whether a member says nothing: null, false, "", [] or an
// object of such members. A number is never empty, 0 is a value.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, e := range v {
			if !isEmpty(e) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

func writeString(out *bytes.Buffer, s string) {
	out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < 0x20:
			fmt.Fprintf(out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
}
