package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"
	_ "time/tzdata" // Europe/Rome must exist on machines without a zone database

	"github.com/goccy/go-yaml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed it/*.yaml en/*.yaml
var messages embed.FS

// Codes of the interface languages; Italian is the default.
const (
	Italian = "it"
	English = "en"
)

// ErrCatalogue marks a message file that cannot be used: bad YAML, a key given
// twice, a plural form missing, a template that does not parse.
var ErrCatalogue = errors.New("message catalogue")

// Catalogue is the set of messages of all languages. Safe for concurrent use.
type Catalogue struct {
	localizers map[string]*Localizer
	keys       map[string][]string // language → sorted keys

	mu      sync.Mutex
	missing map[string]int // "language key" → times asked
}

// Load reads the embedded catalogue. The error wraps ErrCatalogue and lists every fault found.
func Load() (*Catalogue, error) { return LoadFS(messages) }

// LoadFS reads a catalogue from fsys, which holds it/*.yaml and en/*.yaml.
// The error wraps ErrCatalogue and lists every fault found.
func LoadFS(fsys fs.FS) (*Catalogue, error) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return nil, fmt.Errorf("loading the time zone of the interface: %w", err)
	}
	c := &Catalogue{localizers: map[string]*Localizer{}, keys: map[string][]string{}, missing: map[string]int{}}
	bundle := goi18n.NewBundle(language.Italian)
	var faults []error
	for _, lang := range Languages() {
		texts, errs := readLanguage(fsys, lang)
		faults = append(faults, errs...)
		tag := language.Make(lang)
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if err := bundle.AddMessages(tag, texts[key]); err != nil {
				faults = append(faults, fmt.Errorf("%s %s: %w", lang, key, err))
			}
		}
		c.keys[lang] = slices.Sorted(maps.Keys(texts))
		c.localizers[lang] = &Localizer{
			lang: lang, rome: rome, catalogue: c, texts: texts, inner: goi18n.NewLocalizer(bundle, lang),
		}
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrCatalogue, errors.Join(faults...))
	}
	return c, nil
}

// Languages returns the codes of the interface languages, the default first. The caller owns the slice.
func Languages() []string { return []string{Italian, English} }

// For returns the localizer of lang ("it", "en"); any other text gives Italian.
func (c *Catalogue) For(lang string) *Localizer {
	if l, ok := c.localizers[lang]; ok {
		return l
	}
	return c.localizers[Italian]
}

// Negotiate returns the language code that fits an Accept-Language header best; Italian when none does.
func (c *Catalogue) Negotiate(acceptLanguage string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Italian
	}
	_, index, confidence := language.NewMatcher([]language.Tag{language.Italian, language.English}).Match(tags...)
	if confidence == language.No {
		return Italian
	}
	return Languages()[index]
}

// Keys returns the keys of lang, sorted. The caller owns the slice.
func (c *Catalogue) Keys(lang string) []string { return slices.Clone(c.keys[lang]) }

// Missing returns how often each absent key was asked for, by "language key". The caller owns the map.
func (c *Catalogue) Missing() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.missing)
}

func (c *Catalogue) countMissing(lang, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.missing[lang+" "+key]++
}

// readLanguage returns the messages of one language by key, and the faults of its files.
func readLanguage(fsys fs.FS, lang string) (map[string]*goi18n.Message, []error) {
	files, err := fs.Glob(fsys, path.Join(lang, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, []error{fmt.Errorf("no files for language %s: %w", lang, errors.Join(err, fs.ErrNotExist))}
	}
	texts := map[string]*goi18n.Message{}
	from := map[string]string{}
	var faults []error
	for _, file := range files {
		raw, err := fs.ReadFile(fsys, file)
		if err != nil {
			faults = append(faults, fmt.Errorf("reading %s: %w", file, err))
			continue
		}
		var values map[string]any
		if err := yaml.Unmarshal(raw, &values); err != nil { // refuses a key given twice in one file
			faults = append(faults, fmt.Errorf("reading %s: %w", file, err))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if other, ok := from[key]; ok {
				faults = append(faults, fmt.Errorf("%s: key %s stands in %s too", file, key, other))
				continue
			}
			message, err := newMessage(lang, key, values[key])
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", file, err))
				continue
			}
			from[key], texts[key] = file, message
		}
	}
	return texts, faults
}

// newMessage makes one message from a YAML value: a text, or a map of plural forms.
func newMessage(lang, key string, value any) (*goi18n.Message, error) {
	if group, name, ok := strings.Cut(key, "."); !ok || group == "" || name == "" {
		return nil, fmt.Errorf("key %s: not of the form group.name", key)
	}
	switch v := value.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, fmt.Errorf("key %s: empty text", key)
		}
		if _, err := template.New(key).Parse(v); err != nil {
			return nil, fmt.Errorf("key %s: %w", key, err)
		}
		return &goi18n.Message{ID: key, Other: v}, nil
	case map[string]any:
		return pluralMessage(lang, key, v)
	default:
		return nil, fmt.Errorf("key %s: %T is neither a text nor plural forms (quote it)", key, value)
	}
}

// pluralMessage makes a message with plural forms; CLDR gives Italian "many" for whole millions.
func pluralMessage(lang, key string, forms map[string]any) (*goi18n.Message, error) {
	want := []string{"one", "other"}
	if lang == Italian {
		want = []string{"many", "one", "other"}
	}
	if got := slices.Sorted(maps.Keys(forms)); !slices.Equal(got, want) {
		return nil, fmt.Errorf("key %s: plural forms %v, want %v", key, got, want)
	}
	text := map[string]string{}
	for form, value := range forms {
		s, ok := value.(string)
		if !ok || strings.TrimSpace(s) == "" {
			return nil, fmt.Errorf("key %s: form %s is not a text", key, form)
		}
		if _, err := template.New(key).Parse(s); err != nil {
			return nil, fmt.Errorf("key %s: %w", key, err)
		}
		text[form] = s
	}
	return &goi18n.Message{ID: key, One: text["one"], Many: text["many"], Other: text["other"]}, nil
}
