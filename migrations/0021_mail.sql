-- E-mail beside pushes: a mailbox is a subscription, too. Owned by domain/notifier.

alter table notifier.subscription
    add column channel      text not null default 'push' check (channel in ('push', 'mail')),
    -- Each time that oO speaks up, or once in a morning.
    add column rhythm       text not null default 'each' check (rhythm in ('each', 'morning')),
    -- Since when it may be spoken to. A browser hands itself over; in a mailbox, somebody has to say so first.
    add column confirmed_at timestamptz,
    -- A mailbox's address, sealed. It has no fingerprint: addresses can be guessed.
    add column address      bytea,
    alter column endpoint drop not null,
    alter column reach    drop not null;

update notifier.subscription set confirmed_at = made_at;

alter table notifier.subscription
    alter column channel drop default,
    alter column rhythm  drop default,
    add check (channel = 'push' or (address is not null and endpoint is null and reach is null)),
    add check (channel = 'mail' or (address is null and endpoint is not null and reach is not null
        and rhythm = 'each' and confirmed_at is not null));

create unique index subscription_mailbox on notifier.subscription (user_id) where channel = 'mail';

-- By whom a word is heard: by those who are spoken to each time, or in the morning.
alter table notifier.decision
    add column rhythm text check (rhythm in ('each', 'morning'));

update notifier.decision set rhythm = 'each' where verdict = 'spoke';

alter table notifier.decision
    add check ((tip_id is null) = (rhythm is null));

alter table notifier.decision
    drop constraint decision_verdict_check,
    add constraint decision_verdict_check check (verdict in
        ('spoke', 'drew_silence', 'quiet_hours', 'day_off', 'enough_today', 'just_answered', 'in_meeting',
         'is_here', 'told_already', 'nothing', 'awaits_morning'));
