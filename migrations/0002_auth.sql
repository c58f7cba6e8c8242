-- Who is it: people, the identities they sign in with, sessions, sign-in flows: owned by domain/auth.
-- What a browser holds (session id, state, flow cookie) is stored as its SHA-256 hash only.

create schema auth;

create table auth.user (
    user_id    uuid        primary key,
    created_at timestamptz not null
);

-- Keyed on (issuer, subject), never on e-mail.
create table auth.identity (
    user_id   uuid        not null references auth.user on delete cascade,
    issuer    text        not null,
    subject   text        not null check (length(subject) between 1 and 255),
    linked_at timestamptz not null,
    primary key (user_id, issuer, subject),
    constraint identity_issuer_subject_key unique (issuer, subject)
);

-- Only who has signed in has a session. `expires_at` is the absolute end; the idle end follows
-- `last_seen_at`.
create table auth.session (
    user_id      uuid        not null references auth.user on delete cascade,
    session_hash bytea       not null check (length(session_hash) = 32),
    signed_in_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null,
    primary key (user_id, session_hash),
    constraint session_hash_key unique (session_hash)
);

-- A way out to a provider and back: single use, ten minutes, one browser. Whoever signs in for the
-- first time is nobody yet, so `user_id` may be null and cannot lead the key.
create table auth.flow (
    state_hash    bytea       primary key check (length(state_hash) = 32),
    browser_hash  bytea       not null check (length(browser_hash) = 32),
    purpose       text        not null,
    user_id       uuid        references auth.user on delete cascade,
    nonce         text        not null,
    pkce_verifier text        not null,
    return_path   text        not null,
    expires_at    timestamptz not null
);
