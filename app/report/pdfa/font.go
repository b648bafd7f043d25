package pdfa

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// fonts gives every composite font a legal ToUnicode map and the name of a
// subset of the PostScript name in names.
func (f *file) fonts(names map[string]string) error {
	for _, n := range slices.Sorted(maps.Keys(f.objects)) {
		d, ok := f.objects[n].(dict)
		if !ok || d["Type"] != name("Font") || d["Subtype"] != name("Type0") {
			continue
		}
		if err := f.font(d, names); err != nil {
			return fmt.Errorf("font %d: %w", n, err)
		}
	}
	return nil
}

func (f *file) font(d dict, names map[string]string) error {
	kids, ok := d["DescendantFonts"].(array)
	if !ok || len(kids) != 1 {
		return fmt.Errorf("%w: descendant of a font", ErrFormat)
	}
	cid, ok := f.resolve(kids[0]).(dict)
	if !ok {
		return fmt.Errorf("%w: descendant of a font", ErrFormat)
	}
	m, ok := f.resolve(cid["CIDToGIDMap"]).(*stream)
	if !ok {
		return fmt.Errorf("%w: no CIDToGIDMap", ErrFormat)
	}
	table, err := inflate(m)
	if err != nil {
		return err
	}
	var codes []int
	for i := 0; i+1 < len(table); i += 2 {
		if table[i] != 0 || table[i+1] != 0 {
			codes = append(codes, i/2)
		}
	}
	d["ToUnicode"] = f.add(&stream{d: dict{}, data: toUnicode(codes)})
	base, ok := d["BaseFont"].(name)
	if !ok {
		return fmt.Errorf("%w: font without name", ErrFormat)
	}
	own := strings.TrimPrefix(string(base), "utf8")
	if n, ok := names[own]; ok {
		own = n
	}
	sub := name(tag(table) + "+" + own)
	d["BaseFont"], cid["BaseFont"] = sub, sub
	if desc, ok := f.resolve(cid["FontDescriptor"]).(dict); ok {
		desc["FontName"] = sub
	}
	return nil
}

func (f *file) resolve(o object) object {
	if r, ok := o.(ref); ok {
		return f.objects[r]
	}
	return o
}

// inflate returns the decoded bytes of a stream that has no filter or Flate.
func inflate(s *stream) ([]byte, error) {
	if s.d["Filter"] == nil {
		return s.data, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(s.data))
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", err)
	}
	const most = 1 << 24
	out, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", err)
	}
	return out, nil
}

// tag returns the six capital letters that mark a subset, from its content.
func tag(table []byte) string {
	sum := sha256.Sum256(table)
	var b [6]byte
	for i := range b {
		b[i] = 'A' + sum[i]%26
	}
	return string(b[:])
}

// toUnicode writes the map of the codes in use, which are their own Unicode
// values (gofpdf writes text as UTF-16BE). A range never crosses a first byte
// and a block never has more than 100 ranges (ISO 32000-1, 9.10.3).
func toUnicode(codes []int) []byte {
	type span struct{ from, to int }
	var spans []span
	for _, c := range codes {
		if n := len(spans); n > 0 && spans[n-1].to == c-1 && spans[n-1].to>>8 == c>>8 {
			spans[n-1].to = c
			continue
		}
		spans = append(spans, span{c, c})
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(spans, 100) {
		fmt.Fprintf(&b, "%d beginbfrange\n", len(block))
		for _, s := range block {
			fmt.Fprintf(&b, "<%04X> <%04X> <%04X>\n", s.from, s.to, s.from)
		}
		b.WriteString("endbfrange\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.Bytes()
}
