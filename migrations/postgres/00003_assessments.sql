-- +goose Up
CREATE TABLE instruments (
    hash TEXT NOT NULL, -- SHA-256 of the canonical bytes
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    body BYTEA NOT NULL, -- canonical JSON
    published_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (hash),
    CONSTRAINT instruments_code_version_language_key UNIQUE (code, version, language)
);
-- +goose StatementBegin
CREATE FUNCTION instruments_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'instruments rows are immutable';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments FOR EACH ROW EXECUTE FUNCTION instruments_immutable();
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments FOR EACH ROW EXECUTE FUNCTION instruments_immutable();
CREATE TABLE assessments (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    instrument_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    two_raters BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL, -- unix seconds
    closed_at BIGINT, -- unix seconds
    closed_by TEXT NOT NULL, -- user id, empty while open
    act_type TEXT NOT NULL,
    act_number TEXT NOT NULL,
    act_date TEXT, -- YYYY-MM-DD
    PRIMARY KEY (id),
    CONSTRAINT assessments_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT assessments_wave_check CHECK (wave IN ('exante','interim','expost')),
    CONSTRAINT assessments_instrument_hash_fkey FOREIGN KEY (instrument_hash) REFERENCES instruments (hash) ON DELETE RESTRICT,
    CONSTRAINT assessments_state_check CHECK (state IN ('open','closed')),
    CONSTRAINT assessments_ente_id_wave_key UNIQUE (ente_id, wave)
);
CREATE INDEX assessments_instrument_hash_idx ON assessments (instrument_hash);
CREATE TABLE ratings (
    assessment_id TEXT NOT NULL,
    indicator TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    level BIGINT, -- declared (consensus) level; empty: not assessed
    na BOOLEAN NOT NULL,
    na_reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    rater_a BIGINT, -- first answer of the RTD before consensus
    rater_b BIGINT, -- first answer of the UTD before consensus
    assigned_to TEXT NOT NULL, -- user id, empty when nobody
    version BIGINT NOT NULL, -- optimistic lock: 1 and up
    updated_by TEXT NOT NULL, -- user id
    updated_at BIGINT NOT NULL, -- unix seconds
    CONSTRAINT ratings_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES assessments (id) ON DELETE CASCADE,
    CONSTRAINT ratings_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT ratings_level_check CHECK (level BETWEEN 0 AND 4),
    CONSTRAINT ratings_rater_a_check CHECK (rater_a BETWEEN 0 AND 4),
    CONSTRAINT ratings_rater_b_check CHECK (rater_b BETWEEN 0 AND 4),
    PRIMARY KEY (assessment_id, indicator)
);
CREATE INDEX ratings_ente_id_idx ON ratings (ente_id);
CREATE TABLE files (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL, -- found from the content
    size BIGINT NOT NULL, -- bytes
    sha256 TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT files_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE
);
CREATE INDEX files_ente_id_idx ON files (ente_id);
CREATE TABLE evidence (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    indicator TEXT NOT NULL, -- code, empty when only of a micro-project
    project_id TEXT NOT NULL, -- micro-project id, empty when only of an indicator
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    act_type TEXT NOT NULL,
    act_number TEXT NOT NULL,
    dated TEXT NOT NULL, -- YYYY-MM-DD
    valid_until TEXT, -- YYYY-MM-DD
    revoked BOOLEAN NOT NULL,
    revoked_at BIGINT, -- unix seconds; empty while it counts
    checked_level BIGINT, -- E5: declared level that the reviewer found proved; empty for the rest
    file_id TEXT,
    added_by TEXT NOT NULL, -- user id
    added_role TEXT NOT NULL,
    added_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT evidence_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT evidence_type_check CHECK (type IN ('E1','E2','E3','E4','E5')),
    CONSTRAINT evidence_kind_check CHECK (kind IN ('file','link','act','note')),
    CONSTRAINT evidence_checked_level_check CHECK (checked_level BETWEEN 0 AND 4),
    CONSTRAINT evidence_file_id_fkey FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE SET NULL
);
CREATE INDEX evidence_ente_id_indicator_idx ON evidence (ente_id, indicator);
CREATE INDEX evidence_file_id_idx ON evidence (file_id);

-- +goose Down
DROP TABLE evidence;
DROP TABLE files;
DROP TABLE ratings;
DROP TABLE assessments;
DROP TABLE instruments;
DROP FUNCTION IF EXISTS instruments_immutable();
