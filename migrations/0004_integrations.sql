-- What a person has connected: owned by domain/integrations. Tokens are sealed (see its vault); of what lies
-- behind them nothing is kept.

create schema integrations;

create table integrations.token (
    user_id        uuid        not null,
    provider       text        not null,
    access_sealed  bytea       not null,
    refresh_sealed bytea,
    expires_at     timestamptz,
    scope          text        not null check (scope in ('data:read', 'data:read_write')),
    status         text        not null check (status in ('active', 'broken')),
    connected_at   timestamptz not null,
    updated_at     timestamptz not null,
    primary key (user_id, provider)
);
