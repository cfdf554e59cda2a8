-- What `workbench sql` documents of datasets; these names do not change either.
CREATE VIEW shown.data_versions AS
SELECT dataset, version, hash, "rows", columns, size, files, path, reader,
       TRY(to_timestamp(time)) AS registered, actor, host, how, copied, run, dvc, unread, fault, deleted
FROM main.data_versions;

CREATE VIEW shown.data_columns AS
SELECT v.dataset, v.version, c.position, c.name, c.type, c.dtype
FROM main.data_versions v JOIN main.data_schemas c USING (schema_id);

CREATE VIEW shown.data_files AS
SELECT dataset, version, path, size, hash, md5 FROM main.data_files;

CREATE VIEW shown.data_uses AS
SELECT DISTINCT dataset, version, 'run' AS used_by, run_id AS id, CAST(NULL AS BIGINT) AS number, role, part
FROM main.data_runs
UNION ALL
SELECT DISTINCT dataset, version, 'model', model, number, role, part
FROM main.data_models;
