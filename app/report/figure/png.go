package figure

import (
	"bytes"
	"container/list"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"strconv"
	"sync"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"traguardo/app/report/fonts"
)

// Rasterizer paints figures as PNG and keeps the last ones by content, since
// painting is most of the time of a report. It is safe for concurrent use.
type Rasterizer struct {
	letters *fonts.Measure
	limit   int // bytes of PNG kept at most

	buffers buffers
	spare   sync.Map // size → *sync.Pool of *board

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
	b, giveBack := r.board(f, dpi)
	defer giveBack()
	p := &painter{canvas: b.canvas, letters: r.letters, h: b.h}
	for _, s := range f.Shapes {
		s.paint(p)
	}
	w, h := unit(f.W).Dots(float64(dpi)), unit(f.H).Dots(float64(dpi))
	enc := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &r.buffers}
	if err := enc.Encode(&buf, indexed(b.canvas.Image(), int(w+0.5), int(h+0.5))); err != nil {
		return nil, fmt.Errorf("encode figure: %w", err)
	}
	r.keep(key, buf.Bytes())
	return buf.Bytes(), nil
}

// buffers keeps the tables of the PNG encoder between pictures.
type buffers struct{ pool sync.Pool }

// Get returns a kept buffer, or nil.
func (b *buffers) Get() *png.EncoderBuffer {
	e, ok := b.pool.Get().(*png.EncoderBuffer)
	if !ok {
		return nil
	}
	return e
}

// Put keeps a buffer.
func (b *buffers) Put(e *png.EncoderBuffer) { b.pool.Put(e) }

// boardStep is the step of heights of boards, in units: figures of about the
// same height share their boards.
const boardStep = 160.0

// board is a white canvas to paint on; figures use its upper left part.
type board struct {
	canvas *vgimg.Canvas
	h      float64 // units
}

// size identifies boards that can stand for each other. A figure always gets
// the same size, so that its dots do not depend on what was painted before.
type size struct {
	w, h float64
	dpi  int
}

// board returns a white board for the figure and the function that gives it back.
func (r *Rasterizer) board(f Figure, dpi int) (*board, func()) {
	k := size{w: f.W, h: math.Ceil(f.H/boardStep) * boardStep, dpi: dpi}
	v, _ := r.spare.LoadOrStore(k, &sync.Pool{})
	pool, ok := v.(*sync.Pool)
	if !ok {
		pool = &sync.Pool{}
	}
	b, ok := pool.Get().(*board)
	if ok {
		draw.Draw(b.canvas.Image(), b.canvas.Image().Bounds(), image.White, image.Point{}, draw.Src)
	} else {
		b = &board{canvas: vgimg.NewWith(vgimg.UseWH(unit(k.w), unit(k.h)), vgimg.UseDPI(dpi)), h: k.h}
	}
	return b, func() { pool.Put(b) }
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
