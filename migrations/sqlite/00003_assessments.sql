-- +goose Up
CREATE TABLE instruments (
    hash TEXT NOT NULL, -- SHA-256 of the canonical bytes
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    body BLOB NOT NULL, -- canonical JSON
    published_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (hash),
    CONSTRAINT instruments_code_version_language_key UNIQUE (code, version, language)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments
BEGIN
    SELECT RAISE(ABORT, 'instruments rows are immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments
BEGIN
    SELECT RAISE(ABORT, 'instruments rows are immutable');
END;
-- +goose StatementEnd
CREATE TABLE assessments (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    instrument_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    two_raters INTEGER NOT NULL,
    opened_at INTEGER NOT NULL, -- unix seconds
    closed_at INTEGER, -- unix seconds
    closed_by TEXT NOT NULL, -- user id, empty while open
    act_type TEXT NOT NULL,
    act_number TEXT NOT NULL,
    act_date TEXT, -- YYYY-MM-DD
    PRIMARY KEY (id),
    CONSTRAINT assessments_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT assessments_wave_check CHECK (wave IN ('exante','interim','expost')),
    CONSTRAINT assessments_instrument_hash_fkey FOREIGN KEY (instrument_hash) REFERENCES instruments (hash) ON DELETE RESTRICT,
    CONSTRAINT assessments_state_check CHECK (state IN ('open','closed')),
    CONSTRAINT assessments_two_raters_check CHECK (two_raters IN (0, 1)),
    CONSTRAINT assessments_ente_id_wave_key UNIQUE (ente_id, wave)
) STRICT;
CREATE INDEX assessments_instrument_hash_idx ON assessments (instrument_hash);
CREATE TABLE ratings (
    assessment_id TEXT NOT NULL,
    indicator TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    level INTEGER, -- declared (consensus) level; empty: not assessed
    na INTEGER NOT NULL,
    na_reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    rater_a INTEGER, -- first answer of the RTD before consensus
    rater_b INTEGER, -- first answer of the UTD before consensus
    assigned_to TEXT NOT NULL, -- user id, empty when nobody
    version INTEGER NOT NULL, -- optimistic lock: 1 and up
    updated_by TEXT NOT NULL, -- user id
    updated_at INTEGER NOT NULL, -- unix seconds
    CONSTRAINT ratings_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES assessments (id) ON DELETE CASCADE,
    CONSTRAINT ratings_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT ratings_level_check CHECK (level BETWEEN 0 AND 4),
    CONSTRAINT ratings_na_check CHECK (na IN (0, 1)),
    CONSTRAINT ratings_rater_a_check CHECK (rater_a BETWEEN 0 AND 4),
    CONSTRAINT ratings_rater_b_check CHECK (rater_b BETWEEN 0 AND 4),
    PRIMARY KEY (assessment_id, indicator)
) STRICT;
CREATE INDEX ratings_ente_id_idx ON ratings (ente_id);
CREATE TABLE files (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL, -- found from the content
    size INTEGER NOT NULL, -- bytes
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT files_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE
) STRICT;
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
    revoked INTEGER NOT NULL,
    revoked_at INTEGER, -- unix seconds; empty while it counts
    checked_level INTEGER, -- E5: declared level that the reviewer found proved; empty for the rest
    file_id TEXT,
    added_by TEXT NOT NULL, -- user id
    added_role TEXT NOT NULL,
    added_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT evidence_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT evidence_type_check CHECK (type IN ('E1','E2','E3','E4','E5')),
    CONSTRAINT evidence_kind_check CHECK (kind IN ('file','link','act','note')),
    CONSTRAINT evidence_checked_level_check CHECK (checked_level BETWEEN 0 AND 4),
    CONSTRAINT evidence_revoked_check CHECK (revoked IN (0, 1)),
    CONSTRAINT evidence_file_id_fkey FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX evidence_ente_id_indicator_idx ON evidence (ente_id, indicator);
CREATE INDEX evidence_file_id_idx ON evidence (file_id);

-- +goose Down
DROP TABLE evidence;
DROP TABLE files;
DROP TABLE ratings;
DROP TABLE assessments;
DROP TABLE instruments;
