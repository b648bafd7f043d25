package web

import (
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"traguardo/app/i18n"
	"traguardo/app/report/fonts"
	"traguardo/app/service"
)

// Limits of what a request may bring and take.
const (
	maxBody        = 12 << 20 // bytes: one upload of 10 MiB and its form
	maxHeader      = 16 << 10 // bytes of address and headers: the cookies of a whole intranet may come along
	requestTimeout = 30 * time.Second
)

// Config is what a Server needs; every field is required.
type Config struct {
	Service   *service.Service
	Texts     *i18n.Catalogue
	Templates fs.FS  // layouts/, partials/, pages/, static/
	BaseURL   string // address of the site; https makes the cookies Secure
	Version   string
	Key       []byte // 32 bytes, derives the tokens of forms outside sessions and seals kept forms
	Now       func() time.Time
	Log       *slog.Logger

	ProxyHeader string // header that a trusted reverse proxy sets to the client's address; empty: none
}

// Server answers the pages of Traguardo.
type Server struct {
	svc      *service.Service
	texts    *i18n.Catalogue
	assets   *Assets
	validate *validator.Validate
	measure  *fonts.Measure // of text in figures
	version  string
	secure   bool
	key      []byte
	now      func() time.Time
	log      *slog.Logger
	app      *fiber.App
	pace     *pace // of personal links
}

// New loads every template and returns a Server; a broken page is an error here
// and not later in front of a reader.
func New(c Config) (*Server, error) {
	static, err := fs.Sub(c.Templates, "static")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	assets, err := NewAssets(static)
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	measure, err := fonts.NewMeasure()
	if err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	views := NewViews(c.Templates)
	s := &Server{svc: c.Service, texts: c.Texts, assets: assets, validate: newValidator(), measure: measure, version: c.Version,
		secure: strings.HasPrefix(c.BaseURL, "https://"), key: c.Key, now: c.Now, log: c.Log, pace: newPace(c.Now)}
	if err := views.Load(); err != nil {
		return nil, err
	}
	s.app = fiber.New(fiber.Config{
		Immutable:             true,
		DisableStartupMessage: true,
		Views:                 views,
		ErrorHandler:          s.handleError,
		BodyLimit:             maxBody,
		ReadBufferSize:        maxHeader,
		ReadTimeout:           60 * time.Second,
		WriteTimeout:          60 * time.Second,
		IdleTimeout:           120 * time.Second,
		AppName:               "Traguardo",
		UnescapePath:          true,
		ProxyHeader:           c.ProxyHeader,
	})
	s.middleware()
	s.routes()
	return s, nil
}

// App is the Fiber application, for tests and for the listener.
func (s *Server) App() *fiber.App { return s.app }
