package report

import (
	"strings"
	"time"

	"traguardo/app/i18n"
	"traguardo/app/report/figure"
)

// Meta is what every document says of itself; see Document.
type Meta struct {
	Ente           string
	Fictitious     bool
	Classification string
	Version        string
	DataHash       string // full hash; printed whole in the last section
	FormulaVersion string
	Edition        string
	GeneratedOn    time.Time
}

func (m Meta) document(k Kind, lang, title, subtitle string) Document {
	return Document{Kind: k, Lang: lang, Title: title, Subtitle: subtitle, Ente: m.Ente, Fictitious: m.Fictitious,
		Classification: m.Classification, Version: m.Version, DataHash: m.DataHash, FormulaVersion: m.FormulaVersion,
		Edition: m.Edition, GeneratedOn: m.GeneratedOn}
}

// writer writes the text of one document.
type writer struct {
	loc    *i18n.Localizer
	draw   *figure.Drawer
	blocks []Block
}

func (r *Reports) writer(lang string) *writer {
	return &writer{loc: r.texts.For(lang), draw: r.Figures(lang)}
}

func (w *writer) add(b ...Block) { w.blocks = append(w.blocks, b...) }

func (w *writer) t(key string, args ...any) string { return w.loc.T(key, args...) }

// p adds a paragraph.
func (w *writer) p(key string, args ...any) { w.add(Paragraph{Text: w.t(key, args...)}) }

func (w *writer) h1(key string, args ...any) { w.add(Heading{Level: 1, Text: w.t(key, args...)}) }

// score writes a score of 0–100 without decimals, or the words for its state.
func (w *writer) score(v figure.Value) string {
	if v.State == figure.Known {
		return w.loc.Num(v.V, 0)
	}
	return w.state(v.State)
}

// points writes a score of 0–100 with one decimal, as tables and figures do.
func (w *writer) points(v figure.Value) string {
	if v.State == figure.Known {
		return w.loc.Num(v.V, 1)
	}
	return w.state(v.State)
}

// scored is points, with the interval in place of a number that may not be single.
func (w *writer) scored(v figure.Value, i figure.Interval) string {
	if v.State == figure.IntervalOnly && i.Set {
		return w.span(i)
	}
	return w.points(v)
}

// state returns the words for a value that has no number.
func (w *writer) state(s figure.State) string {
	switch s {
	case figure.NotAssessed:
		return w.t("figure.not_assessed")
	case figure.Suppressed:
		return w.t("figure.insufficient")
	case figure.NotApplicable:
		return w.t("figure.not_applicable")
	case figure.IntervalOnly:
		return w.t("figure.interval_only")
	case figure.Known:
		return ""
	default:
		return ""
	}
}

// signed writes a change in points with one decimal, or the words for its state.
func (w *writer) signed(v figure.Value) string {
	if v.State == figure.Known {
		return w.loc.Signed(v.V, 1)
	}
	return w.state(v.State)
}

// span writes "da 55 a 68", or what figure.Span writes in its place.
func (w *writer) span(i figure.Interval) string {
	return figure.Span(w.loc, i, func(v float64) string { return w.loc.Num(v, 1) })
}

// signedSpan writes "da −1,2 a +4,0".
func (w *writer) signedSpan(i figure.Interval) string {
	return figure.Span(w.loc, i, func(v float64) string { return w.loc.Signed(v, 1) })
}

// level writes a level of 0–4; nil is not assessed.
func (w *writer) level(l *int) string {
	if l == nil {
		return w.t("figure.not_assessed")
	}
	return w.loc.Int(*l)
}

// share writes a share of 0–1 as a percentage; nil is «non calcolabile».
func (w *writer) share(s *float64) string {
	if s == nil {
		return w.t("report.not_computable")
	}
	return w.loc.Pct(*s, 0)
}

// bands returns the names of the five maturity labels.
func (w *writer) bands() []string {
	return []string{w.t("report.band_0"), w.t("report.band_1"), w.t("report.band_2"), w.t("report.band_3"), w.t("report.band_4")}
}

// method adds the last section: rules, full hash, how to recompute.
func (w *writer) method(m Meta, rules ...string) {
	w.h1("report.method_title")
	w.add(List{Items: Items(rules...), Size: Fine})
	if m.DataHash != "" {
		w.add(Paragraph{Size: Fine, Text: w.t("report.method_hash", "Hash", m.DataHash)})
	}
	if m.FormulaVersion != "" {
		w.add(Paragraph{Size: Fine, Text: w.t("report.method_recompute", "Formula", m.FormulaVersion)})
	}
}

// dash returns a dash for empty text.
func dash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}
