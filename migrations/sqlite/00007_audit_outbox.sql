-- +goose Up
CREATE TABLE audit (
    seq INTEGER NOT NULL, -- 1, 2, 3 … without gaps, given under a lock
    at INTEGER NOT NULL, -- unix seconds
    actor TEXT NOT NULL, -- user id, or system
    action TEXT NOT NULL,
    ente_id TEXT NOT NULL, -- empty when of no ente; no key: the trail outlives the ente
    subject TEXT NOT NULL, -- kind and id
    detail TEXT NOT NULL, -- JSON, never an answer
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL, -- SHA-256 over prev_hash and this row's fields
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX audit_ente_id_idx ON audit (ente_id);
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit rows are immutable'); -- INSERT OR REPLACE passes the other two by
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are immutable');
END;
-- +goose StatementEnd
CREATE TABLE outbox (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL, -- empty when of no ente
    invitation_id TEXT NOT NULL, -- of a wave; empty for other mail; emptied at delivery
    recipient TEXT NOT NULL, -- emptied at delivery
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL, -- emptied at delivery
    body_html TEXT NOT NULL, -- emptied at delivery
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL, -- unix seconds
    created_at INTEGER NOT NULL, -- unix seconds
    sent_on TEXT, -- YYYY-MM-DD
    last_error TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','failed'))
) STRICT;
CREATE INDEX outbox_state_next_at_idx ON outbox (state, next_at);
CREATE INDEX outbox_sent_on_idx ON outbox (sent_on);
CREATE INDEX outbox_invitation_id_idx ON outbox (invitation_id);
CREATE TABLE reports (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL, -- of the PDF
    data_hash TEXT NOT NULL,
    pages INTEGER NOT NULL,
    issued_on TEXT NOT NULL, -- YYYY-MM-DD
    issued_by TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX reports_ente_id_idx ON reports (ente_id);

-- +goose Down
DROP TABLE reports;
DROP TABLE outbox;
DROP TABLE audit;
