-- +goose Up
CREATE TABLE results (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL, -- assessment or campaign id
    formula_version TEXT NOT NULL,
    data_hash TEXT NOT NULL, -- SHA-256 of the input in canonical form
    body BYTEA NOT NULL, -- JSON of publishable figures only
    computed_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT results_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT results_wave_check CHECK (wave IN ('exante','interim','expost')),
    CONSTRAINT results_kind_check CHECK (kind IN ('assessment','staff','change','staffchange')),
    CONSTRAINT results_ente_id_wave_kind_key UNIQUE (ente_id, wave, kind)
);
CREATE TABLE result_areas (
    result_id TEXT NOT NULL,
    area TEXT NOT NULL, -- PIA SIC COM DOC GOV, or ALL for the index
    ente_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    declared DOUBLE PRECISION, -- 0-100
    evidenced DOUBLE PRECISION, -- 0-100 (staff: mean of self-assessed competence)
    low DOUBLE PRECISION, -- 0-100
    high DOUBLE PRECISION, -- 0-100
    coverage DOUBLE PRECISION, -- 0-1
    knowledge DOUBLE PRECISION, -- 0-100, staff only
    n BIGINT, -- staff: valid persons; assessment: indicators answered
    of_n BIGINT, -- staff: eligible; assessment: applicable indicators
    label TEXT NOT NULL,
    CONSTRAINT result_areas_result_id_fkey FOREIGN KEY (result_id) REFERENCES results (id) ON DELETE CASCADE,
    CONSTRAINT result_areas_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT result_areas_state_check CHECK (state IN ('shown','interval','insufficient','suppressed','none')),
    PRIMARY KEY (result_id, area)
);
CREATE INDEX result_areas_ente_id_kind_wave_idx ON result_areas (ente_id, kind, wave);
CREATE TABLE item_analyses (
    programme_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    instrument_hash TEXT NOT NULL,
    body BYTEA NOT NULL, -- JSON of publishable figures only, pooled over the enti that were in
    computed_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (programme_id, wave),
    CONSTRAINT item_analyses_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes (id) ON DELETE CASCADE,
    CONSTRAINT item_analyses_instrument_hash_fkey FOREIGN KEY (instrument_hash) REFERENCES instruments (hash) ON DELETE RESTRICT,
    CONSTRAINT item_analyses_wave_check CHECK (wave IN ('exante','interim','expost'))
);
CREATE INDEX item_analyses_instrument_hash_idx ON item_analyses (instrument_hash);

-- +goose Down
DROP TABLE item_analyses;
DROP TABLE result_areas;
DROP TABLE results;
