-- A second wave with 200 invitations and drafts for each of eight clients of
-- pgbench (submit.sql), of the sizes that the product's own rows have.
CREATE TEMP TABLE model AS SELECT * FROM enti LIMIT 1;
UPDATE model SET id = 'bench';
INSERT INTO enti SELECT * FROM model;
CREATE TEMP TABLE wave AS SELECT * FROM campaigns LIMIT 1;
UPDATE wave SET id = 'bench', ente_id = 'bench';
CREATE TEMP TABLE run AS SELECT * FROM series LIMIT 1;
UPDATE run SET id = 'bench', ente_id = 'bench';
INSERT INTO series SELECT * FROM run;
UPDATE wave SET series_id = 'bench';
INSERT INTO campaigns SELECT * FROM wave;
CREATE TEMP TABLE numbers AS SELECT c * 100000 + i AS n FROM generate_series(0, 7) c, generate_series(1, 200) i;
CREATE TEMP TABLE person AS SELECT * FROM staff LIMIT 1;
INSERT INTO staff SELECT (jsonb_populate_record(person, jsonb_build_object('id', 'b' || n, 'ente_id', 'bench', 'email', n || '@b', 'email_folded', n || '@b', 'office_id', NULL))).* FROM person, numbers;
INSERT INTO invitations (id, ente_id, campaign_id, staff_id, token_hash, secret_wrapped, used, undelivered)
  SELECT 'b' || n, 'bench', 'bench', 'b' || n, sha256(int8send(n)), decode(repeat('00', 61), 'hex'), false, false FROM numbers;
INSERT INTO drafts (draft_key, ente_id, campaign_id, version, sealed) SELECT int8send(n), 'bench', 'bench', 2, decode(repeat('01', 400), 'hex') FROM numbers;
ANALYZE;
