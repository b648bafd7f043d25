package qr

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// margin is the quiet zone around the code in modules (ISO/IEC 18004: four).
const margin = 4

// SVG returns a complete <svg> element with the code of text at error correction M
// (a seventh of it may be dirty), black on white, one unit a module, as one path:
// no style, no size but its view box. label is its name for screen readers. It
// fails when text is longer than a QR code can hold.
func SVG(text, label string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("drawing a QR code: %w", err)
	}
	bounds := code.Bounds()
	side := strconv.Itoa(bounds.Dx() + 2*margin)
	var b strings.Builder
	b.WriteString(`<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + side + " " + side + `" role="img" shape-rendering="crispEdges"><title>` +
		html.EscapeString(label) + `</title><rect width="` + side + `" height="` + side + `" fill="#fff"/><path fill="#000" d="`)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; {
			run := 0
			for x+run < bounds.Max.X && dark(code, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x-bounds.Min.X+margin, y-bounds.Min.Y+margin, run, run)
			}
			x += max(run, 1)
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

func dark(code image.Image, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r == 0
}

// PNG returns the code of text as a grey picture for printing, scale dots a module,
// with its quiet zone. It fails when text is longer than a QR code can hold.
func PNG(text string, scale int) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	bounds := code.Bounds()
	side := (bounds.Dx() + 2*margin) * scale
	out := image.NewGray(image.Rect(0, 0, side, side))
	for i := range out.Pix {
		x, y := i%out.Stride/scale-margin, i/out.Stride/scale-margin
		out.Pix[i] = 0xff
		if x >= 0 && y >= 0 && x < bounds.Dx() && y < bounds.Dy() && dark(code, bounds.Min.X+x, bounds.Min.Y+y) {
			out.Pix[i] = 0
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, fmt.Errorf("writing a QR code: %w", err)
	}
	return b.Bytes(), nil
}
