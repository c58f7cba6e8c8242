-- What a person prefers: owned by domain/profile. No row means the defaults.

create schema profile;

create table profile.preference (
    user_id     uuid        primary key,
    time_zone   text        not null default 'UTC',
    close_tasks boolean     not null default true,
    updated_at  timestamptz not null
);
