-- What `workbench sql` documents; the tables beneath may change, these names do not.
CREATE SCHEMA IF NOT EXISTS shown;

CREATE VIEW shown.runs AS
SELECT run, run_id AS id, name, experiment, lower(status) AS status, inferred, parent, "group",
       TRY(to_timestamp(started)) AS started, TRY(to_timestamp(ended)) AS ended,
       ended - started AS duration, "user", host, command, commit_id AS "commit", branch, dirty,
       archived, note, size, faults, key AS path, source,
       coalesce(r.format, s.format) AS format
FROM main.runs r JOIN main.sources s USING (source);

CREATE VIEW shown.params AS
SELECT r.run_id AS id, p.name, p.text AS value, p.number FROM main.params p JOIN main.runs r USING (run);

CREATE VIEW shown.metrics AS
SELECT r.run_id AS id, m.name, m.last, m.min, m.max, m.first, m.count, m.nans,
       m.step_of_min, m.step_of_max, m.first_step, m.last_step
FROM main.metrics m JOIN main.runs r USING (run);

CREATE VIEW shown.tags AS
SELECT r.run_id AS id, t.name, t.value FROM main.tags t JOIN main.runs r USING (run);

CREATE VIEW shown.datasets AS
SELECT r.run_id AS id, d.name, d.role, d.path, d.hash, d."rows" FROM main.datasets d JOIN main.runs r USING (run);

CREATE VIEW shown.faults AS
SELECT r.run_id AS id, f.path, f.line, f.reason FROM main.faults f LEFT JOIN main.runs r USING (run);
