-- When oO speaks up, and where it reaches a person: owned by domain/notifier.

create schema notifier;

-- A browser that takes pushes (W3C Push API). Who knows what it is reached by can send to it: sealed.
create table notifier.subscription (
    user_id         uuid        not null references auth.user on delete cascade,
    subscription_id uuid        not null,
    -- SHA-256 of its address: a browser is one subscription, of whoever signed in there last.
    endpoint        bytea       not null,
    reach           bytea       not null,
    name            text        not null,
    made_at         timestamptz not null,
    -- When oO was last opened there, to within a day.
    seen_at         timestamptz not null,
    primary key (user_id, subscription_id)
);

create unique index subscription_once on notifier.subscription (user_id, endpoint);
create index subscription_endpoint on notifier.subscription (endpoint);
create index subscription_seen on notifier.subscription (seen_at);

-- Who may be spoken to, and when that is next thought of.
create table notifier.watch (
    user_id uuid        primary key references auth.user on delete cascade,
    next_at timestamptz not null,
    -- When the person last had oO open, to within a minute.
    here_at timestamptz
);

create index watch_next on notifier.watch (next_at);

-- Every time that was thought of: whether oO spoke, and why not. A slot is decided once.
create table notifier.decision (
    user_id     uuid             not null references auth.user on delete cascade,
    slot        timestamptz      not null,
    decided_at  timestamptz      not null,
    verdict     text             not null check (verdict in
        ('spoke', 'drew_silence', 'quiet_hours', 'day_off', 'enough_today', 'just_answered', 'in_meeting',
         'is_here', 'told_already', 'nothing')),
    -- With which oO speaks; none, where there was nothing to draw.
    probability double precision check (probability > 0 and probability < 1),
    tip_id      uuid,
    -- What it was drawn from, in numbers, where a history is kept; and what the person did within the hour.
    moment      jsonb,
    outcome     text             check (outcome in ('done', 'snoozed', 'dismissed', 'nothing')),
    primary key (user_id, slot),
    check ((verdict = 'spoke') = (tip_id is not null))
);

-- A tip is told of once.
create unique index decision_tip on notifier.decision (user_id, tip_id) where tip_id is not null;
create index decision_decided on notifier.decision (decided_at);

create index decision_unsettled on notifier.decision (user_id, slot)
    where probability is not null and outcome is null;

-- What was learned about when to speak to a person.
create table notifier.belief (
    user_id    uuid        primary key references auth.user on delete cascade,
    belief     jsonb       not null,
    learned_at timestamptz not null
);

-- What was sent where.
create table notifier.delivery (
    user_id         uuid        not null,
    slot            timestamptz not null,
    subscription_id uuid        not null,
    state           text        not null check (state in ('due', 'accepted', 'refused', 'expired')),
    attempts        smallint    not null default 0,
    next_at         timestamptz not null,
    primary key (user_id, slot, subscription_id),
    foreign key (user_id, slot) references notifier.decision on delete cascade,
    foreign key (user_id, subscription_id) references notifier.subscription on delete cascade
);

create index delivery_due on notifier.delivery (next_at) where state = 'due';
