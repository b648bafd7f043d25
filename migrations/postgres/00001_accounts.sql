-- +goose Up
CREATE TABLE users (
    id TEXT NOT NULL, -- random, 26 characters
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL, -- lower case, made in Go
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id, encoded form; empty until first set
    lang TEXT NOT NULL, -- it | en
    is_admin BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    must_change BOOLEAN NOT NULL, -- set by an administrator's reset
    created_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT users_email_folded_key UNIQUE (email_folded)
);
CREATE TABLE sessions (
    id_hash BYTEA NOT NULL, -- SHA-256 of the cookie's 256 random bits
    user_id TEXT NOT NULL,
    csrf TEXT NOT NULL,
    flash TEXT NOT NULL, -- one message shown on the next page
    created_at BIGINT NOT NULL, -- unix seconds
    seen_at BIGINT NOT NULL, -- unix seconds
    expires_at BIGINT NOT NULL, -- unix seconds; absolute limit
    PRIMARY KEY (id_hash),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE TABLE throttles (
    key TEXT NOT NULL, -- kind:value-hash, never an address in clear
    failures BIGINT NOT NULL,
    window_at BIGINT NOT NULL, -- unix seconds; start of the counting window
    blocked_until BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (key)
);
CREATE TABLE password_resets (
    token_hash BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL, -- unix seconds
    used_at BIGINT, -- unix seconds
    PRIMARY KEY (token_hash),
    CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX password_resets_user_id_idx ON password_resets (user_id);
CREATE TABLE setup_codes (
    code_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL, -- unix seconds
    used_at BIGINT, -- unix seconds
    PRIMARY KEY (code_hash)
);
CREATE TABLE submissions (
    digest TEXT NOT NULL, -- SHA-256 of session, address and fields of a form that adds something
    location TEXT NOT NULL, -- where the first sending led; empty while it is under way
    sent_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (digest)
);

-- +goose Down
DROP TABLE submissions;
DROP TABLE setup_codes;
DROP TABLE password_resets;
DROP TABLE throttles;
DROP TABLE sessions;
DROP TABLE users;
