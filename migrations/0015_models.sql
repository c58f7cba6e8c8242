-- What was learned of people in general: owned by domain/lab. A row is about nobody: it has means and deviations of
-- weights over everybody whose answers were there, and how many these were.

create schema lab;

create table lab.model (
    version          bigint           primary key generated always as identity,
    trained_at       timestamptz      not null,
    features_version smallint         not null,
    -- The prior as recommender::prior::Table reads it, and the fingerprint by which snapshots name it.
    prior            jsonb            not null,
    fingerprint      text             not null,
    -- The prior that served then.
    baseline         text             not null,
    people           integer          not null,
    answers          integer          not null,
    -- What a tip would have earned more than with the baseline, and its 95 % interval; null where nothing could be told.
    gain             double precision,
    gain_low         double precision,
    gain_high        double precision,
    -- Where its artefact is, and its run and version at MLflow.
    artefact         text,
    mlflow_run       text,
    mlflow_version   text
);

-- What serves is the newest promotion that was not taken back; where there is none, the prior that is shipped.
create table lab.promotion (
    promotion_id  bigint      primary key generated always as identity,
    version       bigint      not null references lab.model,
    promoted_at   timestamptz not null,
    taken_back_at timestamptz
);
