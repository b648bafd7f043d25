package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"sort"

	"github.com/gofiber/fiber/v2"
)

// keptForm is what an expired session had typed.
type keptForm struct {
	Path   string     `json:"path"`
	Fields url.Values `json:"fields"`
	Files  bool       `json:"files"` // there were files: they have to be chosen again
}

const maxKept = 256 << 10 // bytes of typed text that are carried over a sign-in

func (s *Server) sealer() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s.key, nil, "traguardo kept form", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// keepForm seals the fields of the request's form, without its token.
func (s *Server) keepForm(c *fiber.Ctx) (string, error) {
	kept := keptForm{Path: c.OriginalURL(), Fields: url.Values{}}
	if form, err := c.MultipartForm(); err == nil {
		for name, values := range form.Value {
			kept.Fields[name] = values
		}
		kept.Files = len(form.File) > 0
	} else {
		c.Request().PostArgs().VisitAll(func(k, v []byte) { kept.Fields.Add(string(k), string(v)) })
	}
	kept.Fields.Del(csrfField)
	plain, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	if len(plain) > maxKept {
		return "", fiber.ErrRequestEntityTooLarge
	}
	aead, err := s.sealer()
	if err != nil {
		return "", fmt.Errorf("keeping a form: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil)), nil
}

// resumePage is the page "account/resume": the form as it was, to be sent now.
type resumePage struct {
	Chrome
	Action string
	Fields []Hidden
	Files  bool
}

// resumeForm opens a kept form after sign-in and shows it with the new token.
func (s *Server) resumeForm(c *fiber.Ctx, token, sealed string) error {
	kept, err := s.openForm(sealed)
	if err != nil || localPath(kept.Path) != kept.Path {
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	se, err := s.svc.Session(c.UserContext(), token)
	if err != nil {
		return err
	}
	st := stateOf(c)
	st.Actor, st.CSRF, st.Token, st.SignedIn = se.Actor, se.CSRF, token, true
	p := resumePage{Chrome: s.chrome(c, "account.resume_title"), Action: kept.Path, Files: kept.Files}
	for name, values := range kept.Fields {
		for _, v := range values {
			p.Fields = append(p.Fields, Hidden{Name: name, Value: v})
		}
	}
	sort.SliceStable(p.Fields, func(i, j int) bool { return p.Fields[i].Name < p.Fields[j].Name })
	return c.Render("account/resume", p)
}

func (s *Server) openForm(sealed string) (keptForm, error) {
	var kept keptForm
	box, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return kept, err
	}
	aead, err := s.sealer()
	if err != nil {
		return kept, err
	}
	if len(box) < aead.NonceSize() {
		return kept, errBadForm
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], nil)
	if err != nil {
		return kept, err
	}
	return kept, json.Unmarshal(plain, &kept)
}

func queryEscape(s string) string { return url.QueryEscape(s) }
