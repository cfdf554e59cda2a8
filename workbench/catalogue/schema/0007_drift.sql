-- Reports of drift checks: what the files say. A report's rows never change; they come and go.
CREATE TABLE drift_folders (
    monitor VARCHAR NOT NULL,
    stamp BIGINT NOT NULL
);

CREATE TABLE drift_reports (
    monitor VARCHAR NOT NULL,
    report VARCHAR NOT NULL,
    stamp BIGINT NOT NULL,
    report_id VARCHAR NOT NULL,
    time DOUBLE NOT NULL,
    verdict VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    model VARCHAR NOT NULL,
    version BIGINT,
    stage VARCHAR NOT NULL,
    reference VARCHAR NOT NULL,
    reference_dataset VARCHAR NOT NULL,
    reference_version BIGINT,
    reference_hash VARCHAR NOT NULL,
    "current" VARCHAR NOT NULL,
    current_dataset VARCHAR NOT NULL,
    current_version BIGINT,
    current_hash VARCHAR NOT NULL,
    "rows" BIGINT NOT NULL,
    data_time DOUBLE,
    chunks BIGINT NOT NULL,
    chunking VARCHAR NOT NULL,
    tests BIGINT NOT NULL,
    importance VARCHAR NOT NULL,
    thresholds VARCHAR NOT NULL,
    settings VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    sides VARCHAR NOT NULL, -- JSON: what both are exactly, by which is asked what is hidden now
    fault VARCHAR NOT NULL
);

-- Columns of a chunk are kept as JSON beside it: lists of one length, in one order. A thousand
-- chunks of a hundred columns are read for one screen, and as rows of their own that takes seconds.
CREATE TABLE drift_chunks (
    monitor VARCHAR NOT NULL,
    report VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    label VARCHAR NOT NULL,
    segment VARCHAR NOT NULL,
    "start" DOUBLE,
    "end" DOUBLE,
    place DOUBLE NOT NULL,
    time DOUBLE NOT NULL,
    report_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    "rows" BIGINT NOT NULL,
    reference VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    lost VARCHAR NOT NULL,
    findings VARCHAR NOT NULL,
    alarms VARCHAR NOT NULL,
    names VARCHAR NOT NULL,
    cells VARCHAR NOT NULL,
    facts VARCHAR NOT NULL
);

-- What people said of alerts: acknowledged, muted, taken back.
CREATE TABLE alert_records (
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    monitor VARCHAR NOT NULL,
    time DOUBLE NOT NULL,
    actor VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    segment VARCHAR NOT NULL,
    "column" VARCHAR NOT NULL,
    until VARCHAR NOT NULL,
    said VARCHAR NOT NULL,
    taken_back VARCHAR NOT NULL
);
