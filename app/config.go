package app

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Config is everything that can be set from outside. Flags win over variables.
// Validate reports every fault at once; secrets are never printed.
type Config struct {
	DatabaseURL string // sqlite:///path/to/file or postgres://…
	Addr        string // address to listen on, host:port
	BaseURL     string // public address of the site, https://…
	SecretKey   string // 32 bytes in base64: wraps link secrets and pairing keys; kept outside the database
	SMTPURL     string // smtp://user:password@host:587 (STARTTLS) or smtps://…:465; empty: mail stays in the outbox
	MailFrom    string // sender of mails
	MailCap     string // messages a day at most; empty or 0: no limit
	LogLevel    string // debug, info, warn, error
	ProxyHeader string // header with the client's address set by a trusted reverse proxy; empty: none
}

// Lookup reads one variable, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// FromEnvironment fills the empty fields of c from TRAGUARDO_* variables. A
// secret may also stand in a file named by the variable with _FILE added.
func (c Config) FromEnvironment(lookup Lookup) (Config, error) {
	var faults []error
	set := func(field *string, name string, secret bool) {
		if *field != "" {
			return
		}
		if v, ok := lookup("TRAGUARDO_" + name); ok {
			*field = v
			return
		}
		path, ok := lookup("TRAGUARDO_" + name + "_FILE")
		if !secret || !ok {
			return
		}
		content, err := os.ReadFile(path)
		if err != nil {
			faults = append(faults, fmt.Errorf("TRAGUARDO_%s_FILE: %w", name, err))
			return
		}
		*field = strings.TrimSpace(string(content))
	}
	set(&c.DatabaseURL, "DATABASE_URL", true)
	set(&c.Addr, "ADDR", false)
	set(&c.BaseURL, "BASE_URL", false)
	set(&c.SecretKey, "SECRET_KEY", true)
	set(&c.SMTPURL, "SMTP_URL", true)
	set(&c.MailFrom, "MAIL_FROM", false)
	set(&c.MailCap, "MAIL_DAILY_CAP", false)
	set(&c.LogLevel, "LOG_LEVEL", false)
	set(&c.ProxyHeader, "PROXY_HEADER", false)
	return c.withDefaults(), errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	if c.DatabaseURL == "" {
		c.DatabaseURL = "sqlite://traguardo.db"
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.LogLevel == "" {
		c.LogLevel = "info"
	}
	if c.MailFrom == "" {
		c.MailFrom = "traguardo@localhost"
	}
	return c
}

// Validate lists everything that is wrong.
func (c Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !strings.HasPrefix(c.DatabaseURL, "sqlite://") && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		fault("database-url: must begin with sqlite:// or postgres://")
	}
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		fault("addr: must be host:port")
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Path != "" {
		fault("base-url: must be http://host or https://host, without a path")
	}
	if _, err := c.masterKey(); err != nil {
		faults = append(faults, err)
	}
	if c.SMTPURL != "" {
		if u, err := url.Parse(c.SMTPURL); err != nil || u.Host == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
			fault("smtp-url: must begin with smtp:// or smtps:// and name a host")
		}
	}
	if !strings.Contains(c.MailFrom, "@") {
		fault("mail-from: must be an e-mail address")
	}
	if _, err := c.mailCap(); err != nil {
		faults = append(faults, err)
	}
	switch c.LogLevel {
	case "debug", "info", "warn", "error":
	default:
		fault("log-level: must be debug, info, warn or error")
	}
	return errors.Join(faults...)
}

// mailCap is the number of messages a day; 0 for no limit.
func (c Config) mailCap() (int, error) {
	if c.MailCap == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(c.MailCap)
	if err != nil || n < 0 {
		return 0, errors.New("mail-daily-cap: must be a whole number, 0 for no limit")
	}
	return n, nil
}

func (c Config) masterKey() ([]byte, error) {
	if c.SecretKey == "" {
		return nil, errors.New("secret-key: 32 random bytes in base64 are required with PostgreSQL (TRAGUARDO_SECRET_KEY or TRAGUARDO_SECRET_KEY_FILE)")
	}
	key, err := base64.StdEncoding.DecodeString(c.SecretKey)
	if err != nil || len(key) != 32 {
		return nil, errors.New("secret-key: must be 32 bytes in base64")
	}
	return key, nil
}

// webKey is the key of form tokens and kept forms, apart from the master key.
func webKey(master []byte) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, "traguardo web", 32)
}

// WithKeyFile gives an embedded (SQLite) installation its key: the file
// traguardo.key beside the database, made at the first start, readable by its
// owner only. It changes nothing when a key is set or the engine is PostgreSQL.
func (c Config) WithKeyFile(random func([]byte) error) (Config, error) {
	path, ok := strings.CutPrefix(c.DatabaseURL, "sqlite://")
	if c.SecretKey != "" || !ok || path == "" {
		return c, nil
	}
	file := filepath.Join(filepath.Dir(path), "traguardo.key")
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		key := make([]byte, 32)
		if err := random(key); err != nil {
			return c, fmt.Errorf("making the secret key: %w", err)
		}
		content = []byte(base64.StdEncoding.EncodeToString(key) + "\n")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return c, fmt.Errorf("making the folder of the secret key: %w", err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return c, fmt.Errorf("writing the secret key: %w", err)
		}
	} else if err != nil {
		return c, fmt.Errorf("reading the secret key: %w", err)
	}
	c.SecretKey = strings.TrimSpace(string(content))
	return c, nil
}
