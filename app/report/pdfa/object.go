package pdfa

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
)

// object is one PDF object: dict, array, name, token, ref or *stream.
type object interface{}

// dict is a PDF dictionary; it is written with its keys in order.
type dict map[name]object

// array is a PDF array.
type array []object

// name is a PDF name without its slash, escaped as in the file.
type name string

// token is a number, a boolean, null or a string with its delimiters, as it
// stands in the file.
type token string

// ref points to the object with this number (generation 0).
type ref int

// stream is a dictionary with bytes; its Length is set when written.
type stream struct {
	d    dict
	data []byte
}

func number(n int) token { return token(strconv.Itoa(n)) }

// write appends o; number gives the number under which a ref is written.
func write(b *bytes.Buffer, o object, number func(ref) int) {
	switch v := o.(type) {
	case dict:
		b.WriteString("<<")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b.WriteString("/" + string(k))
			if !delimited(v[k]) {
				b.WriteByte(' ')
			}
			write(b, v[k], number)
		}
		b.WriteString(">>")
	case array:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(' ')
			}
			write(b, e, number)
		}
		b.WriteByte(']')
	case name:
		b.WriteString("/" + string(v))
	case token:
		b.WriteString(string(v))
	case ref:
		b.WriteString(strconv.Itoa(number(v)) + " 0 R")
	case *stream:
		v.d["Length"] = token(strconv.Itoa(len(v.data)))
		write(b, v.d, number)
		b.WriteString("\nstream\n")
		b.Write(v.data)
		b.WriteString("\nendstream")
	}
}

// delimited reports whether an object begins with a delimiter, so that no
// space is needed before it.
func delimited(o object) bool {
	switch v := o.(type) {
	case dict, array, name:
		return true
	case token:
		return v[0] == '(' || v[0] == '<'
	case ref, *stream:
		return false
	default:
		return false
	}
}

// text returns a PDF text string: UTF-16BE with a byte order mark, as hex.
func text(s string) token {
	const hex = "0123456789ABCDEF"
	var b bytes.Buffer
	b.WriteString("<FEFF")
	for _, u := range utf16Of(s) {
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(hex[u>>shift&0xf])
		}
	}
	b.WriteByte('>')
	return token(b.String())
}
