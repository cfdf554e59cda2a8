-- The registry: what the journals amount to. A model's rows are replaced together.
CREATE TABLE models (
    model VARCHAR NOT NULL,
    stamp BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    head VARCHAR NOT NULL,
    changed DOUBLE NOT NULL,
    versions BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    registered DOUBLE NOT NULL,
    requests BIGINT NOT NULL,
    description VARCHAR NOT NULL,
    broken_seq BIGINT,
    broken_path VARCHAR NOT NULL,
    broken_reason VARCHAR NOT NULL
);

CREATE TABLE versions (
    model VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    event_id VARCHAR NOT NULL,
    registered DOUBLE NOT NULL,
    author VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    manifest VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    files BIGINT NOT NULL,
    rung VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    types VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    run_name VARCHAR NOT NULL,
    run_experiment VARCHAR NOT NULL,
    run_path VARCHAR NOT NULL,
    params VARCHAR NOT NULL,
    metrics VARCHAR NOT NULL,
    goals VARCHAR NOT NULL,
    datasets VARCHAR NOT NULL,
    tags VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    signature VARCHAR NOT NULL,
    commit_id VARCHAR,
    branch VARCHAR,
    dirty BOOLEAN,
    retired VARCHAR NOT NULL,
    deleted VARCHAR NOT NULL
);

CREATE TABLE version_metrics (
    model VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    last DOUBLE,
    min DOUBLE,
    max DOUBLE,
    first DOUBLE,
    count BIGINT,
    step_of_min BIGINT,
    step_of_max BIGINT
);

CREATE TABLE version_datasets (
    model VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    "rows" BIGINT
);

CREATE TABLE holdings (
    model VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    version BIGINT,
    since DOUBLE NOT NULL,
    until DOUBLE,
    seq BIGINT NOT NULL,
    actor VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE freezes (
    model VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    since DOUBLE NOT NULL,
    until DOUBLE,
    actor VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE events (
    model VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    event_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    version BIGINT,
    stage VARCHAR NOT NULL,
    was BIGINT,
    effective DOUBLE NOT NULL,
    said DOUBLE NOT NULL,
    actor VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    details VARCHAR NOT NULL
);

CREATE TABLE requests (
    model VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    stage VARCHAR NOT NULL,
    since DOUBLE NOT NULL,
    until DOUBLE,
    event_id VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
