-- The statements of one submission (service.Submit), for pgbench: BenchmarkSubmit
-- checks their number. Rows come from submit-rows.sql; each client has its own.
\set i :i + 1
\set n :client_id * 100000 + :i
BEGIN;
SELECT * FROM invitations WHERE token_hash = sha256(int8send(:n)) ORDER BY invitations.id LIMIT 1;
SELECT * FROM campaigns WHERE ente_id = 'bench' AND id = 'bench' ORDER BY campaigns.id LIMIT 1;
SELECT * FROM enti WHERE id = 'bench' ORDER BY enti.id LIMIT 1;
SELECT * FROM drafts WHERE ente_id = 'bench' AND campaign_id = 'bench' AND draft_key = int8send(:n) ORDER BY drafts.draft_key LIMIT 1;
SELECT * FROM campaigns WHERE ente_id = 'bench' AND id = 'bench' FOR SHARE;
UPDATE invitations SET used = true WHERE ente_id = 'bench' AND token_hash = sha256(int8send(:n)) AND NOT used;
INSERT INTO responses (id, ente_id, campaign_id, pair_hash, pair_masked, form, vector) VALUES (md5((:n)::text), 'bench', 'bench', sha256(int8send(:n)), NULL, '', decode(repeat('fc', 143), 'hex'));
DELETE FROM drafts WHERE ente_id = 'bench' AND campaign_id = 'bench' AND draft_key = int8send(:n);
COMMIT;
