-- What `workbench sql` documents of drift; these names do not change either.
CREATE VIEW shown.drift_reports AS
SELECT monitor, report, report_id AS id, TRY(to_timestamp(time)) AS checked, verdict, score, model,
       version, stage, reference, reference_dataset, reference_version, "current", current_dataset,
       current_version, "rows", TRY(to_timestamp(data_time)) AS data_time, chunks, chunking, tests,
       importance, actor, host, fault
FROM main.drift_reports;

CREATE VIEW shown.drift_chunks AS
SELECT monitor, report, position, label, segment, TRY(to_timestamp("start")) AS "start",
       TRY(to_timestamp("end")) AS "end", verdict, score, "rows", reference, reason,
       row_number() OVER (PARTITION BY monitor, label, segment ORDER BY time DESC, report_id DESC)
       = 1 AS newest
FROM main.drift_chunks;

CREATE VIEW shown.drift_columns AS
SELECT monitor, report, position, label, segment, name,
       fact->>'$[0]' AS part, fact->>'$[1]' AS role, TRY_CAST(fact->>'$[2]' AS DOUBLE) AS importance,
       cell->>'$[0]' AS verdict, TRY_CAST(cell->>'$[1]' AS DOUBLE) AS effect, cell->>'$[4]' AS measure,
       fact->>'$[3]' AS test, TRY_CAST(fact->>'$[4]' AS DOUBLE) AS p,
       TRY_CAST(cell->>'$[2]' AS DOUBLE) AS q, TRY_CAST(cell->>'$[3]' AS DOUBLE) AS shift,
       cell->>'$[5]' AS words, TRY_CAST(fact->>'$[5]' AS BIGINT) AS reference_rows,
       TRY_CAST(fact->>'$[6]' AS BIGINT) AS current_rows,
       TRY_CAST(fact->>'$[7]' AS DOUBLE) AS reference_missing,
       TRY_CAST(fact->>'$[8]' AS DOUBLE) AS current_missing
FROM (SELECT monitor, report, position, label, segment,
             unnest(from_json(names, '["VARCHAR"]')) AS name,
             unnest(from_json(cells, '["JSON"]')) AS cell,
             unnest(from_json(facts, '["JSON"]')) AS fact
      FROM main.drift_chunks);

CREATE VIEW shown.drift_findings AS
SELECT monitor, report, position, label, segment, finding->>'$[0]' AS kind,
       finding->>'$[1]' AS severity, finding->>'$[2]' AS "column", finding->>'$[3]' AS words,
       TRY_CAST(finding->>'$[4]' AS DOUBLE) AS value, TRY_CAST(finding->>'$[5]' AS DOUBLE) AS "limit"
FROM (SELECT monitor, report, position, label, segment,
             unnest(from_json(findings, '["JSON"]')) AS finding
      FROM main.drift_chunks);

CREATE VIEW shown.alert_records AS
SELECT id, kind, monitor, TRY(to_timestamp(time)) AS time, actor, host, label, segment, "column",
       until, said, taken_back
FROM main.alert_records;
