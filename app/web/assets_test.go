package web

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gofiber/fiber/v2"
)

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	sheet := strings.Repeat("p { margin: 0 }\n", 100)
	assets, err := NewAssets(fstest.MapFS{"css/base.css": {Data: []byte(sheet)}, "fonts/a.woff2": {Data: []byte("font")}})
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/static/:hash/*", assets.Serve)
	tests := []struct {
		name, path, accept string
		status             int
		cache, encoding    string
	}{
		{"kept a year", assets.Path("css/base.css"), "", 200, "public, max-age=31536000, immutable", ""},
		{"compressed", assets.Path("css/base.css"), "br, gzip", 200, "public, max-age=31536000, immutable", "gzip"},
		{"a font is not compressed again", assets.Path("fonts/a.woff2"), "gzip", 200, "public, max-age=31536000, immutable", ""},
		{"another build's address", "/static/0123456789abcdef/css/base.css", "", 200, "no-cache", ""},
		{"no such file", assets.Path("css/none.css"), "", 404, "", ""},
		{"out of the folder", assets.Path("..%2f..%2fgo.mod"), "", 404, "", ""},
	}
	for _, tt := range tests {
		request := httptest.NewRequest("GET", tt.path, nil)
		request.Header.Set("Accept-Encoding", tt.accept)
		response, err := app.Test(request, -1)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != tt.status || response.Header.Get("Cache-Control") != tt.cache || response.Header.Get("Content-Encoding") != tt.encoding {
			t.Errorf("%s: got %d %q %q", tt.name, response.StatusCode, response.Header.Get("Cache-Control"), response.Header.Get("Content-Encoding"))
		}
		if tt.encoding == "gzip" {
			plain, err := gzip.NewReader(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(plain); err != nil || string(body) != sheet {
				t.Errorf("%s: the file changed on the way: %v", tt.name, err)
			}
		}
	}
}

func TestStaticAddressFollowsTheContent(t *testing.T) {
	t.Parallel()
	address := func(text string) string {
		assets, err := NewAssets(fstest.MapFS{"a.css": {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return assets.Path("a.css")
	}
	first, again, other := address("one"), address("one"), address("two")
	if first != again || first == other {
		t.Error("the address must change with the content and only then")
	}
}
