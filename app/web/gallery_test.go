package web

import (
	"testing"

	"traguardo/app/i18n"
)

func TestGalleryKeepsTheRulesOfEveryPage(t *testing.T) {
	t.Parallel()
	views := loadViews(t, galleryFS(t))
	for _, lang := range i18n.Languages() {
		for state, build := range galleries() {
			t.Run(lang+" "+state, func(t *testing.T) {
				t.Parallel()
				doc := renderPage(t, views, "gallery/parts", build(testChrome(t, lang)))
				if got := attr(find(doc, "html", "", ""), "lang"); got != lang {
					t.Errorf("lang: got %q, want %q", got, lang)
				}
			})
		}
		t.Run(lang+" survey", func(t *testing.T) {
			t.Parallel()
			doc := renderPage(t, views, "gallery/survey", surveyPage(testChrome(t, lang)))
			if bar := find(doc, "progress", "", ""); attr(bar, "value") != "20" {
				t.Errorf("progress: got %q, want 20 after two of ten blocks", attr(bar, "value"))
			}
			if find(doc, "nav", "", "") != nil {
				t.Error("a menu on the page of a respondent")
			}
		})
		t.Run(lang+" sign-in", func(t *testing.T) {
			t.Parallel()
			renderPage(t, views, "gallery/signin", signInPage(testChrome(t, lang)))
		})
		t.Run(lang+" error page", func(t *testing.T) {
			t.Parallel()
			c := testChrome(t, lang)
			c.Title = "Pagina non trovata"
			doc := renderPage(t, views, "errors/error", ErrorPage{Chrome: c, Text: "L'indirizzo non esiste.", RequestID: "<b>r1</b>"})
			wantText(t, doc, "main", "<b>r1</b>")
		})
	}
}

func TestErrorStateIsAnnouncedAndLinked(t *testing.T) {
	t.Parallel()
	views := loadViews(t, galleryFS(t))
	doc := renderPage(t, views, "gallery/parts", errorGallery(testChrome(t, "it")))
	wantText(t, doc, "title", "Errore: Percorso")
	summary := find(doc, "div", "class", "error-summary")
	if summary == nil || attr(summary, "role") != "alert" {
		t.Fatal("no summary with role alert")
	}
	if find(summary, "a", "href", "#f-budget") == nil {
		t.Error("the summary does not link to the field")
	}
	input := find(doc, "input", "id", "f-budget")
	if attr(input, "aria-invalid") != "true" || attr(input, "aria-describedby") != "f-budget-hint f-budget-error" {
		t.Errorf("field at fault: got %v", input.Attr)
	}
}

func TestFictitiousDataIsMarked(t *testing.T) {
	t.Parallel()
	views := loadViews(t, galleryFS(t))
	for _, want := range []bool{true, false} {
		c := testChrome(t, "it")
		p := fullGallery(c)
		p.Fictitious = want
		doc := renderPage(t, views, "gallery/parts", p)
		if got := find(doc, "p", "class", "fictitious") != nil; got != want {
			t.Errorf("banner «dato dimostrativo»: got %v, want %v", got, want)
		}
	}
}

func TestNotAssessedIsHatchedAndNeverZero(t *testing.T) {
	t.Parallel()
	views := loadViews(t, galleryFS(t))
	p := fullGallery(testChrome(t, "it"))
	p.Levels = []LevelBar{{Label: "Gestione documentale", Text: "non valutato"}}
	doc := renderPage(t, views, "gallery/parts", p)
	if find(doc, "rect", "class", "level-fill") != nil {
		t.Error("a bar was drawn for an area not assessed")
	}
	if find(doc, "svg", "class", "level-bar level-unknown") == nil {
		t.Error("the area not assessed is not hatched")
	}
}
