-- When oO may speak up by itself, by the person's own clock, and how often: owned by domain/profile.
alter table profile.preference
    add column quiet_from  time     not null default '21:00',
    add column quiet_until time     not null default '08:00',
    add column days_off    smallint not null default 0 check (days_off between 0 and 127),
    add column most_a_day  smallint not null default 3 check (most_a_day between 0 and 10);
