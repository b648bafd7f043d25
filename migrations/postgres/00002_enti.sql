-- +goose Up
CREATE TABLE comuni (
    catastale TEXT NOT NULL, -- cadastral code, the stable key
    istat TEXT NOT NULL,
    istat_previous TEXT NOT NULL, -- codes before a change of province, space separated; empty when none
    ipa TEXT NOT NULL, -- empty when unknown
    name TEXT NOT NULL,
    other_name TEXT NOT NULL, -- name in the other language; empty when none
    province_code TEXT NOT NULL,
    province TEXT NOT NULL,
    region TEXT NOT NULL,
    provincial_capital BOOLEAN NOT NULL,
    regional_capital BOOLEAN NOT NULL,
    population BIGINT NOT NULL, -- residents
    population_note TEXT NOT NULL,
    folded TEXT NOT NULL, -- search form of both names, made in Go
    dated TEXT NOT NULL, -- YYYY-MM-DD; date of the source, empty when it was not told
    PRIMARY KEY (catastale)
);
CREATE INDEX comuni_istat_idx ON comuni (istat);
CREATE INDEX comuni_folded_idx ON comuni (folded);
CREATE TABLE programmes (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    fictitious BOOLEAN NOT NULL,
    pti_edition TEXT NOT NULL,
    key_holder TEXT NOT NULL, -- who keeps the pairing keys outside the enti; empty where nobody does
    created_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id)
);
CREATE TABLE enti (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    other_name TEXT NOT NULL, -- name in the other language; empty when none
    catastale TEXT NOT NULL, -- empty for a fictitious ente
    istat TEXT NOT NULL,
    istat_previous TEXT NOT NULL,
    ipa TEXT NOT NULL, -- empty when unknown
    province_code TEXT NOT NULL,
    province TEXT NOT NULL,
    region TEXT NOT NULL,
    provincial_capital BOOLEAN NOT NULL,
    regional_capital BOOLEAN NOT NULL,
    population BIGINT NOT NULL, -- residents
    fictitious BOOLEAN NOT NULL,
    pti_edition TEXT NOT NULL,
    threshold BIGINT NOT NULL, -- smallest group shown; may be raised, never lowered
    created_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT enti_threshold_check CHECK (threshold >= 5)
);
CREATE INDEX enti_catastale_idx ON enti (catastale);
CREATE TABLE programme_enti (
    programme_id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    enrolled_on TEXT NOT NULL, -- YYYY-MM-DD
    CONSTRAINT programme_enti_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes (id) ON DELETE CASCADE,
    CONSTRAINT programme_enti_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    PRIMARY KEY (programme_id, ente_id)
);
CREATE INDEX programme_enti_ente_id_idx ON programme_enti (ente_id);
CREATE TABLE grants (
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    ente_id TEXT,
    programme_id TEXT,
    office_id TEXT, -- for role office: the office; no key because offices may be merged
    PRIMARY KEY (id),
    CONSTRAINT grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT grants_role_check CHECK (role IN ('coordinator','facilitator','rtd','utd','office','viewer')),
    CONSTRAINT grants_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT grants_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes (id) ON DELETE CASCADE,
    CONSTRAINT grants_scope_check CHECK ((ente_id IS NULL) <> (programme_id IS NULL))
);
CREATE INDEX grants_user_id_idx ON grants (user_id);
CREATE INDEX grants_ente_id_idx ON grants (ente_id);
CREATE INDEX grants_programme_id_idx ON grants (programme_id);
CREATE TABLE offices (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT offices_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT offices_ente_id_name_folded_key UNIQUE (ente_id, name_folded)
);
CREATE TABLE staff (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    office_id TEXT,
    role_family TEXT NOT NULL, -- code of P-02, empty when not given
    joined_on TEXT NOT NULL, -- YYYY-MM-DD
    left_on TEXT, -- YYYY-MM-DD; empty while in service
    PRIMARY KEY (id),
    CONSTRAINT staff_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT staff_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE SET NULL,
    CONSTRAINT staff_ente_id_email_folded_key UNIQUE (ente_id, email_folded)
);
CREATE INDEX staff_office_id_idx ON staff (office_id);
CREATE TABLE padigitale_rows (
    id TEXT NOT NULL,
    istat TEXT NOT NULL, -- current code
    measure TEXT NOT NULL,
    platform TEXT NOT NULL,
    notice TEXT NOT NULL, -- avviso_id
    amount_cents BIGINT NOT NULL, -- euro cents
    cup TEXT NOT NULL,
    state TEXT NOT NULL,
    state_on TEXT, -- YYYY-MM-DD
    sent_on TEXT, -- YYYY-MM-DD
    funded_on TEXT, -- YYYY-MM-DD
    data_as_of TEXT NOT NULL, -- YYYY-MM-DD; date of the source file, differs by measure
    paid_cents BIGINT, -- euro cents paid by ReGiS at 2025-03-31; empty when the CUP is not in that table
    target_realised BIGINT, -- ReGiS target realised at 2025-03-31; empty when not in that table
    PRIMARY KEY (id),
    CONSTRAINT padigitale_rows_state_check CHECK (state IN ('A','E','R'))
);
CREATE INDEX padigitale_rows_istat_idx ON padigitale_rows (istat);

-- +goose Down
DROP TABLE padigitale_rows;
DROP TABLE staff;
DROP TABLE offices;
DROP TABLE grants;
DROP TABLE programme_enti;
DROP TABLE enti;
DROP TABLE programmes;
DROP TABLE comuni;
