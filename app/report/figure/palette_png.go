package figure

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
)

// shades is the most colours of an indexed PNG.
const shades = 256

// indexed turns the upper left w × h dots of a board into an indexed picture: the colours of the
// roles stay exact, the shades of antialiased edges are rounded to sixteen
// steps a channel. A PNG of it takes a third of the bytes and of the time. The
// picture comes back unchanged where it has more than 256 colours.
func indexed(img draw.Image, w, h int) image.Image {
	src, ok := img.(*image.RGBA)
	if !ok {
		return img
	}
	src, ok = src.SubImage(image.Rect(0, 0, w, h)).(*image.RGBA)
	if !ok {
		return img
	}
	dst := image.NewPaletted(src.Rect, nil)
	exact := make(map[uint32]uint8, shades)
	for _, r := range []Role{Paper, Ink, Muted, Grid, Faint, Evidenced, Declared, Good, Warn, Heat0, Heat1, Heat2, Heat3, Heat4} {
		c := r.rgb()
		k := uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | 0xff<<24
		if _, ok := exact[k]; !ok {
			exact[k] = uint8(len(dst.Palette)) //nolint:gosec // fourteen roles
			dst.Palette = append(dst.Palette, c)
		}
	}
	var rounded [1 << 12]int16 // 4 bits a channel → index + 1
	var last uint32            // four bytes of a pixel; the sheet is opaque
	var lastIndex uint8
	x, at := 0, 0 // column, and place of its first byte
	for i := range dst.Pix {
		if x == w {
			x, at = 0, at+src.Stride-4*w
		}
		c := binary.LittleEndian.Uint32(src.Pix[at:])
		x, at = x+1, at+4
		if c == last {
			dst.Pix[i] = lastIndex
			continue
		}
		n, ok := exact[c]
		if !ok {
			r, g, b := uint8(c>>4&0xf), uint8(c>>12&0xf), uint8(c>>20&0xf)
			k := int(r)<<8 | int(g)<<4 | int(b)
			if rounded[k] == 0 {
				if len(dst.Palette) == shades {
					return src
				}
				dst.Palette = append(dst.Palette, color.RGBA{R: r * 17, G: g * 17, B: b * 17, A: 0xff})
				rounded[k] = int16(len(dst.Palette)) //nolint:gosec // at most 256
			}
			n = uint8(rounded[k] - 1) //nolint:gosec // at most 255
		}
		dst.Pix[i], last, lastIndex = n, c, n
	}
	return dst
}
