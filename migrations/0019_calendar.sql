-- The calendar that a person has pasted the secret address of: owned by domain/integrations. The address is sealed under
-- the person's key; of what is read there, nothing is stored.
create table integrations.calendar (
    user_id        uuid        primary key references auth.user on delete cascade,
    address_sealed bytea       not null,
    -- It opened the last time that it was asked for, or whoever serves it said that there is none.
    state          text        not null check (state in ('active', 'broken')),
    made_at        timestamptz not null
);
