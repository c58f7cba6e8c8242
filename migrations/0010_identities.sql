-- Several ways in for one person, each with a handle that a form may carry; what they are called; where a
-- person is signed in; and who runs this house.

alter table auth.user
    add column is_owner boolean not null default false;

create unique index user_at_most_one_owner on auth.user (is_owner) where is_owner;

-- Who was first runs it, where nobody was asked.
update auth.user
set is_owner = true
where user_id = (select user_id from auth.user order by created_at, user_id limit 1);

alter table auth.identity
    add column identity_id uuid not null default gen_random_uuid(),
    -- The beginnings of an address, such as an…@ex…: for the person to recognise.
    add column hint text not null default '' check (length(hint) <= 16);

alter table auth.identity alter column identity_id drop default;

create unique index identity_handle on auth.identity (user_id, identity_id);

alter table auth.session
    add column session_id uuid not null default gen_random_uuid(),
    -- What it is signed in on, in a few words.
    add column device text not null default '' check (length(device) <= 64);

alter table auth.session alter column session_id drop default;

create unique index session_handle on auth.session (user_id, session_id);
