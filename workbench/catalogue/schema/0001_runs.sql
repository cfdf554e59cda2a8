CREATE SEQUENCE run_numbers;

CREATE TABLE sources (
    source INTEGER PRIMARY KEY,
    format VARCHAR NOT NULL,
    root VARCHAR NOT NULL
);

CREATE TABLE runs (
    run INTEGER NOT NULL,
    source INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    stamp BIGINT NOT NULL,
    live BOOLEAN NOT NULL,
    progress BLOB,
    run_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    experiment VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    inferred BOOLEAN NOT NULL,
    parent VARCHAR,
    "group" VARCHAR,
    started DOUBLE,
    ended DOUBLE,
    "user" VARCHAR,
    host VARCHAR,
    command VARCHAR,
    commit_id VARCHAR,
    branch VARCHAR,
    dirty BOOLEAN,
    archived BOOLEAN NOT NULL,
    note VARCHAR NOT NULL,
    error VARCHAR NOT NULL,
    recipe VARCHAR NOT NULL,
    contested VARCHAR NOT NULL,
    artifacts VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    datasets VARCHAR NOT NULL,
    rules VARCHAR NOT NULL,
    facts VARCHAR NOT NULL,
    faults INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    format VARCHAR
);

CREATE TABLE params (
    run INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    json VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    number DOUBLE
);

CREATE TABLE metrics (
    run INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    last DOUBLE,
    min DOUBLE,
    max DOUBLE,
    first DOUBLE,
    count BIGINT NOT NULL,
    nans BIGINT NOT NULL,
    step_of_min BIGINT,
    step_of_max BIGINT,
    first_step BIGINT,
    last_step BIGINT
);

CREATE TABLE tags (
    run INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

CREATE TABLE datasets (
    run INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    path VARCHAR,
    hash VARCHAR,
    "rows" BIGINT
);

CREATE TABLE goals (
    metric VARCHAR NOT NULL,
    goal VARCHAR NOT NULL,
    origin VARCHAR NOT NULL
);

CREATE TABLE faults (
    source INTEGER NOT NULL,
    run INTEGER,
    path VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    line BIGINT
);

CREATE TABLE remembered (
    name VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
