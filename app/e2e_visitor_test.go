package app_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// visitor is a browser without JavaScript over HTTP: it keeps cookies, follows
// redirects, and sends the forms that the page really offers, filled as they
// stand. Its methods return errors, so that many visitors can walk at once.
type visitor struct {
	base   string // http://host:port
	client *http.Client
	path   string // of the page shown
	status int
	body   string
	doc    *html.Node
	files  map[string][]byte // to go with the next form, by name of the input
	card   string            // pairing card that the last questionnaire went with
	leave  string            // code of a question to leave unanswered
	alike  bool              // choices are counted by their value, not as they are offered
}

func newVisitor(base string) *visitor {
	jar, _ := cookiejar.New(nil) // fails never without options
	return &visitor{base: base, client: &http.Client{Jar: jar, Timeout: time.Minute}}
}

// open reads a page; anything but 200 is an error.
func (v *visitor) open(path string) error {
	req, err := http.NewRequest(http.MethodGet, v.address(path), nil)
	if err != nil {
		return err
	}
	return v.want(v.do(req), http.StatusOK)
}

func (v *visitor) address(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return v.base + path
}

func (v *visitor) want(err error, status int) error {
	if err == nil && v.status != status {
		return fmt.Errorf("%s: got status %d, want %d; the page says: %.800s", v.path, v.status, status, v.text())
	}
	return err
}

func (v *visitor) do(req *http.Request) error {
	resp, err := v.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	v.status, v.body, v.path = resp.StatusCode, string(content), resp.Request.URL.RequestURI()
	v.doc, err = html.Parse(bytes.NewReader(content))
	return err
}

// send fills the form of the page whose action ends with suffix and presses its
// button; a page of 200 must follow. fields are pairs of name and value; a name
// given again adds a value. The form must have each name, as an input or a button.
func (v *visitor) send(suffix string, fields ...string) error {
	return v.want(v.post(suffix, fields...), http.StatusOK)
}

// post is send whatever the answer's status.
func (v *visitor) post(suffix string, fields ...string) error {
	form := v.form(suffix)
	if form == nil {
		return fmt.Errorf("%s: no form for %q; the page says: %.800s", v.path, suffix, v.text())
	}
	values, names := filled(form)
	given := map[string]bool{}
	for i := 0; i+1 < len(fields); i += 2 {
		name, value := fields[i], fields[i+1]
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s: the form %s has no %q, it has %v", v.path, suffix, name, names)
		}
		if !given[name] {
			values.Del(name)
			given[name] = true
		}
		values.Add(name, value)
	}
	req, err := v.request(form, values)
	if err != nil {
		return err
	}
	return v.do(req)
}

func (v *visitor) request(form *html.Node, values url.Values) (*http.Request, error) {
	action := attr(form, "action")
	if action == "" {
		action = v.path
	}
	contentType, body := "application/x-www-form-urlencoded", bytes.NewBufferString(values.Encode())
	if attr(form, "enctype") == "multipart/form-data" {
		body = &bytes.Buffer{}
		w := multipart.NewWriter(body)
		for name, list := range values {
			for _, value := range list {
				if err := w.WriteField(name, value); err != nil {
					return nil, err
				}
			}
		}
		for name, content := range v.files {
			part, err := w.CreateFormFile(name, name+".csv")
			if err != nil {
				return nil, err
			}
			if _, err := part.Write(content); err != nil {
				return nil, err
			}
		}
		v.files = nil
		if err := w.Close(); err != nil {
			return nil, err
		}
		contentType = w.FormDataContentType()
	}
	req, err := http.NewRequest(http.MethodPost, v.address(action), body)
	if err == nil {
		req.Header.Set("Content-Type", contentType)
	}
	return req, err
}

// form finds a form to send by the end of its address.
func (v *visitor) form(suffix string) *html.Node {
	return find(v.doc, func(n *html.Node) bool {
		if n.Data != "form" || !strings.EqualFold(attr(n, "method"), "post") {
			return false
		}
		action := attr(n, "action")
		if action == "" {
			action, _, _ = strings.Cut(v.path, "?")
		}
		return strings.HasSuffix(action, suffix)
	})
}

// filled returns what a form would send as it stands, and the names of all its
// inputs and buttons.
func filled(form *html.Node) (url.Values, []string) {
	values, names := url.Values{}, []string{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		names = append(names, name)
		switch kind := attr(n, "type"); {
		case n.Data == "button", kind == "file", (kind == "radio" || kind == "checkbox") && !has(n, "checked"):
		case n.Data == "select":
			values.Add(name, selected(n))
		case n.Data == "textarea":
			values.Add(name, strings.TrimPrefix(inner(n), "\n"))
		case n.Data == "input":
			values.Add(name, attr(n, "value"))
		}
	}
	return values, names
}

func selected(list *html.Node) string {
	first := find(list, func(n *html.Node) bool { return n.Data == "option" })
	if chosen := find(list, func(n *html.Node) bool { return n.Data == "option" && has(n, "selected") }); chosen != nil {
		first = chosen
	}
	if first == nil {
		return ""
	}
	return attr(first, "value")
}

// text is what the page says, in one line.
func (v *visitor) text() string {
	if v.doc == nil {
		return ""
	}
	part := find(v.doc, func(n *html.Node) bool { return n.Data == "main" })
	if part == nil {
		part = v.doc
	}
	return inner(part)
}

// hrefs lists the addresses of the page's links that contain part.
func (v *visitor) hrefs(part string) []string {
	var out []string
	for n := range v.doc.Descendants() {
		if n.Data == "a" && strings.Contains(attr(n, "href"), part) {
			out = append(out, attr(n, "href"))
		}
	}
	return out
}

func find(top *html.Node, is func(*html.Node) bool) *html.Node {
	if top == nil {
		return nil
	}
	for n := range top.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func inner(top *html.Node) string {
	var b strings.Builder
	for n := range top.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.Data != "script" && n.Parent.Data != "style") {
			b.WriteString(n.Data)
		}
	}
	if top.Data == "textarea" {
		return b.String()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// answer walks the questionnaire of a personal link page by page and sends it.
// Each question gets the choice at position pick, counted around; without a card
// it goes on unpaired. pages 0 answers every page; more stops after so many.
func (v *visitor) answer(link, card string, pick, pages int) error {
	if err := v.review(link, card, pick, pages); err != nil {
		return err
	}
	if err := v.send("/q/invia"); err != nil {
		return err
	}
	title := find(v.doc, func(n *html.Node) bool { return n.Data == "h1" })
	if title == nil || inner(title) != "Grazie" {
		return fmt.Errorf("after sending: got %s, want the thanks", v.path)
	}
	return nil
}

// newCard asks for the card that the page offers to browsers without JavaScript.
const newCard = "new"

var spareCard = regexp.MustCompile(`<p class="personal-code">([^<]+)</p>`)

// review is answer up to the page before sending.
func (v *visitor) review(link, card string, pick, pages int) error {
	if err := v.open(link); err != nil {
		return err
	}
	if err := v.open("/q/carta"); err != nil {
		return err
	}
	if m := spareCard.FindStringSubmatch(v.body); card == newCard && m != nil {
		card = m[1]
	}
	v.card = card
	fields := []string{"card", card}
	if card == "" {
		fields = []string{"senza", "1"}
	}
	if err := v.send("/q/carta", fields...); err != nil {
		return err
	}
	for n := 1; !strings.HasPrefix(v.path, "/q/rivedi"); n++ {
		_, suffix, _ := strings.Cut(v.path, "/q")
		choices := v.choices(suffix, pick)
		if n == pages {
			choices = append(choices, "vai", "rivedi")
		}
		if err := v.send(suffix, choices...); err != nil {
			return err
		}
		if n > 60 {
			return fmt.Errorf("%s: the questionnaire does not end", v.path)
		}
	}
	return nil
}

// choices picks one answer for each question of a page.
func (v *visitor) choices(suffix string, pick int) []string {
	options, order := map[string][]string{}, []string{}
	for n := range v.form(suffix).Descendants() {
		name := attr(n, "name")
		if n.Data != "input" || !strings.HasPrefix(name, "r_") || attr(n, "value") == "" {
			continue
		}
		if v.leave != "" && name == "r_"+v.leave {
			continue
		}
		if options[name] == nil {
			order = append(order, name)
		}
		options[name] = append(options[name], attr(n, "value"))
	}
	var out []string
	for _, name := range order {
		if v.alike {
			slices.Sort(options[name])
		}
		out = append(out, name, options[name][pick%len(options[name])])
	}
	return out
}

// walker is a visitor of one test: what goes wrong ends the test.
type walker struct {
	t *testing.T
	*visitor
}

func (w walker) Open(path string) {
	w.t.Helper()
	w.must(w.open(path))
}

func (w walker) Send(suffix string, fields ...string) {
	w.t.Helper()
	w.must(w.send(suffix, fields...))
}

// Refused sends a form that must be refused with this status.
func (w walker) Refused(status int, suffix string, fields ...string) {
	w.t.Helper()
	w.must(w.want(w.post(suffix, fields...), status))
}

func (w walker) Says(texts ...string) {
	w.t.Helper()
	page := w.text()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			w.t.Fatalf("%s does not say %q; it says: %.1500s", w.path, text, page)
		}
	}
}

func (w walker) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
