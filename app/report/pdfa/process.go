package pdfa

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Producer is written into every file.
const Producer = "Traguardo"

// Options says what the file tells of itself.
type Options struct {
	Title    string
	Author   string // the ente
	Subject  string
	Lang     string    // BCP 47, e.g. "it"
	Date     time.Time // date of the result, written as creation and change
	Outline  []Bookmark
	Keywords string
	Pages    int               // pages the file must have; 0: not checked
	Fonts    map[string]string // PostScript names by gofpdf's names, e.g. "titilliumwebB"
}

// Bookmark is one entry of the outline. Level 1 is the top; an entry belongs
// to the last one before it with a lower level.
type Bookmark struct {
	Title string
	Level int
	Page  int     // 0-based
	Top   float64 // points from the top edge of the page
}

// Process rewrites the bytes of gofpdf. Equal pages and options give equal
// bytes. The error wraps ErrFormat when raw is not such a file.
func Process(raw []byte, o Options) ([]byte, error) {
	f, err := parse(raw)
	if err != nil {
		return nil, err
	}
	catalog, ok := f.objects[f.root].(dict)
	if !ok {
		return nil, fmt.Errorf("%w: no catalogue", ErrFormat)
	}
	for _, k := range []name{"Names", "OpenAction", "PageLayout", "Outlines", "PageMode"} {
		delete(catalog, k)
	}
	catalog["Lang"] = text(o.Lang)
	catalog["ViewerPreferences"] = dict{"DisplayDocTitle": token("true")}
	catalog["Metadata"] = f.add(&stream{
		d: dict{"Type": name("Metadata"), "Subtype": name("XML")}, data: xmp(o)})
	catalog["OutputIntents"] = array{f.outputIntent()}
	pages, err := f.pages(catalog)
	if err != nil {
		return nil, err
	}
	if o.Pages > 0 && o.Pages != len(pages) {
		return nil, fmt.Errorf("%w: %d pages, want %d", ErrFormat, len(pages), o.Pages)
	}
	if err := f.outline(catalog, pages, o.Outline); err != nil {
		return nil, err
	}
	if err := f.fonts(o.Fonts); err != nil {
		return nil, err
	}
	if err := f.compress(); err != nil {
		return nil, err
	}
	return f.bytes(f.add(info(o)))
}

// add gives an object the next free number.
func (f *file) add(o object) ref {
	n := ref(len(f.objects) + 1)
	for f.objects[n] != nil {
		n++
	}
	f.objects[n] = o
	return n
}

// pages returns the pages in order; gofpdf writes one flat page tree.
func (f *file) pages(catalog dict) ([]ref, error) {
	root, ok := catalog["Pages"].(ref)
	if !ok {
		return nil, fmt.Errorf("%w: no page tree", ErrFormat)
	}
	tree, ok := f.objects[root].(dict)
	if !ok {
		return nil, fmt.Errorf("%w: no page tree", ErrFormat)
	}
	kids, ok := tree["Kids"].(array)
	if !ok {
		return nil, fmt.Errorf("%w: no pages", ErrFormat)
	}
	var out []ref
	for _, k := range kids {
		r, ok := k.(ref)
		if !ok {
			return nil, fmt.Errorf("%w: page is no reference", ErrFormat)
		}
		page, ok := f.objects[r].(dict)
		if !ok || page["Type"] != name("Page") {
			return nil, fmt.Errorf("%w: page %d", ErrFormat, r)
		}
		out = append(out, r)
	}
	return out, nil
}

// info returns the document information, equal to the XMP.
func info(o Options) dict {
	d := dict{"Producer": text(Producer), "Creator": text(Producer), "Title": text(o.Title),
		"CreationDate": date(o.Date), "ModDate": date(o.Date)}
	for k, v := range map[name]string{"Author": o.Author, "Subject": o.Subject, "Keywords": o.Keywords} {
		if v != "" {
			d[k] = text(v)
		}
	}
	return d
}

func date(t time.Time) token {
	return token("(D:" + t.UTC().Format("20060102150405") + "+00'00')")
}

// compress deflates every stream that has no filter, but the metadata, which
// readers must find without decoding.
func (f *file) compress() error {
	z := newDeflater()
	for n, o := range f.objects {
		s, ok := o.(*stream)
		if !ok || s.d["Filter"] != nil || s.d["Type"] == name("Metadata") {
			continue
		}
		data, err := z.deflate(s.data)
		if err != nil {
			return fmt.Errorf("compress stream %d: %w", n, err)
		}
		s.data = data
		s.d["Filter"] = name("FlateDecode")
	}
	return nil
}

// deflater compresses one stream after another with the same tables, which
// take a megabyte.
type deflater struct{ w *zlib.Writer }

func newDeflater() *deflater { return &deflater{w: zlib.NewWriter(io.Discard)} }

func (z *deflater) deflate(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z.w.Reset(&b)
	if _, err := z.w.Write(data); err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	if err := z.w.Close(); err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	return b.Bytes(), nil
}

// order returns the objects in the order in which a walk from the catalogue and
// the information meets them, and their new numbers; what the walk does not
// meet is dropped, so that old numbers leave no trace.
func (f *file) order(info ref) ([]ref, map[ref]int) {
	numbers := map[ref]int{}
	var order []ref
	var walk func(o object)
	walk = func(o object) {
		switch v := o.(type) {
		case ref:
			if _, ok := numbers[v]; ok || f.objects[v] == nil {
				return
			}
			order = append(order, v)
			numbers[v] = len(order)
			walk(f.objects[v])
		case dict:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k])
			}
		case array:
			for _, e := range v {
				walk(e)
			}
		case *stream:
			walk(v.d)
		}
	}
	walk(f.root)
	walk(info)
	return order, numbers
}

// bytes writes the file.
func (f *file) bytes(info ref) ([]byte, error) {
	order, numbers := f.order(info)
	var missing []string
	number := func(r ref) int {
		n, ok := numbers[r]
		if !ok {
			missing = append(missing, fmt.Sprint(int(r)))
		}
		return n
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(order))
	for i, r := range order {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		write(&b, f.objects[r], number)
		b.WriteString("\nendobj\n")
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: references to absent objects %s", ErrFormat, strings.Join(missing, ", "))
	}
	sum := sha256.Sum256(b.Bytes())
	id := token("<" + strings.ToUpper(hex.EncodeToString(sum[:16])) + ">")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(order)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	b.WriteString("trailer\n")
	write(&b, dict{"Size": token(fmt.Sprint(len(order) + 1)), "Root": f.root, "Info": info, "ID": array{id, id}}, number)
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes(), nil
}
