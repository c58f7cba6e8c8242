-- The life of a tip: owned by domain/recommender. No column holds a word of a task: a candidate is
-- named by its source and an opaque id, and described by numbers.

create schema recommender;

-- One row a person, locked by whoever changes their tips: changes happen one after the other.
create table recommender.person (
    user_id uuid primary key
);

create table recommender.tip (
    user_id          uuid             not null,
    tip_id           uuid             not null,
    candidate        text             not null,
    arm              text             not null,
    state            text             not null check (state in ('open', 'answered', 'lapsed')),
    policy           text             not null,
    propensity       double precision not null check (propensity > 0 and propensity <= 1),
    features         jsonb            not null,
    features_version smallint         not null,
    reasons          jsonb            not null,
    time_zone        text             not null,
    decided_at       timestamptz      not null,
    expires_at       timestamptz      not null,
    primary key (user_id, tip_id)
);

create unique index tip_at_most_one_open on recommender.tip (user_id) where state = 'open';

-- What a decision saw, apart from the tip because the page reads the tip alone: with it, the decision
-- can be made again.
create table recommender.snapshot (
    user_id  uuid  not null,
    tip_id   uuid  not null,
    snapshot jsonb not null,
    primary key (user_id, tip_id),
    foreign key (user_id, tip_id) references recommender.tip on delete cascade
);

-- What each policy would have chosen; `serves` marks the one that did.
create table recommender.score (
    user_id    uuid             not null,
    tip_id     uuid             not null,
    policy     text             not null,
    candidate  text             not null,
    arm        text             not null,
    propensity double precision not null check (propensity > 0 and propensity <= 1),
    serves     boolean          not null,
    primary key (user_id, tip_id, policy),
    foreign key (user_id, tip_id) references recommender.tip on delete cascade
);

create table recommender.posterior (
    user_id    uuid             not null,
    policy     text             not null,
    arm        text             not null,
    successes  double precision not null,
    failures   double precision not null,
    updated_at timestamptz      not null,
    primary key (user_id, policy, arm)
);

create table recommender.reaction (
    user_id         uuid             not null,
    reaction_id     uuid             not null,
    tip_id          uuid             not null,
    idempotency_key uuid             not null,
    reaction        text             not null check (reaction in ('done', 'snooze', 'dismiss')),
    snooze          text,
    candidate       text             not null,
    -- The date for which a task was done: a recurring one may return on a later date.
    due             date,
    reward          double precision not null,
    -- When the candidate may return; null when it never does.
    rests_until     timestamptz,
    closes_task     boolean          not null,
    reacted_at      timestamptz      not null,
    undone_at       timestamptz,
    primary key (user_id, reaction_id),
    foreign key (user_id, tip_id) references recommender.tip on delete cascade
);

create unique index reaction_idempotency_key on recommender.reaction (user_id, idempotency_key);
create unique index reaction_one_a_tip on recommender.reaction (user_id, tip_id) where undone_at is null;
create index reaction_of_candidate on recommender.reaction (user_id, candidate, reaction_id)
    where undone_at is null;
