package service

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// zipOf packs files with these names; the first may have a content.
func zipOf(t *testing.T, content string, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		content = ""
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTypeOfUploads(t *testing.T) {
	for _, c := range []struct {
		what, name string
		content    []byte
		want       string // extension; empty: refused
	}{
		{"empty", "a.txt", nil, ""},
		{"PDF under another name", "a.exe", []byte("%PDF-1.7"), ".pdf"},
		{"PNG", "a", []byte("\x89PNG\r\n\x1a\n.."), ".png"},
		{"JPEG", "a", []byte("\xff\xd8\xff\xe0"), ".jpg"},
		{"text", "a.TXT", []byte("già fatto\n"), ".txt"},
		{"one byte a letter", "a.csv", []byte("gi\xe0;fatto\r\n"), ".csv"},
		{"page", "a.html", []byte("<p>"), ""},
		{"program as text", "a.txt", []byte("MZ\x00"), ""},
		{"document", "a.docx", zipOf(t, "", "[Content_Types].xml", "word/document.xml"), ".docx"},
		{"sheet", "a.zip", zipOf(t, "", "[Content_Types].xml", "xl/workbook.xml"), ".xlsx"},
		{"document with macros", "a.docx", zipOf(t, "", "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""},
		{"open document", "a.odt", zipOf(t, "application/vnd.oasis.opendocument.text", "mimetype"), ".odt"},
		{"open sheet", "a.ods", zipOf(t, "application/vnd.oasis.opendocument.spreadsheet", "mimetype"), ".ods"},
		{"other archive", "a.odt", zipOf(t, "application/zip", "mimetype"), ""},
		{"damaged archive", "a.docx", []byte("PK\x03\x04 nothing"), ""},
	} {
		got, ok := typeOf(Upload{Name: c.name, Content: c.content})
		if got.extension != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, %t, want %q", c.what, got.extension, ok, c.want)
		}
	}
}

func TestSafeName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{`C:\temp\atto.PDF`, "atto.pdf"},
		{"../../etc/passwd", "passwd.pdf"},
		{"a\r\nb\".exe", "a__b_.exe.pdf"},
		{"", "documento.pdf"},
		{strings.Repeat("à", 300), strings.Repeat("à", 120) + ".pdf"},
	} {
		if got := safeName(c.name, ".pdf"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.name, got, c.want)
		}
	}
}
