-- What a language model wrote for a person, and what it cost: owned by domain/advice.

create schema advice;

-- A candidate. Its words are sealed under the person's key, and gone a day after they were written.
create table advice.idea (
    user_id           uuid        not null references auth.user on delete cascade,
    idea_id           uuid        not null,
    kind              text        not null check (kind in ('step', 'pause', 'question')),
    -- The opaque id of the task that it is about.
    task              text,
    part              text        not null,
    minutes           smallint,
    length            smallint    not null,
    words             bytea,
    -- By which it is known again when it is written once more: sealed, too.
    sketch            bytea       not null,
    prompt_version    text        not null,
    model             text        not null,
    latency_ms        integer     not null,
    prompt_tokens     integer     not null,
    completion_tokens integer     not null,
    made_at           timestamptz not null,
    expires_at        timestamptz not null,
    shown_at          timestamptz,
    -- Whether it is to be known again after its words are gone.
    is_remembered     boolean     not null default false,
    primary key (user_id, idea_id)
);

create index idea_expires on advice.idea (expires_at);

-- Who wished for ideas lately, and for whom a model is being asked at this moment, on whatever server.
create table advice.wish (
    user_id    uuid        primary key references auth.user on delete cascade,
    wished_at  timestamptz not null,
    busy_until timestamptz
);

create index wish_wished on advice.wish (wished_at);

-- What was asked for a person on a day of theirs.
create table advice.spent (
    user_id uuid    not null references auth.user on delete cascade,
    day     date    not null,
    calls   integer not null,
    tokens  bigint  not null,
    primary key (user_id, day)
);

-- What came of it, counted for all people together.
create table advice.outcome (
    day            date   not null,
    prompt_version text   not null,
    outcome        text   not null,
    count          bigint not null,
    primary key (day, prompt_version, outcome)
);

-- Where a candidate of a score came from, when a model wrote it.
alter table recommender.score
    add column tip_kind          text,
    add column prompt_version    text,
    add column llm_model         text,
    add column latency_ms        integer,
    add column prompt_tokens     integer,
    add column completion_tokens integer;
