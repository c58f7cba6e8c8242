-- When a snoozed tip comes back, by the person's own clock: owned by domain/profile.
alter table profile.preference
    add column later_hours smallint not null default 3       check (later_hours between 1 and 12),
    add column evening     time     not null default '18:00' check (evening >= '12:00'),
    add column morning     time     not null default '08:00' check (morning < '12:00');
