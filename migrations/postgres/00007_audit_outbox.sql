-- +goose Up
CREATE TABLE audit (
    seq BIGINT NOT NULL, -- 1, 2, 3 … without gaps, given under a lock
    at BIGINT NOT NULL, -- unix seconds
    actor TEXT NOT NULL, -- user id, or system
    action TEXT NOT NULL,
    ente_id TEXT NOT NULL, -- empty when of no ente; no key: the trail outlives the ente
    subject TEXT NOT NULL, -- kind and id
    detail TEXT NOT NULL, -- JSON, never an answer
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL, -- SHA-256 over prev_hash and this row's fields
    PRIMARY KEY (seq)
);
CREATE INDEX audit_ente_id_idx ON audit (ente_id);
-- +goose StatementBegin
CREATE FUNCTION audit_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are immutable';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_immutable();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_immutable();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable();
CREATE TABLE outbox (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL, -- empty when of no ente
    invitation_id TEXT NOT NULL, -- of a wave; empty for other mail; emptied at delivery
    recipient TEXT NOT NULL, -- emptied at delivery
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL, -- emptied at delivery
    body_html TEXT NOT NULL, -- emptied at delivery
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL, -- unix seconds
    created_at BIGINT NOT NULL, -- unix seconds
    sent_on TEXT, -- YYYY-MM-DD
    last_error TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','failed'))
);
CREATE INDEX outbox_state_next_at_idx ON outbox (state, next_at);
CREATE INDEX outbox_sent_on_idx ON outbox (sent_on);
CREATE INDEX outbox_invitation_id_idx ON outbox (invitation_id);
CREATE TABLE reports (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL, -- of the PDF
    data_hash TEXT NOT NULL,
    pages BIGINT NOT NULL,
    issued_on TEXT NOT NULL, -- YYYY-MM-DD
    issued_by TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX reports_ente_id_idx ON reports (ente_id);

-- +goose Down
DROP TABLE reports;
DROP TABLE outbox;
DROP TABLE audit;
DROP FUNCTION IF EXISTS audit_immutable();
