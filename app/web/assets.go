package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// Assets serves the embedded static files under /static/<hash>/, where hash is of
// the content of all of them: a new build has new addresses, so browsers may keep
// the old ones for a year. Safe for concurrent use.
type Assets struct {
	hash  string
	files map[string]*asset // path under static/ → file
}

// asset is one file and, once somebody asked for it, its compressed form.
type asset struct {
	body        []byte
	contentType string
	once        sync.Once
	zipped      []byte // nil when compressing gains nothing
}

// NewAssets reads every file of fsys (rooted at static/).
func NewAssets(fsys fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]*asset{}}
	sum := sha256.New()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(body))
		sum.Write(body)
		a.files[name] = &asset{body: body, contentType: contentType(name)}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the static files: %w", err)
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

// Path returns the address of a file by its path under static/. A file that is not
// there (vendor/ before `make assets`) has an address too, which answers 404.
func (a *Assets) Path(name string) string { return "/static/" + a.hash + "/" + name }

// Has says whether the file is embedded.
func (a *Assets) Has(name string) bool { return a.files[name] != nil }

// Serve answers GET /static/:hash/*: the file, compressed where the browser takes
// it; 404 for any other path. With another build's hash (two replicas during a new
// release) it answers all the same, but not to be kept.
func (a *Assets) Serve(c *fiber.Ctx) error {
	file := a.files[path.Clean(c.Params("*"))]
	if file == nil {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.contentType)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if c.Params("hash") == a.hash {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	// Fiber answers "gzip" to a request without the header: such a client gets the plain file.
	takes := c.Get(fiber.HeaderAcceptEncoding) != "" && c.AcceptsEncodings("gzip") == "gzip"
	if zipped := file.compressed(); zipped != nil && takes {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(zipped)
	}
	return c.Send(file.body)
}

// compressed returns the gzip form, made at the first call; nil where it is not smaller by a tenth.
func (f *asset) compressed() []byte {
	f.once.Do(func() {
		if strings.HasPrefix(f.contentType, "font/") || strings.HasPrefix(f.contentType, "image/png") {
			return
		}
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return
		}
		if _, err := w.Write(f.body); err != nil {
			return
		}
		if err := w.Close(); err == nil && b.Len() < len(f.body)*9/10 {
			f.zipped = b.Bytes()
		}
	})
	return f.zipped
}

// contentType returns the media type by extension, the same on every machine for the types we ship.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
