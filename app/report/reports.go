package report

import (
	"fmt"
	"html/template"
	"regexp"

	"traguardo/app/i18n"
	"traguardo/app/report/figure"
	"traguardo/app/report/fonts"
)

// Reports builds and renders documents. One is made at start and shared; it is
// safe for concurrent use.
type Reports struct {
	texts   *i18n.Catalogue
	measure *fonts.Measure
	raster  *figure.Rasterizer
	page    *template.Template
}

// New returns a Reports that writes with the texts and keeps at most
// cacheBytes of painted figures.
func New(texts *i18n.Catalogue, cacheBytes int) (*Reports, error) {
	m, err := fonts.NewMeasure()
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	ra, err := figure.NewRasterizer(cacheBytes)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	t, err := parseTemplates()
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	return &Reports{texts: texts, measure: m, raster: ra, page: t}, nil
}

// Figures returns the drawer of figures in a language ("it", "en"), the same
// that the documents use, for pages that show a figure.
func (r *Reports) Figures(lang string) *figure.Drawer {
	return figure.NewDrawer(r.texts.For(lang), r.measure)
}

// pageObject is a page of a PDF as package pdfa writes it: one dictionary each.
var pageObject = regexp.MustCompile(`/Type\s*/Page\b`)

// Pages counts the pages of a PDF made by Reports.PDF.
func Pages(pdf []byte) int { return len(pageObject.FindAll(pdf, -1)) }
