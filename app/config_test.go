package app_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traguardo/app"
)

func lookup(env map[string]string) app.Lookup {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

var testKey = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))

// TestConfigTellsEveryFaultAtOnce holds the promise that one start shows all that
// is wrong, and that no secret is in what it shows.
func TestConfigTellsEveryFaultAtOnce(t *testing.T) {
	c, err := app.Config{}.FromEnvironment(lookup(map[string]string{"TRAGUARDO_DATABASE_URL": "mysql://user:segreto@h/db", "TRAGUARDO_ADDR": "8080", "TRAGUARDO_BASE_URL": "comune.example/sotto",
		"TRAGUARDO_SECRET_KEY": "segreto", "TRAGUARDO_SMTP_URL": "http://user:segreto@h", "TRAGUARDO_MAIL_FROM": "nessuno", "TRAGUARDO_LOG_LEVEL": "alto"}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Validate()
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"database-url", "addr", "base-url", "secret-key", "smtp-url", "mail-from", "log-level"} {
		if !strings.Contains(err.Error(), want+":") {
			t.Errorf("%s is not told in %q", want, err)
		}
	}
	if strings.Contains(err.Error(), "segreto") {
		t.Errorf("a secret is told: %q", err)
	}
}

func TestConfigDefaultsAndOrder(t *testing.T) {
	c, err := app.Config{Addr: "127.0.0.1:9000"}.FromEnvironment(lookup(map[string]string{"TRAGUARDO_ADDR": "127.0.0.1:1", "TRAGUARDO_SECRET_KEY": testKey}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:9000" || c.BaseURL != "http://127.0.0.1:9000" || c.LogLevel != "info" || c.DatabaseURL != "sqlite://traguardo.db" {
		t.Errorf("got %+v, want the flag before the variable and the defaults", c)
	}
	if err := c.Validate(); err != nil {
		t.Errorf("defaults with a key: %v", err)
	}
	c.DatabaseURL, c.SecretKey = "postgres://h/db", ""
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "secret-key") {
		t.Errorf("PostgreSQL without a key: got %v, want secret-key", err)
	}
}

func TestConfigReadsSecretsFromFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c, err := app.Config{}.FromEnvironment(lookup(map[string]string{"TRAGUARDO_SECRET_KEY_FILE": write("key", testKey+"\n"), "TRAGUARDO_SMTP_URL_FILE": write("smtp", "smtps://u:p@h\n"),
		"TRAGUARDO_DATABASE_URL_FILE": write("db", "postgres://u:p@h/db\n"), "TRAGUARDO_ADDR_FILE": write("addr", "127.0.0.1:1")}))
	if err != nil || c.SecretKey != testKey || c.SMTPURL != "smtps://u:p@h" || c.DatabaseURL != "postgres://u:p@h/db" || c.Addr != "127.0.0.1:8080" {
		t.Errorf("got %+v, %v, want secrets from files and nothing else", c, err)
	}
	_, err = app.Config{}.FromEnvironment(lookup(map[string]string{"TRAGUARDO_SECRET_KEY_FILE": filepath.Join(dir, "none"), "TRAGUARDO_SMTP_URL_FILE": filepath.Join(dir, "nor-this")}))
	if err == nil || !strings.Contains(err.Error(), "SECRET_KEY_FILE") || !strings.Contains(err.Error(), "SMTP_URL_FILE") {
		t.Errorf("missing files: got %v, want both named", err)
	}
}

func TestKeyFileIsMadeOnceAndPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	random := func(b []byte) error { copy(b, bytes.Repeat([]byte{9}, len(b))); return nil }
	first, err := app.Config{DatabaseURL: "sqlite://" + filepath.Join(dir, "t.db")}.WithKeyFile(random)
	if err != nil || first.SecretKey == "" {
		t.Fatalf("got %q, %v", first.SecretKey, err)
	}
	info, err := os.Stat(filepath.Join(dir, "traguardo.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v, want readable by its owner only", info, err)
	}
	again, err := app.Config{DatabaseURL: "sqlite://" + filepath.Join(dir, "t.db")}.WithKeyFile(func([]byte) error { t.Error("made twice"); return nil })
	if err != nil || again.SecretKey != first.SecretKey {
		t.Errorf("second start: got another key, %v", err)
	}
	if c, err := (app.Config{DatabaseURL: "postgres://h/db"}).WithKeyFile(random); err != nil || c.SecretKey != "" {
		t.Errorf("PostgreSQL: got a key file, %v", err)
	}
}
