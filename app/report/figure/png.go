package figure

import (
	"bytes"
	"container/list"
	"fmt"
	"image"
	"image/png"
	"strconv"
	"sync"

	"git.sr.ht/~sbinet/gg" // the painter under vgimg
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"traguardo/app/report/fonts"
)

// Rasterizer paints figures as PNG and keeps the last ones by content, since
// painting is most of the time of a report. It is safe for concurrent use.
type Rasterizer struct {
	letters *fonts.Measure
	limit   int // bytes of PNG kept at most

	spare sync.Pool // *image.RGBA sheets to paint on

	mu    sync.Mutex
	size  int
	order *list.List // front: used last; elements hold *picture
	items map[string]*list.Element
}

// picture is one cached PNG.
type picture struct {
	key  string
	data []byte
}

// NewRasterizer returns a rasterizer that keeps at most limit bytes of
// pictures; 0 keeps none.
func NewRasterizer(limit int) (*Rasterizer, error) {
	m, err := fonts.NewMeasure()
	if err != nil {
		return nil, err
	}
	return &Rasterizer{letters: m, limit: limit, order: list.New(), items: map[string]*list.Element{}}, nil
}

// PNG returns the figure as an opaque PNG at dpi dots per inch of paper (30 to
// 600). The caller must not change the bytes: they are shared.
func (r *Rasterizer) PNG(f Figure, dpi int) ([]byte, error) {
	if dpi < 30 || dpi > 600 {
		return nil, fmt.Errorf("paint figure: %d dpi is outside 30–600", dpi)
	}
	if f.W <= 0 || f.H <= 0 {
		return nil, fmt.Errorf("paint figure: size %g × %g", f.W, f.H)
	}
	key := f.Hash() + "@" + strconv.Itoa(dpi)
	if b, ok := r.lookup(key); ok {
		return b, nil
	}
	var buf bytes.Buffer
	img := r.blank(unit(f.W).Dots(float64(dpi)), unit(f.H).Dots(float64(dpi)))
	defer r.spare.Put(img)
	p := &painter{canvas: canvas(img, dpi), letters: r.letters, h: float64(img.Rect.Dy()) / unit(1).Dots(float64(dpi))}
	for _, s := range f.Shapes {
		s.paint(p)
	}
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&buf, indexed(img)); err != nil {
		return nil, fmt.Errorf("encode figure: %w", err)
	}
	r.keep(key, buf.Bytes())
	return buf.Bytes(), nil
}

// blank returns a sheet of w × h dots, made of a spare one where it is large enough.
func (r *Rasterizer) blank(w, h float64) *image.RGBA {
	rect := image.Rect(0, 0, int(w+0.5), int(h+0.5))
	need := 4 * rect.Dx() * rect.Dy()
	if img, ok := r.spare.Get().(*image.RGBA); ok && cap(img.Pix) >= need {
		img.Pix, img.Stride, img.Rect = img.Pix[:need], 4*rect.Dx(), rect
		return img
	}
	return image.NewRGBA(rect)
}

// canvas lays a white vg canvas on a sheet; unlike vgimg.New it makes no copy.
func canvas(img *image.RGBA, dpi int) *vgimg.Canvas {
	ctx := gg.NewContextForRGBA(img)
	ctx.SetLineCapButt()
	ctx.InvertY()
	return vgimg.NewWith(vgimg.UseDPI(dpi), vgimg.UseImageWithContext(img, ctx))
}

func (r *Rasterizer) lookup(key string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.items[key]
	if !ok {
		return nil, false
	}
	r.order.MoveToFront(e)
	pic, ok := e.Value.(*picture)
	if !ok {
		return nil, false
	}
	return pic.data, true
}

func (r *Rasterizer) keep(key string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.items[key]; ok || len(data) > r.limit {
		return
	}
	r.items[key] = r.order.PushFront(&picture{key: key, data: data})
	r.size += len(data)
	for r.size > r.limit {
		e := r.order.Back()
		if old, ok := r.order.Remove(e).(*picture); ok {
			r.size -= len(old.data)
			delete(r.items, old.key)
		}
	}
}

// Held returns the number of kept pictures and their bytes.
func (r *Rasterizer) Held() (pictures, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.items), r.size
}

// unit turns drawing units into vg lengths.
func unit(v float64) vg.Length { return vg.Length(v*UnitMM) * vg.Millimeter }
