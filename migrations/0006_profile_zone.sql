-- A time zone that a person chose by hand stays, whatever zone their browser is in.

alter table profile.preference
    add column time_zone_chosen boolean not null default false;
