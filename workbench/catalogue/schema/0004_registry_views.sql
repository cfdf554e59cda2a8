-- What `workbench sql` documents of the registry; these names do not change either.
CREATE VIEW shown.models AS
SELECT model, versions, latest, TRY(to_timestamp(registered)) AS registered,
       TRY(to_timestamp(changed)) AS changed, requests, description,
       concat_ws(': ', nullif(broken_path, ''), nullif(broken_reason, '')) AS unreadable
FROM main.models;

CREATE VIEW shown.versions AS
SELECT model, version, TRY(to_timestamp(registered)) AS registered, author, host, reason,
       (SELECT string_agg(h.stage, ', ' ORDER BY h.stage) FROM main.holdings h
        WHERE h.model = v.model AND h.version = v.version AND h.until IS NULL) AS stages,
       rung, format, size, files, manifest, run_id AS run, run_name, commit_id AS "commit", branch,
       dirty, signature, description, retired, deleted
FROM main.versions v;

CREATE VIEW shown.version_metrics AS
SELECT model, version, name, last, min, max, first, count, step_of_min, step_of_max
FROM main.version_metrics;

CREATE VIEW shown.version_datasets AS
SELECT model, version, name, role, path, hash, "rows" FROM main.version_datasets;

CREATE VIEW shown.stages AS
SELECT h.model, h.stage, h.version, TRY(to_timestamp(h.since)) AS since,
       TRY(to_timestamp(h.until)) AS until, h.actor, h.reason, f.actor AS frozen_by,
       TRY(to_timestamp(f.until)) AS frozen_until
FROM main.holdings h LEFT JOIN main.freezes f
  ON f.model = h.model AND f.stage = h.stage AND h.until IS NULL;

CREATE VIEW shown.history AS
SELECT model, seq, TRY(to_timestamp(effective)) AS time, actor, kind, version, stage, was, reason,
       host, event_id AS id
FROM main.events;
