-- The append-only log of everything that happens to a person's tips: owned by domain/events.

create schema events;

create table events.event (
    user_id     uuid        not null,
    event_id    uuid        not null,
    kind        text        not null,
    version     smallint    not null,
    payload     bytea       not null,
    occurred_at timestamptz not null,
    primary key (user_id, event_id)
);

create function events.refuse_change() returns trigger
    language plpgsql
    as $$ begin raise exception 'events.event is append-only'; end $$;

create trigger event_is_append_only
    before update on events.event
    for each row execute function events.refuse_change();
