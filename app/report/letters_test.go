package report_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"traguardo/app/report"
)

func paper() report.Document {
	return report.Document{Kind: report.KindPaper, Lang: "it", Title: "Lettere personali", Ente: "Comune di San Giovanni d'Asso sul Colle", Fictitious: true,
		GeneratedOn: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
}

// TestLetters prints one letter a page, whatever the length of names, with the
// whole link in its text.
func TestLetters(t *testing.T) {
	r := reports(t)
	var list []report.Letter
	for i := range 3 {
		list = append(list, report.Letter{To: []string{"Settore servizi demografici, elettorali, statistici e della semplificazione amministrativa", fmt.Sprintf("nome.cognome.molto.lungo.%d@comune.sangiovannidassosulcolle.si.it", i)},
			Title: "Le competenze digitali nel Suo lavoro", Text: []string{strings.Repeat("Le chiediamo circa 25 minuti per dirci come si trova. ", 5), "Si risponde dal 23/11/2026, 08:00 al 03/12/2026, 18:00."},
			How:  "Inquadri il codice con il telefono, oppure scriva questo indirizzo nel browser:",
			Link: fmt.Sprintf("https://traguardo.comune.sangiovannidassosulcolle.si.it/q/abcdefghjkmnpqrstuvwxyz23%d", i), After: []string{strings.Repeat("Il collegamento è personale. ", 8), strings.Repeat("Peschi una carta. ", 8), "Messaggio dimostrativo."}})
	}
	pdf, err := r.Letters(paper(), list)
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Pages(pdf); n != 3 {
		t.Errorf("got %d pages, want 3", n)
	}
	if again, err := r.Letters(paper(), list); err != nil || !bytes.Equal(again, pdf) {
		t.Errorf("the same letters twice: other bytes, %v", err)
	}
	text := strings.Join(strings.Fields(pictures(t, "letters", pdf)), "")
	for _, l := range list {
		if !strings.Contains(text, l.Link) || !strings.Contains(text, l.To[1]) {
			t.Errorf("%s: link or address is not whole in the text", l.To[1])
		}
	}
	if _, err := r.Letters(paper(), nil); err == nil {
		t.Error("no letters: got no error")
	}
	list[0].Text = append(list[0].Text, strings.Repeat("troppo lungo ", 800))
	if _, err := r.Letters(paper(), list); err == nil {
		t.Error("a letter longer than its page: got no error")
	}
}

// TestSlips prints ten slips a sheet.
func TestSlips(t *testing.T) {
	r := reports(t)
	var list []report.Slip
	for i := range 23 {
		list = append(list, report.Slip{Head: "La Sua carta", Code: fmt.Sprintf("ABCDE-FGH%02d-7·A", i), Foot: "La conservi fino alla prossima rilevazione. Nessuno annota chi ha quale carta."})
	}
	pdf, err := r.Slips(paper(), list)
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Pages(pdf); n != 3 {
		t.Errorf("got %d pages, want 3", n)
	}
	text := pictures(t, "slips", pdf)
	for _, s := range list {
		if strings.Count(text, s.Code) != 1 {
			t.Errorf("%s: got %d times, want once", s.Code, strings.Count(text, s.Code))
		}
	}
	if _, err := r.Slips(paper(), nil); err == nil {
		t.Error("no slips: got no error")
	}
}

// pictures writes the pages to build/screenshots/paper and returns their text.
func pictures(t *testing.T, name string, pdf []byte) string {
	t.Helper()
	folder := filepath.Join("..", "..", "build", "screenshots", "paper")
	file := filepath.Join(t.TempDir(), name+".pdf")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "qpdf", "--check", file)
	tool(t, "pdftoppm", "-r", "60", "-png", file, filepath.Join(folder, name))
	return tool(t, "pdftotext", "-layout", file, "-")
}
