package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// ErrFormat marks a file that is not what gofpdf writes.
var ErrFormat = errors.New("not a PDF of gofpdf")

// file is a parsed document.
type file struct {
	objects map[ref]object
	root    ref
}

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }

// parse reads the cross-reference table and every object it names.
func parse(raw []byte) (*file, error) {
	i := bytes.LastIndex(raw, []byte("startxref"))
	if i < 0 {
		return nil, fmt.Errorf("%w: no startxref", ErrFormat)
	}
	l := &lexer{b: raw, pos: i + len("startxref")}
	start, err := l.integer()
	if err != nil || start < 0 || start >= len(raw) {
		return nil, fmt.Errorf("%w: bad startxref", ErrFormat)
	}
	offsets, trailer, err := table(raw, start)
	if err != nil {
		return nil, err
	}
	f := &file{objects: make(map[ref]object, len(offsets))}
	root, ok := trailer["Root"].(ref)
	if !ok || trailer["Encrypt"] != nil {
		return nil, fmt.Errorf("%w: no root or encrypted", ErrFormat)
	}
	f.root = root
	for n, at := range offsets {
		o, err := objectAt(raw, n, at)
		if err != nil {
			return nil, err
		}
		f.objects[n] = o
	}
	for n, o := range f.objects {
		if r, ok := f.dangling(o); ok {
			return nil, fmt.Errorf("%w: object %d points to %d, which is not there", ErrFormat, n, r)
		}
	}
	return f, nil
}

// dangling returns a reference inside o to an object that the file lacks.
func (f *file) dangling(o object) (ref, bool) {
	switch v := o.(type) {
	case ref:
		return v, f.objects[v] == nil
	case dict:
		for _, e := range v {
			if r, ok := f.dangling(e); ok {
				return r, true
			}
		}
	case array:
		for _, e := range v {
			if r, ok := f.dangling(e); ok {
				return r, true
			}
		}
	case *stream:
		return f.dangling(v.d)
	}
	return 0, false
}

// table reads "xref 0 n", its entries and the trailer.
func table(raw []byte, start int) (map[ref]int, dict, error) {
	l := &lexer{b: raw, pos: start}
	if !l.word("xref") {
		return nil, nil, fmt.Errorf("%w: no xref table at %d", ErrFormat, start)
	}
	first, err1 := l.integer()
	count, err2 := l.integer()
	if err1 != nil || err2 != nil || first != 0 || count < 1 || count > len(raw)/20+1 {
		return nil, nil, fmt.Errorf("%w: bad xref head", ErrFormat)
	}
	offsets := make(map[ref]int, count)
	for n := range count {
		at, err1 := l.integer()
		_, err2 := l.integer()
		if err1 != nil || err2 != nil {
			return nil, nil, fmt.Errorf("%w: bad xref entry %d", ErrFormat, n)
		}
		switch {
		case l.word("n"):
			offsets[ref(n)] = at
		case l.word("f"):
		default:
			return nil, nil, fmt.Errorf("%w: bad xref entry %d", ErrFormat, n)
		}
	}
	if !l.word("trailer") {
		return nil, nil, fmt.Errorf("%w: no trailer", ErrFormat)
	}
	o, err := l.object()
	if err != nil {
		return nil, nil, err
	}
	d, ok := o.(dict)
	if !ok {
		return nil, nil, fmt.Errorf("%w: trailer is no dictionary", ErrFormat)
	}
	return offsets, d, nil
}

// objectAt reads "n 0 obj … endobj" at an offset.
func objectAt(raw []byte, n ref, at int) (object, error) {
	if at <= 0 || at >= len(raw) {
		return nil, fmt.Errorf("%w: object %d at %d", ErrFormat, n, at)
	}
	l := &lexer{b: raw, pos: at}
	got, err := l.integer()
	if err != nil || ref(got) != n {
		return nil, fmt.Errorf("%w: object %d is not at %d", ErrFormat, n, at)
	}
	if _, err := l.integer(); err != nil || !l.word("obj") {
		return nil, fmt.Errorf("%w: head of object %d", ErrFormat, n)
	}
	o, err := l.object()
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", n, err)
	}
	if d, ok := o.(dict); ok && l.word("stream") {
		return l.stream(d, n)
	}
	if !l.word("endobj") {
		return nil, fmt.Errorf("%w: object %d has no end", ErrFormat, n)
	}
	return o, nil
}

// lexer reads tokens from pos on.
type lexer struct {
	b     []byte
	pos   int
	depth int // nesting of arrays and dictionaries
}

// maxDepth is the deepest nesting that is read; gofpdf stays under ten.
const maxDepth = 50

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) space() {
	for l.pos < len(l.b) && isSpace(l.b[l.pos]) {
		l.pos++
	}
}

// word skips w if it stands next.
func (l *lexer) word(w string) bool {
	l.space()
	if l.pos > len(l.b) || !bytes.HasPrefix(l.b[l.pos:], []byte(w)) {
		return false
	}
	l.pos += len(w)
	return true
}

// regular reads characters up to a space or delimiter.
func (l *lexer) regular() string {
	start := l.pos
	for l.pos < len(l.b) && !isSpace(l.b[l.pos]) && !isDelimiter(l.b[l.pos]) {
		l.pos++
	}
	return string(l.b[start:l.pos])
}

func (l *lexer) integer() (int, error) {
	l.space()
	n, err := strconv.Atoi(l.regular())
	if err != nil {
		return 0, fmt.Errorf("%w: number expected at %d", ErrFormat, l.pos)
	}
	return n, nil
}

// stream reads the bytes after the word stream; Length must be direct.
func (l *lexer) stream(d dict, n ref) (object, error) {
	if l.pos < len(l.b) && l.b[l.pos] == '\r' {
		l.pos++
	}
	l.pos++ // the line feed
	size, ok := d["Length"].(token)
	if !ok {
		return nil, fmt.Errorf("%w: length of stream %d", ErrFormat, n)
	}
	k, err := strconv.Atoi(string(size))
	if err != nil || k < 0 || k > len(l.b) || l.pos+k > len(l.b) {
		return nil, fmt.Errorf("%w: length of stream %d", ErrFormat, n)
	}
	data := l.b[l.pos : l.pos+k]
	l.pos += k
	if !l.word("endstream") {
		return nil, fmt.Errorf("%w: stream %d has no end", ErrFormat, n)
	}
	return &stream{d: d, data: data}, nil
}

// object reads one object; "n g R" becomes a ref.
func (l *lexer) object() (object, error) {
	l.space()
	if l.pos >= len(l.b) || l.depth > maxDepth {
		return nil, fmt.Errorf("%w: unexpected end or too deep", ErrFormat)
	}
	l.depth++
	defer func() { l.depth-- }()
	switch c := l.b[l.pos]; {
	case c == '/':
		l.pos++
		return name(l.regular()), nil
	case c == '[':
		l.pos++
		return l.array()
	case c == '<' && l.pos+1 < len(l.b) && l.b[l.pos+1] == '<':
		l.pos += 2
		return l.dict()
	case c == '<':
		end := bytes.IndexByte(l.b[l.pos:], '>')
		if end < 0 {
			return nil, fmt.Errorf("%w: hex string at %d", ErrFormat, l.pos)
		}
		s := token(l.b[l.pos : l.pos+end+1])
		l.pos += end + 1
		return s, nil
	case c == '(':
		return l.literal()
	default:
		return l.numberOrRef()
	}
}

func (l *lexer) array() (object, error) {
	a := array{}
	for !l.word("]") {
		o, err := l.object()
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
	return a, nil
}

func (l *lexer) dict() (object, error) {
	d := dict{}
	for !l.word(">>") {
		k, err := l.object()
		if err != nil {
			return nil, err
		}
		key, ok := k.(name)
		if !ok {
			return nil, fmt.Errorf("%w: key at %d", ErrFormat, l.pos)
		}
		if d[key], err = l.object(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// literal reads a string in parentheses, with its delimiters.
func (l *lexer) literal() (object, error) {
	start, depth := l.pos, 0
	for ; l.pos < len(l.b); l.pos++ {
		switch l.b[l.pos] {
		case '\\':
			l.pos++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				l.pos++
				return token(l.b[start:l.pos]), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: string at %d", ErrFormat, start)
}

func (l *lexer) numberOrRef() (object, error) {
	w := l.regular()
	if w == "" {
		return nil, fmt.Errorf("%w: byte %q at %d", ErrFormat, l.b[l.pos], l.pos)
	}
	n, err := strconv.Atoi(w)
	if err != nil || n < 0 {
		return token(w), nil
	}
	save := l.pos
	if g, err := l.integer(); err == nil && g == 0 {
		l.space()
		if l.pos < len(l.b) && l.b[l.pos] == 'R' && (l.pos+1 == len(l.b) || isSpace(l.b[l.pos+1]) || isDelimiter(l.b[l.pos+1])) {
			l.pos++
			return ref(n), nil
		}
	}
	l.pos = save
	return token(w), nil
}
