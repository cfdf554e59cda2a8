-- Versions of datasets: what the manifests say. A version's rows never change; they come and go.
CREATE TABLE data_folders (
    dataset VARCHAR NOT NULL,
    stamp BIGINT NOT NULL
);

CREATE TABLE data_versions (
    dataset VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    time DOUBLE NOT NULL,
    actor VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    how VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    folder BOOLEAN NOT NULL,
    copied BOOLEAN NOT NULL,
    size BIGINT NOT NULL,
    files BIGINT NOT NULL,
    reader VARCHAR NOT NULL,
    read_as VARCHAR NOT NULL,
    "rows" BIGINT,
    columns BIGINT NOT NULL,
    schema_id VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    dvc VARCHAR NOT NULL,
    fields VARCHAR NOT NULL,
    unread VARCHAR NOT NULL,
    fault VARCHAR NOT NULL,
    deleted VARCHAR NOT NULL
);

-- Most versions of a dataset have the same columns: they are kept once.
CREATE TABLE data_schemas (
    schema_id VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    dtype VARCHAR NOT NULL
);

CREATE TABLE data_files (
    dataset VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    path VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    md5 VARCHAR NOT NULL,
    part BOOLEAN NOT NULL
);

-- Which runs used which version: by the bytes of all of it, by those of one of its files (`part`),
-- or because the run itself brought it. One run may stand here more than once.
CREATE VIEW data_runs AS
SELECT v.dataset, v.version, d.run, r.run_id, d.role, '' AS part
FROM data_versions v JOIN datasets d ON d.hash = v.hash JOIN runs r ON r.run = d.run
WHERE v.hash <> ''
UNION ALL
SELECT v.dataset, v.version, r.run, r.run_id, '', ''
FROM data_versions v JOIN runs r ON r.run_id = v.run
WHERE v.run <> ''
UNION ALL
SELECT f.dataset, f.version, d.run, r.run_id, d.role, f.path
FROM data_files f JOIN datasets d ON d.hash = f.hash JOIN runs r ON r.run = d.run
WHERE f.part;

-- Which versions of models were made from which version, by what they say and by their run.
CREATE VIEW data_models AS
SELECT v.dataset, v.version, m.model, m.version AS number, d.role, '' AS part
FROM data_versions v JOIN version_datasets d ON d.hash = v.hash
JOIN versions m ON m.model = d.model AND m.version = d.version
WHERE v.hash <> '' AND m.deleted = ''
UNION ALL
SELECT f.dataset, f.version, m.model, m.version, d.role, f.path
FROM data_files f JOIN version_datasets d ON d.hash = f.hash
JOIN versions m ON m.model = d.model AND m.version = d.version
WHERE f.part AND m.deleted = ''
UNION ALL
SELECT u.dataset, u.version, m.model, m.version, u.role, u.part
FROM data_runs u JOIN versions m ON m.run_id = u.run_id
WHERE m.deleted = '';
