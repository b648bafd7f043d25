-- +goose Up
CREATE TABLE plans (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    state TEXT NOT NULL,
    edition TEXT NOT NULL, -- PTI edition
    start_year INTEGER NOT NULL,
    start_quarter INTEGER NOT NULL,
    quarters INTEGER NOT NULL,
    budget TEXT NOT NULL, -- JSON list, euro cents by calendar year
    capacity TEXT NOT NULL, -- JSON list, staff days by quarter
    targets TEXT NOT NULL, -- JSON list: indicator, level, by
    body TEXT NOT NULL, -- JSON: proposal facts kept with the plan (reasons, points, bound)
    version INTEGER NOT NULL, -- optimistic lock
    created_at INTEGER NOT NULL, -- unix seconds
    approved_at INTEGER, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT plans_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT plans_state_check CHECK (state IN ('draft','proposed','approved','closed')),
    CONSTRAINT plans_start_quarter_check CHECK (start_quarter BETWEEN 1 AND 4),
    CONSTRAINT plans_quarters_check CHECK (quarters BETWEEN 4 AND 12),
    CONSTRAINT plans_ente_id_key UNIQUE (ente_id)
) STRICT;
CREATE TABLE plan_versions (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL, -- canonical JSON of the approved plan
    sha256 TEXT NOT NULL,
    act_type TEXT NOT NULL,
    act_number TEXT NOT NULL,
    act_date TEXT NOT NULL, -- YYYY-MM-DD
    act_by TEXT NOT NULL, -- body or person that adopted it
    approved_by TEXT NOT NULL, -- user id
    approved_at INTEGER NOT NULL, -- unix seconds
    reason TEXT NOT NULL, -- why amended; empty for the first
    PRIMARY KEY (id),
    CONSTRAINT plan_versions_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT plan_versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans (id) ON DELETE CASCADE,
    CONSTRAINT plan_versions_plan_id_number_key UNIQUE (plan_id, number)
) STRICT;
CREATE INDEX plan_versions_ente_id_idx ON plan_versions (ente_id);
-- +goose StatementBegin
CREATE TRIGGER plan_versions_no_update BEFORE UPDATE ON plan_versions
BEGIN
    SELECT RAISE(ABORT, 'plan_versions rows are immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_versions_no_delete BEFORE DELETE ON plan_versions
BEGIN
    SELECT RAISE(ABORT, 'plan_versions rows are immutable');
END;
-- +goose StatementEnd
CREATE TABLE micro_projects (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    template TEXT NOT NULL, -- stage of the catalogue, empty for the ente's own
    template_version TEXT NOT NULL,
    title TEXT NOT NULL,
    area TEXT NOT NULL,
    body TEXT NOT NULL, -- JSON: the sheet; the columns beside it hold where both do
    edited INTEGER NOT NULL, -- somebody changed what the catalogue says
    included INTEGER NOT NULL, -- in the plan
    choice TEXT NOT NULL,
    verdict TEXT NOT NULL, -- JSON: why in or out, points
    cost_cents INTEGER NOT NULL, -- euro cents, all in the year it starts
    running_cents INTEGER NOT NULL, -- euro cents a year
    effort TEXT NOT NULL, -- JSON list, staff days in each quarter of its life
    start_year INTEGER,
    start_quarter INTEGER,
    office_id TEXT,
    cup TEXT NOT NULL,
    funding TEXT NOT NULL, -- JSON list: source, cents, measure, CUP
    facts TEXT NOT NULL, -- JSON list of what happened, by day; the days below are read from it
    started_on TEXT, -- YYYY-MM-DD
    suspended_on TEXT, -- YYYY-MM-DD
    suspended_reason TEXT NOT NULL,
    done_on TEXT, -- YYYY-MM-DD
    checked_on TEXT, -- YYYY-MM-DD
    cancelled_on TEXT, -- YYYY-MM-DD
    cancelled_reason TEXT NOT NULL,
    version INTEGER NOT NULL, -- optimistic lock
    updated_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT micro_projects_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT micro_projects_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans (id) ON DELETE CASCADE,
    CONSTRAINT micro_projects_included_check CHECK (included IN (0, 1)),
    CONSTRAINT micro_projects_edited_check CHECK (edited IN (0, 1)),
    CONSTRAINT micro_projects_choice_check CHECK (choice IN ('auto','must','pinned','excluded')),
    CONSTRAINT micro_projects_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX micro_projects_ente_id_idx ON micro_projects (ente_id);
CREATE INDEX micro_projects_plan_id_idx ON micro_projects (plan_id);
CREATE INDEX micro_projects_office_id_idx ON micro_projects (office_id);
CREATE TABLE milestones (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    title TEXT NOT NULL,
    due TEXT NOT NULL, -- YYYY-MM-DD
    reached_on TEXT, -- YYYY-MM-DD
    PRIMARY KEY (id),
    CONSTRAINT milestones_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT milestones_project_id_fkey FOREIGN KEY (project_id) REFERENCES micro_projects (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX milestones_ente_id_idx ON milestones (ente_id);
CREATE INDEX milestones_project_id_idx ON milestones (project_id);
CREATE TABLE tasks (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    office_id TEXT,
    title TEXT NOT NULL,
    due TEXT, -- YYYY-MM-DD
    done_on TEXT, -- YYYY-MM-DD
    done_by TEXT NOT NULL,
    note TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT tasks_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT tasks_project_id_fkey FOREIGN KEY (project_id) REFERENCES micro_projects (id) ON DELETE CASCADE,
    CONSTRAINT tasks_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX tasks_ente_id_idx ON tasks (ente_id);
CREATE INDEX tasks_project_id_idx ON tasks (project_id);
CREATE INDEX tasks_office_id_idx ON tasks (office_id);
CREATE TABLE expenses (
    id TEXT NOT NULL,
    ente_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    cents INTEGER NOT NULL, -- euro cents
    dated TEXT NOT NULL, -- YYYY-MM-DD
    source TEXT NOT NULL,
    cup TEXT NOT NULL,
    note TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at INTEGER NOT NULL, -- unix seconds
    PRIMARY KEY (id),
    CONSTRAINT expenses_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT expenses_project_id_fkey FOREIGN KEY (project_id) REFERENCES micro_projects (id) ON DELETE CASCADE,
    CONSTRAINT expenses_kind_check CHECK (kind IN ('budget','committed','paid')),
    CONSTRAINT expenses_source_check CHECK (source IN ('own','regional','pnrr','other'))
) STRICT;
CREATE INDEX expenses_ente_id_idx ON expenses (ente_id);
CREATE INDEX expenses_project_id_idx ON expenses (project_id);
CREATE TABLE line_exclusions (
    ente_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    line TEXT NOT NULL,
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL, -- unix seconds
    CONSTRAINT line_exclusions_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    PRIMARY KEY (ente_id, edition, line)
) STRICT;
CREATE TABLE pti_answers (
    ente_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    condition TEXT NOT NULL, -- id of the condition that the registry cannot tell
    answer INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at INTEGER NOT NULL, -- unix seconds
    CONSTRAINT pti_answers_answer_check CHECK (answer IN (0, 1)),
    CONSTRAINT pti_answers_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    PRIMARY KEY (ente_id, edition, condition)
) STRICT;
CREATE TABLE pti_evidence (
    ente_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    subject TEXT NOT NULL, -- code of a line, or id of a day of the calendar (obligation/piao/2027)
    evidence_id TEXT NOT NULL,
    tied_by TEXT NOT NULL,
    tied_at INTEGER NOT NULL, -- unix seconds
    CONSTRAINT pti_evidence_ente_id_fkey FOREIGN KEY (ente_id) REFERENCES enti (id) ON DELETE CASCADE,
    CONSTRAINT pti_evidence_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES evidence (id) ON DELETE CASCADE,
    PRIMARY KEY (ente_id, edition, subject, evidence_id)
) STRICT;
CREATE INDEX pti_evidence_evidence_id_idx ON pti_evidence (evidence_id);

-- +goose Down
DROP TABLE pti_evidence;
DROP TABLE pti_answers;
DROP TABLE line_exclusions;
DROP TABLE expenses;
DROP TABLE tasks;
DROP TABLE milestones;
DROP TABLE micro_projects;
DROP TABLE plan_versions;
DROP TABLE plans;
