-- +goose Up
CREATE TABLE users (
    id TEXT NOT NULL, -- random, 26 characters
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL, -- lower case, made in Go
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id, encoded form; empty until first set
    lang TEXT NOT NULL, -- it | en
    is_admin INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    must_change INTEGER NOT NULL, -- set by an administrator's reset
    created_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT users_is_admin_check CHECK (is_admin IN (0, 1)),
    CONSTRAINT users_disabled_check CHECK (disabled IN (0, 1)),
    CONSTRAINT users_must_change_check CHECK (must_change IN (0, 1)),
    CONSTRAINT users_email_folded_key UNIQUE (email_folded)
) STRICT;
CREATE TABLE sessions (
    id_hash BLOB NOT NULL, -- SHA-256 of the cookie's 256 random bits
    user_id TEXT NOT NULL,
    csrf TEXT NOT NULL,
    flash TEXT NOT NULL, -- one message shown on the next page
    created_at INTEGER NOT NULL, -- unix seconds
    seen_at INTEGER NOT NULL, -- unix seconds
    expires_at INTEGER NOT NULL, -- unix seconds; absolute limit
    PRIMARY KEY (id_hash),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE TABLE throttles (
    key TEXT NOT NULL, -- kind:value-hash, never an address in clear
    failures INTEGER NOT NULL,
    window_at INTEGER NOT NULL, -- unix seconds; start of the counting window
    blocked_until INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (key)
) STRICT;
CREATE TABLE password_resets (
    token_hash BLOB NOT NULL,
    user_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL, -- unix seconds
    used_at INTEGER, -- unix seconds
    PRIMARY KEY (token_hash),
    CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX password_resets_user_id_idx ON password_resets (user_id);
CREATE TABLE setup_codes (
    code_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL, -- unix seconds
    used_at INTEGER, -- unix seconds
    PRIMARY KEY (code_hash)
) STRICT;
CREATE TABLE submissions (
    digest TEXT NOT NULL, -- SHA-256 of session, address and fields of a form that adds something
    location TEXT NOT NULL, -- where the first sending led; empty while it is under way
    sent_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (digest)
) STRICT;

-- +goose Down
DROP TABLE submissions;
DROP TABLE setup_codes;
DROP TABLE password_resets;
DROP TABLE throttles;
DROP TABLE sessions;
DROP TABLE users;
