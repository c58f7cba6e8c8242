-- What was learned of people in general: owned by domain/lab.

create schema lab;

-- Means and deviations of weights over everybody whose answers were there.
create table lab.model (
    version        bigint           primary key generated always as identity,
    trained_at     timestamptz      not null,
    -- The prior, as recommender::prior::Table reads it, and the fingerprint by which snapshots name it.
    prior          jsonb            not null,
    fingerprint    text             not null,
    -- The fingerprint of the prior that served then.
    baseline       text             not null,
    people         integer          not null,
    answers        integer          not null,
    -- What a tip would have earned more than with the baseline, and its 95 % interval; null where nothing could be told.
    gain           double precision,
    gain_low       double precision,
    gain_high      double precision,
    -- Where its artefact is, and its version at MLflow, once they are there.
    artefact       text,
    mlflow_version text
);

-- Whose answers it was learned from. A model of which one of them is missing here is used no more, and deleted.
create table lab.model_person (
    user_id uuid   not null references auth.user on delete cascade,
    version bigint not null references lab.model on delete cascade,
    primary key (user_id, version)
);

create index model_person_by_version on lab.model_person (version);

-- What serves is the newest promotion that was not taken back; where there is none, the prior that is shipped.
create table lab.promotion (
    promotion_id  bigint      primary key generated always as identity,
    version       bigint      not null references lab.model on delete cascade,
    promoted_at   timestamptz not null,
    taken_back_at timestamptz
);
