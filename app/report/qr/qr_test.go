package qr_test

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"strings"
	"testing"

	"traguardo/app/report/qr"
)

func TestSVG(t *testing.T) {
	t.Parallel()
	got, err := qr.SVG("https://traguardo.example/q/abcdefghjkmnpqrstuvwxyz234", "Collegamento <personale>")
	if err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
	}
	if !strings.Contains(got, "Collegamento &lt;personale&gt;") || strings.Contains(got, "style=") {
		t.Errorf("got %s, want an escaped title and no style", got)
	}
	// A finder pattern begins each of three corners: seven dark modules inside the quiet zone.
	if n := strings.Count(got, "M4 4h7v1h-7z"); n != 1 {
		t.Errorf("got %d top left finder rows, want 1", n)
	}
	if again, err := qr.SVG("https://traguardo.example/q/abcdefghjkmnpqrstuvwxyz234", "Collegamento <personale>"); err != nil || again != got {
		t.Errorf("second drawing differs: %v", err)
	}
	if _, err := qr.SVG(strings.Repeat("a", 4000), "x"); err == nil {
		t.Error("4000 characters: got no error")
	}
}

func TestPNG(t *testing.T) {
	t.Parallel()
	b, err := qr.PNG("https://traguardo.example/q/abcdefghjkmnpqrstuvwxyz234", 8)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	dark := func(x, y int) bool { r, _, _, _ := img.At(x*8+4, y*8+4).RGBA(); return r == 0 }
	// The quiet zone, then a finder pattern: seven dark modules in its first row, a light ring inside.
	if img.Bounds().Dx()%8 != 0 || dark(3, 3) || !dark(4, 4) || !dark(10, 4) || dark(11, 4) || dark(5, 5) || !dark(7, 7) {
		t.Errorf("no finder pattern in a picture of %v", img.Bounds())
	}
	if _, err := qr.PNG(strings.Repeat("a", 4000), 8); err == nil {
		t.Error("4000 characters: got no error")
	}
}
