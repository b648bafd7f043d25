package service

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// MaxUpload is the largest file that may be kept, in bytes.
const MaxUpload = 10 << 20

// Upload is a file as it arrived: the name is a wish, the type is found from the content.
type Upload struct {
	Name    string
	Content []byte
}

// fileType is one admitted type: what it is served as and the extension its name gets.
type fileType struct{ contentType, extension string }

// typeOf finds the type of a file from its bytes. The name decides only between
// kinds of plain text. ok is false for everything that is not admitted, office
// documents with macros among them.
func typeOf(u Upload) (fileType, bool) {
	b := u.Content
	switch {
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return fileType{"application/pdf", ".pdf"}, true
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return fileType{"image/png", ".png"}, true
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return fileType{"image/jpeg", ".jpg"}, true
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return typeOfZip(b)
	case plainText(b) && strings.EqualFold(path.Ext(u.Name), ".csv"):
		return fileType{"text/csv; charset=" + charsetOf(b), ".csv"}, true
	case plainText(b) && strings.EqualFold(path.Ext(u.Name), ".txt"):
		return fileType{"text/plain; charset=" + charsetOf(b), ".txt"}, true
	default:
		return fileType{}, false
	}
}

// typeOfZip tells the office documents by their table of contents; nothing is
// unpacked but the 64 bytes that name an OpenDocument.
func typeOfZip(b []byte) (fileType, bool) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return fileType{}, false
	}
	var found fileType
	contents := false
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return fileType{}, false
		case name == "[content_types].xml":
			contents = true
		case name == "word/document.xml":
			found = fileType{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"}
		case name == "xl/workbook.xml":
			found = fileType{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"}
		case name == "mimetype" && found == fileType{}:
			found, contents = openDocument(f)
		}
	}
	return found, contents && found != fileType{}
}

func openDocument(f *zip.File) (fileType, bool) {
	r, err := f.Open()
	if err != nil {
		return fileType{}, false
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 64))
	if err != nil {
		return fileType{}, false
	}
	switch kind := strings.TrimSpace(string(text)); kind {
	case "application/vnd.oasis.opendocument.text":
		return fileType{kind, ".odt"}, true
	case "application/vnd.oasis.opendocument.spreadsheet":
		return fileType{kind, ".ods"}, true
	default:
		return fileType{}, false
	}
}

// plainText reports whether b holds text: UTF-8, or one byte a letter, and no
// control characters but tabs and line ends.
func plainText(b []byte) bool {
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return len(b) > 0
}

func charsetOf(b []byte) string {
	if utf8.Valid(b) {
		return "utf-8"
	}
	return "windows-1252"
}

// safeName keeps the last part of a file's name, without what a file system or a
// header could misread, and gives it the extension of its content.
func safeName(name, extension string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"/\|?*;%`, r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r) {
			return '_'
		}
		return r
	}, name)
	if old := path.Ext(name); strings.EqualFold(old, extension) || strings.EqualFold(old, ".jpeg") && extension == ".jpg" {
		name = strings.TrimSuffix(name, old)
	}
	name = strings.Trim(name, ". ")
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:120])
	}
	if name == "" {
		name = "documento"
	}
	return name + extension
}

// checkUpload says what is wrong with an upload, by field.
func checkUpload(u Upload, field string, f *faults) {
	switch _, ok := typeOf(u); {
	case len(u.Content) == 0:
		f.add(field, "upload.empty")
	case len(u.Content) > MaxUpload:
		f.add(field, "upload.large")
	case !ok:
		f.add(field, "upload.type")
	}
}

// storeUpload keeps a checked upload as a file of the ente.
func (s *Service) storeUpload(ctx context.Context, tx *storage.Store, actor auth.Actor, ente surveys.ID, u Upload) (surveys.ID, error) {
	kind, ok := typeOf(u)
	if !ok {
		return "", Invalid("file", "upload.type")
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(u.Content)
	return id, tx.AddFile(ctx, storage.File{ID: id, EnteID: ente, Name: safeName(u.Name, kind.extension), ContentType: kind.contentType,
		SHA256: hex.EncodeToString(sum[:]), Content: u.Content, CreatedBy: actor.UserID, CreatedAt: s.clock()})
}
