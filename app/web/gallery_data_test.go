package web

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"traguardo/templates"
)

// galleryPage shows every partial once.
type galleryPage struct {
	Chrome
	Next    Next
	Steps   Steps
	Tiles   []Tile
	Levels  []LevelBar
	Figure  Figure
	Table   Table
	Pager   Pager
	Badges  []Badge
	Fields  []Field
	Cards   []string
	Empty   Empty
	Confirm Confirm
}

type surveyGallery struct {
	Chrome
	Options, Scale []string
	Card           Field
}

type signInGallery struct {
	Chrome
	Fields []Field
}

// galleryFS is the real templates with the pages of testdata/gallery beside them.
func galleryFS(t *testing.T) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	add := func(fsys fs.FS, root, prefix string) {
		err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") {
				return err
			}
			text, err := fs.ReadFile(fsys, name)
			all[prefix+name] = &fstest.MapFile{Data: text}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(templates.FS(), ".", "")
	add(os.DirFS("testdata/gallery"), ".", "pages/gallery/")
	return all
}

const longName = "Comune di San Giovanni in Fiore sul Naviglio Superiore e delle Ventiquattro Frazioni Riunite della Valle Settentrionale"

// fullGallery is the gallery page with ordinary content.
func fullGallery(c Chrome) galleryPage {
	c.Title, c.Lead = "Percorso del Comune", "Dalla misura al piano: a che punto siamo e che cosa conviene fare adesso."
	c.Fictitious = true
	c.Flash = []Flash{{KindOK, "Valutazione salvata."}, {KindWarning, "La rilevazione chiude il 31/12/2026."}}
	return galleryPage{
		Chrome: c,
		Next: Next{Title: "Complete il primo giro della valutazione", Text: "Mancano 4 indicatori su 16: bastano per proporre il primo piano.",
			Action: "Continua la valutazione", Href: "/v", Second: "Perché il primo giro basta", SecondHref: "/g"},
		Steps: Steps{Label: "Percorso", Steps: []Step{
			{"Impostazione", StepDone, "12/10/2026", "/1"}, {"Ex-ante", StepCurrent, "4 indicatori mancanti", "/2"}, {"Risultati", StepTodo, "", ""},
			{"Piano", StepTodo, "", ""}, {"Avanzamento", StepTodo, "", ""}, {"Ex-post", StepBlocked, "dopo il piano", ""}, {"Impatto", StepBlocked, "", ""}}},
		Tiles: []Tile{{Label: "Livello complessivo", Value: "62", Note: "da 55 a 68"}, {Label: "Risposte", Value: "18 su 27", Note: "67 %", Href: "/r"},
			{Label: "Costo del piano", Value: c.Euro(400000), Note: "su 10.000 €"}, {Label: "Competenze", Value: "dati insufficienti", Muted: true}},
		Levels: []LevelBar{{Label: "Piattaforme abilitanti", Known: true, Score: 62, Low: 55, High: 68, Text: "62 (da 55 a 68)", Level: "Consolidato"},
			{Label: "Piattaforme abilitanti, documentato", Known: true, Score: 41, Text: "41", Evidence: true}, {Label: "Gestione documentale", Text: "non valutato"}},
		Figure: Figure{ID: "fig", Caption: "Dichiarato e documentato", Note: "n = 18, 31/12/2026",
			SVG:   `<svg viewBox="0 0 680 60" role="img" aria-labelledby="fig-t"><title id="fig-t">Dichiarato e documentato</title><rect width="400" height="20" fill="#0066cc"/><text x="0" y="50" font-size="14">PIA</text></svg>`,
			Table: Table{ID: "fig-data", Caption: "Dichiarato e documentato", Hidden: true, Columns: []Column{{"Area", false}, {"Dichiarato", true}}, Rows: []Row{{Cells: []Cell{{Text: "PIA"}, {Text: "62"}}}}}},
		Table: Table{ID: "t1", Caption: "Micro-progetti", Note: "Costi al netto dell'IVA.", Columns: []Column{{"Micro-progetto", false}, {"Stato", false}, {"Costo", true}},
			Rows: []Row{{Cells: []Cell{{Text: "Pagamenti con pagoPA in tutti gli uffici", Href: "/m"}, {Badge: &Badge{KindOK, "Concluso"}}, {Text: c.Euro(400000)}}},
				{Cells: []Cell{{Text: "Manuale di gestione documentale"}, {Badge: &Badge{KindWarning, "In ritardo"}}, {Text: "non valutato", Muted: true}}},
				{Strong: true, Cells: []Cell{{Text: "Totale"}, {}, {Text: c.Euro(123450)}}}}},
		Pager:  Pager{Page: 2, Pages: 5, Total: 96, Base: "/x?"},
		Badges: []Badge{{KindNeutral, "Bozza"}, {KindInfo, "In corso"}, {KindOK, "Concluso"}, {KindWarning, "In ritardo"}, {KindError, "Bloccato"}},
		Fields: []Field{{Name: "name", Label: "Nome dell'ufficio", Required: true, Value: "Anagrafe"},
			{Name: "budget", Label: "Spesa massima 2027", Type: "number", Unit: "€", Hint: "Senza centesimi.", Narrow: true, Required: true},
			{Name: "area", Label: "Area", Type: "select", Options: []Option{{Value: "PIA", Label: "Piattaforme abilitanti"}, {Value: "SIC", Label: "Sicurezza informatica", Selected: true}}},
			{Name: "note", Label: "Commento", Type: "textarea", MaxLength: 500, Guard: true},
			{Name: "who", Label: "Chi risponde", Type: "radio", Required: true, Options: []Option{{Value: "1", Label: "Una persona"}, {Value: "2", Label: "Due persone, poi il consenso", Hint: "Consigliato sopra 5.000 abitanti."}}},
			{Name: "pti", Label: "Includa le linee del PTI scadute", Type: "checkbox", Checked: true}},
		Cards:   []string{"PIA-01", "PIA-02"},
		Empty:   Empty{"Nessun micro-progetto nel piano", "Il piano nasce dalle lacune della valutazione: la completi, poi proponga il piano.", "Proponi il piano", "/p"},
		Confirm: Confirm{Action: "/chiudi", Ask: "Chiudi la valutazione", Title: "Chiudere la valutazione ex-ante?", Consequence: "Dopo la chiusura le risposte non si cambiano più e i risultati vengono calcolati.", Button: "Chiudi la valutazione", Danger: true, Fields: []Field{{Name: "act", Label: "Numero dell'atto", Required: true}}},
	}
}

// errorGallery is the same page after a form that was refused.
func errorGallery(c Chrome) galleryPage {
	p := fullGallery(c)
	p.Flash = []Flash{{KindError, "Il piano non è stato salvato."}}
	p.Errors = []FieldError{{Field: "name", Text: "Scriva il nome dell'ufficio"}, {Field: "budget", Text: "Scriva un importo, per esempio 4000"}, {Text: "Il piano è stato cambiato da un'altra persona"}}
	for i := range p.Fields {
		p.Fields[i].Error = p.ErrorOf(p.Fields[i].Name)
	}
	p.Confirm.Fields[0].Error = "Scriva il numero dell'atto"
	return p
}

// emptyGallery has nothing in any list.
func emptyGallery(c Chrome) galleryPage {
	c.Nav, c.Breadcrumbs, c.Ente, c.User = nil, nil, nil, nil
	return galleryPage{Chrome: c, Table: Table{ID: "t1", Caption: "Micro-progetti", Columns: []Column{{"Nome", false}}},
		Figure: Figure{ID: "fig", Caption: "Nessun dato", Table: Table{ID: "fig-data", Caption: "Nessun dato", Columns: []Column{{"Area", false}}}},
		Next:   Next{Title: "Inizi dall'ente", Text: "Scelga il Suo Comune."}, Empty: Empty{Title: "Vuoto", Text: "Niente."},
		Steps: Steps{Label: "Percorso"}, Confirm: Confirm{Action: "/x", Ask: "Elimina", Title: "Eliminare?", Button: "Elimina"}}
}

// longGallery has names far longer than anybody's.
func longGallery(c Chrome) galleryPage {
	p := fullGallery(c)
	p.Ente = &Ente{Name: longName, Path: "/e"}
	p.User = &User{Key: "k", Name: "Maria Antonietta Elisabetta Della Rovere Santacroce Vincenzi", Role: "Responsabile per la transizione digitale"}
	p.Title = "Percorso del " + longName
	for i := range p.Steps.Steps {
		p.Steps.Steps[i].Name += " dell'amministrazione"
	}
	p.Table.Rows[0].Cells[0].Text = strings.Repeat("Precipitevolissimevolmente", 3)
	p.Badges = append(p.Badges, Badge{KindInfo, fmt.Sprintf("In attesa di %s", "parere del revisore")})
	return p
}

func galleries() map[string]func(Chrome) galleryPage {
	return map[string]func(Chrome) galleryPage{"full": fullGallery, "error": errorGallery, "empty": emptyGallery, "long": longGallery}
}

func surveyPage(c Chrome) surveyGallery {
	c.Title, c.Progress, c.User, c.Nav, c.Breadcrumbs = "Che cosa sa fare oggi", &Progress{Step: 3, Of: 10, MinutesLeft: 14}, nil, nil, nil
	return surveyGallery{Chrome: c, Options: []string{"Non lo so fare", "Lo so fare se qualcuno mi aiuta", "Lo so fare da solo nei casi semplici", "Lo so fare da solo anche nei casi difficili", "Lo so insegnare ai colleghi", "Non riguarda il mio lavoro"},
		Scale: []string{"Per niente d'accordo", "Poco d'accordo", "Né sì né no", "Abbastanza d'accordo", "Del tutto d'accordo"},
		Card:  Field{Name: "card", Label: "Codice della Sua tessera", Hint: "Dodici caratteri, come 7K2QX-M4T9B-C·A.", Required: true}}
}

func signInPage(c Chrome) signInGallery {
	c.Title, c.Lead, c.User, c.Nav, c.Ente, c.Breadcrumbs = "Accedi", "Entri con l'indirizzo di posta dell'ufficio.", nil, nil, nil, nil
	return signInGallery{Chrome: c, Fields: []Field{{Name: "email", Label: "Indirizzo di posta", Type: "email", Required: true, Autocomplete: "username"},
		{Name: "password", Label: "Password", Type: "password", Required: true, Autocomplete: "current-password"}}}
}
