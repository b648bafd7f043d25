package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// Password is the password of every demonstration account. It is printed by the
// demonstration and opens nothing but invented data.
const Password = "dimostrazione-del-traguardo"

// Options is what Build needs; every field is required.
type Options struct {
	Seed      uint64
	Now       time.Time // the day that the demonstration ends on
	Secrets   io.Reader // random source of ids, links and keys
	MasterKey []byte
	Hasher    *auth.Hasher
	Texts     *i18n.Catalogue
	BaseURL   string
	Log       *slog.Logger
	Rome      *time.Location
}

// builder carries the demonstration through one transaction, on its own clock.
type builder struct {
	Options
	ctx     context.Context
	store   *storage.Store // the transaction
	svc     *service.Service
	clock   time.Time
	random  *rand.Rand
	edition string
	staff   *surveys.Instrument
	mat     *surveys.Instrument
	out     Summary
}

// Build fills an empty, migrated database. All of it is kept, or nothing. It
// fails with storage.ErrConflict when there are accounts already.
func Build(ctx context.Context, store *storage.Store, o Options) (Summary, error) {
	var out Summary
	err := store.InTx(ctx, func(tx *storage.Store) error {
		n, err := tx.CountUsers(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the database is in use: %w", storage.ErrConflict)
		}
		b, err := newBuilder(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := b.run(); err != nil {
			return err
		}
		out = b.out
		return tx.DiscardMail(ctx) // nobody lives at these addresses
	})
	return out, err
}

func newBuilder(ctx context.Context, tx *storage.Store, o Options) (*builder, error) {
	b := &builder{Options: o, ctx: ctx, store: tx, clock: o.Now, random: rand.New(rand.NewPCG(o.Seed, 0x7ea60a2d0))}
	edition, err := pti.Current()
	if err != nil {
		return nil, err
	}
	b.edition = edition.ID
	if b.staff, err = instruments.STAFF(); err != nil {
		return nil, err
	}
	if b.mat, err = instruments.MAT(); err != nil {
		return nil, err
	}
	b.svc, err = service.New(service.Config{Store: tx, Now: func() time.Time { return b.clock }, Random: o.Secrets, MasterKey: o.MasterKey,
		Hasher: o.Hasher, Texts: o.Texts, BaseURL: o.BaseURL, Log: o.Log, Rome: o.Rome})
	return b, err
}

// at sets the clock to an hour of a day so many days before the end.
func (b *builder) at(daysAgo, hour int) {
	day := b.Now.In(b.Rome).AddDate(0, 0, -daysAgo)
	b.clock = time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, b.Rome).UTC()
}

func (b *builder) newID() (surveys.ID, error) { return surveys.NewID(b.Secrets) }

func (b *builder) run() error {
	b.at(330, 9)
	invented, err := b.programme("Programma dimostrativo", "Nove Comuni inventati che hanno percorso il ciclo intero.", true)
	if err != nil {
		return err
	}
	b.at(10, 9)
	real, err := b.programme("Comune Full Digital", "I nove Comuni di riferimento, con i soli dati pubblici, al primo passo del percorso.", false)
	if err != nil {
		return err
	}
	walked := make([]walk, 0, len(towns()))
	for _, t := range towns() {
		b.at(320, 9)
		w, err := b.found(t, invented)
		if err != nil {
			return fmt.Errorf("founding %s: %w", t.Name, err)
		}
		walked = append(walked, w)
	}
	reference, err := b.referenceEnti(real)
	if err != nil {
		return err
	}
	if err := b.accounts(invented, real, walked, reference); err != nil {
		return err
	}
	for i := range walked {
		if err := b.walk(&walked[i]); err != nil {
			return fmt.Errorf("walking %s: %w", walked[i].town.Name, err)
		}
	}
	b.clock = b.Now
	return b.summarise(walked, reference)
}

func (b *builder) programme(name, description string, fictitious bool) (storage.Programme, error) {
	id, err := b.newID()
	if err != nil {
		return storage.Programme{}, err
	}
	p := storage.Programme{ID: id, Name: name, Description: description, Fictitious: fictitious, PTIEdition: b.edition, CreatedAt: b.clock}
	b.out.Programmes = append(b.out.Programmes, ProgrammeSummary{ID: id, Name: name, Fictitious: fictitious})
	return p, b.store.AddProgramme(b.ctx, p)
}

// walk is one fictitious Comune on its way.
type walk struct {
	town    town
	ente    comune.Ente
	offices []storage.Office
	people  []employee
	rtd     auth.Actor
	base    float64                  // mean skill of its staff
	levels  map[string]surveys.Level // declared at the last assessment
	raised  map[string]surveys.Level // by projects that were done
	links   []string
	cards   []string // of the same employees as links
	answers int      // to the ex-ante
	started int      // micro-progetti begun
}

// employee is an invented employee and the pairing card kept for the ex-post.
type employee struct {
	person
	staffID surveys.ID
	email   string
	card    string
	left    bool // went away between the waves
	joined  bool // came between the waves
}

// found makes the ente, its offices and its staff list.
func (b *builder) found(t town, p storage.Programme) (walk, error) {
	id, err := b.newID()
	if err != nil {
		return walk{}, err
	}
	w := walk{town: t, base: t.Level*0.45 - 0.85}
	w.ente = comune.Ente{ID: id, Name: t.Name, IPA: comune.CodiceIPA(comune.DemoPrefix + slug(t.Name)), ProvinceSigla: t.Sigla, Province: t.Province,
		Region: t.Region, Population: t.Population, Fictitious: true, PTIEdition: b.edition, Threshold: surveys.MinThreshold}
	if err := w.ente.Validate(); err != nil {
		return w, err
	}
	if err := b.store.AddEnte(b.ctx, w.ente, b.clock); err != nil {
		return w, err
	}
	if err := b.store.Enrol(b.ctx, p.ID, id, b.clock); err != nil {
		return w, err
	}
	for _, name := range t.Offices {
		office, err := b.newID()
		if err != nil {
			return w, err
		}
		o := storage.Office{ID: office, EnteID: id, Name: name}
		if err := b.store.AddOffice(b.ctx, o); err != nil {
			return w, err
		}
		w.offices = append(w.offices, o)
	}
	return w, b.hire(&w, t.Staff, b.Now.AddDate(-3, 0, 0), false)
}

// hire adds so many employees to the staff list.
func (b *builder) hire(w *walk, n int, joined time.Time, later bool) error {
	families := []surveys.RoleFamily{surveys.RoleOperatore, surveys.RoleFunzionario, surveys.RoleDirigente}
	members := make([]storage.StaffMember, 0, n)
	for range n {
		id, err := b.newID()
		if err != nil {
			return err
		}
		number := len(w.people) + 1
		family := families[0]
		if number%4 == 0 {
			family = families[1]
		}
		if number == 1 {
			family = families[2]
		}
		email := fmt.Sprintf("dipendente%03d@%s.example", number, slug(w.town.Name))
		members = append(members, storage.StaffMember{ID: id, EnteID: w.ente.ID, Email: email, EmailFolded: email,
			OfficeID: w.offices[number%len(w.offices)].ID, Role: family, JoinedOn: joined})
		w.people = append(w.people, employee{person: newPerson(b.random, w.base, family), staffID: id, email: email, joined: later})
	}
	return b.store.AddStaff(b.ctx, members...)
}
