-- +goose Up
CREATE TABLE series (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    method TEXT NOT NULL,
    key_wrapped BYTEA, -- pairing key wrapped under the key outside the database; empty once destroyed
    key_destroyed_at BIGINT, -- unix seconds
    created_at BIGINT NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT series_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT series_method_check CHECK (method IN ('card','code','link')),
    CONSTRAINT series_id_method_key UNIQUE (id, method)
);
CREATE INDEX series_ente_id_idx ON series (ente_id);
CREATE TABLE campaigns (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    programme_id TEXT,
    series_id TEXT NOT NULL,
    pairing TEXT NOT NULL, -- method of the series, fixed with it
    wave TEXT NOT NULL,
    instrument_hash TEXT NOT NULL,
    short_form BOOLEAN NOT NULL,
    modules TEXT NOT NULL, -- codes, comma separated
    threshold BIGINT NOT NULL,
    pairs_with TEXT,
    opens_at BIGINT NOT NULL, -- unix seconds
    closes_at BIGINT NOT NULL, -- unix seconds
    state TEXT NOT NULL,
    eligible BIGINT NOT NULL, -- people invited
    projects TEXT NOT NULL, -- JSON list of titles for EXP-01, frozen at opening
    informativa TEXT NOT NULL,
    unions_notice TEXT NOT NULL,
    rpd_opinion TEXT NOT NULL,
    reminders TEXT NOT NULL, -- days of the reminders still to come, YYYY-MM-DD, comma separated, in order
    text_reviewer TEXT NOT NULL, -- user id of who reads the free texts before anybody else; empty while nobody is named
    text_seed TEXT NOT NULL, -- random, orders the free texts; empty while nobody is named
    texts_withheld BIGINT NOT NULL, -- free texts that the reviewer deleted
    scheduled_by TEXT NOT NULL, -- user id who ordered the opening at opens_at; empty while nobody did
    version BIGINT NOT NULL, -- optimistic lock: 1 and up
    keys_confirmed_by TEXT NOT NULL, -- user id who confirmed knowledge keys past review_by; empty when not needed
    created_at BIGINT NOT NULL, -- unix seconds
    opened_at BIGINT, -- unix seconds
    closed_at BIGINT, -- unix seconds
    results_seen BOOLEAN NOT NULL, -- somebody was shown what the wave found: it is never opened again
    PRIMARY KEY (id),
    CONSTRAINT campaigns_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT campaigns_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes (id) ON DELETE SET NULL,
    CONSTRAINT campaigns_series_id_pairing_fkey FOREIGN KEY (series_id, pairing) REFERENCES series (id, method) ON DELETE RESTRICT,
    CONSTRAINT campaigns_wave_check CHECK (wave IN ('exante','interim','expost')),
    CONSTRAINT campaigns_instrument_hash_fkey FOREIGN KEY (instrument_hash) REFERENCES instruments (hash) ON DELETE RESTRICT,
    CONSTRAINT campaigns_threshold_check CHECK (threshold >= 5),
    CONSTRAINT campaigns_pairs_with_fkey FOREIGN KEY (pairs_with) REFERENCES campaigns (id) ON DELETE RESTRICT,
    CONSTRAINT campaigns_state_check CHECK (state IN ('draft','open','closed')),
    CONSTRAINT campaigns_ente_id_wave_key UNIQUE (ente_id, wave)
);
CREATE INDEX campaigns_programme_id_idx ON campaigns (programme_id);
CREATE INDEX campaigns_series_id_idx ON campaigns (series_id);
CREATE INDEX campaigns_instrument_hash_idx ON campaigns (instrument_hash);
CREATE INDEX campaigns_pairs_with_idx ON campaigns (pairs_with);
CREATE TABLE invitations (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    token_hash BYTEA NOT NULL, -- of a key derived from the link's secret
    secret_wrapped BYTEA NOT NULL, -- the link's secret under the key outside the database, for letters and reminders
    used BOOLEAN NOT NULL, -- yes or no: no day and no time
    sent_on TEXT, -- YYYY-MM-DD
    undelivered BOOLEAN NOT NULL, -- the last mail was refused for good
    PRIMARY KEY (id),
    CONSTRAINT invitations_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT invitations_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
    CONSTRAINT invitations_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE CASCADE,
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_campaign_id_staff_id_key UNIQUE (campaign_id, staff_id)
);
CREATE INDEX invitations_ente_id_idx ON invitations (ente_id);
CREATE INDEX invitations_staff_id_idx ON invitations (staff_id);
CREATE TABLE drafts (
    draft_key BYTEA NOT NULL, -- derived from the link's secret, joins with nothing
    ente_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    sealed BYTEA NOT NULL, -- encrypted under a key derived from the link's secret
    PRIMARY KEY (draft_key),
    CONSTRAINT drafts_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT drafts_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX drafts_ente_id_idx ON drafts (ente_id);
CREATE INDEX drafts_campaign_id_idx ON drafts (campaign_id);
CREATE TABLE responses (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    pair_hash BYTEA, -- keyed hash of the personal code; empty when none was given
    pair_masked BYTEA, -- method code: the six keyed hashes with one element left out, one after the other
    form TEXT NOT NULL, -- rotated knowledge set; empty in the short form, which has none
    vector BYTEA NOT NULL, -- one byte a slot of the instrument
    PRIMARY KEY (id),
    CONSTRAINT responses_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT responses_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
    CONSTRAINT responses_form_check CHECK (form IN ('','A','B'))
);
CREATE INDEX responses_campaign_id_idx ON responses (campaign_id);
CREATE INDEX responses_ente_id_idx ON responses (ente_id);
CREATE TABLE response_texts (
    id TEXT NOT NULL, -- random, no key shared with responses
    ente_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    item TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT response_texts_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT response_texts_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX response_texts_campaign_id_idx ON response_texts (campaign_id);
CREATE INDEX response_texts_ente_id_idx ON response_texts (ente_id);
CREATE TABLE released_texts (
    id TEXT NOT NULL, -- that of the text while it was unread
    ente_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    item TEXT NOT NULL,
    body TEXT NOT NULL, -- as the reviewer let it be shown; no other wording is kept
    PRIMARY KEY (id),
    CONSTRAINT released_texts_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT released_texts_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX released_texts_campaign_id_idx ON released_texts (campaign_id);
CREATE INDEX released_texts_ente_id_idx ON released_texts (ente_id);

-- +goose Down
DROP TABLE released_texts;
DROP TABLE response_texts;
DROP TABLE responses;
DROP TABLE drafts;
DROP TABLE invitations;
DROP TABLE campaigns;
DROP TABLE series;
