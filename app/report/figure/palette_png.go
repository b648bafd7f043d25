package figure

import (
	"image"
	"image/color"
	"image/draw"
)

// shades is the most colours of an indexed PNG.
const shades = 256

// indexed turns a painted sheet into an indexed picture: the colours of the
// roles stay exact, the shades of antialiased edges are rounded to sixteen
// steps a channel. A PNG of it takes a third of the bytes and of the time. The
// picture comes back unchanged where it has more than 256 colours.
func indexed(img draw.Image) image.Image {
	src, ok := img.(*image.RGBA)
	if !ok {
		return img
	}
	dst := image.NewPaletted(src.Rect, nil)
	exact := make(map[color.RGBA]uint8, shades)
	for _, r := range []Role{Paper, Ink, Muted, Grid, Faint, Evidenced, Declared, Good, Warn, Heat0, Heat1, Heat2, Heat3, Heat4} {
		c := r.rgb()
		if _, ok := exact[c]; !ok {
			exact[c] = uint8(len(dst.Palette)) //nolint:gosec // fourteen roles
			dst.Palette = append(dst.Palette, c)
		}
	}
	var rounded [1 << 12]int16 // 4 bits a channel → index + 1
	var last color.RGBA
	var lastIndex uint8
	for i := 0; i < len(dst.Pix); i++ {
		p := src.Pix[4*i : 4*i+4 : 4*i+4]
		c := color.RGBA{R: p[0], G: p[1], B: p[2], A: 0xff}
		if i > 0 && c == last {
			dst.Pix[i] = lastIndex
			continue
		}
		n, ok := exact[c]
		if !ok {
			k := int(c.R>>4)<<8 | int(c.G>>4)<<4 | int(c.B>>4)
			if rounded[k] == 0 {
				if len(dst.Palette) == shades {
					return img
				}
				dst.Palette = append(dst.Palette, color.RGBA{R: c.R >> 4 * 17, G: c.G >> 4 * 17, B: c.B >> 4 * 17, A: 0xff})
				rounded[k] = int16(len(dst.Palette)) //nolint:gosec // at most 256
			}
			n = uint8(rounded[k] - 1) //nolint:gosec // at most 255
		}
		dst.Pix[i], last, lastIndex = n, c, n
	}
	return dst
}
