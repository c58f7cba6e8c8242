-- Leaving for good, and history that goes by itself: owned by domain/privacy, but for what stands in other modules'
-- tables.

create schema privacy;

-- Who was erased, for a database that comes back from a backup: a hash, which tells nobody's id.
create table privacy.erasure (
    person_hash bytea       primary key check (length(person_hash) = 32),
    erased_at   timestamptz not null
);

-- For how many days a person's history is kept; null: as long as they are here.
alter table profile.preference
    add column keep_history_days smallint default 365 check (keep_history_days in (30, 90, 365));

-- Whatever is kept of a person goes with them, and nothing can be written of somebody who is gone: not even by a
-- request that began before. What hangs on a tip follows it. Rows of nobody have no place here.
delete from events.event it where not exists (select from auth.user where user_id = it.user_id);
alter table events.event
    add constraint event_of_person foreign key (user_id) references auth.user on delete cascade;

delete from profile.preference it where not exists (select from auth.user where user_id = it.user_id);
alter table profile.preference
    add constraint preference_of_person foreign key (user_id) references auth.user on delete cascade;

delete from vault.data_key it where not exists (select from auth.user where user_id = it.user_id);
alter table vault.data_key
    add constraint data_key_of_person foreign key (user_id) references auth.user on delete cascade;

delete from integrations.token it where not exists (select from auth.user where user_id = it.user_id);
alter table integrations.token
    add constraint token_of_person foreign key (user_id) references auth.user on delete cascade;

delete from recommender.person it where not exists (select from auth.user where user_id = it.user_id);
alter table recommender.person
    add constraint person_of_person foreign key (user_id) references auth.user on delete cascade;

delete from recommender.tip it where not exists (select from auth.user where user_id = it.user_id);
alter table recommender.tip
    add constraint tip_of_person foreign key (user_id) references auth.user on delete cascade;

delete from recommender.posterior it where not exists (select from auth.user where user_id = it.user_id);
alter table recommender.posterior
    add constraint posterior_of_person foreign key (user_id) references auth.user on delete cascade;
