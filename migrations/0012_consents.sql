-- What a person allows: owned by domain/profile. Each answer stays, with its date and the version of the words that
-- were answered; the last one holds. Without one, nothing is allowed.
create table profile.consent (
    user_id    uuid        not null references auth.user on delete cascade,
    consent    text        not null
        check (consent in ('read_tasks', 'write_tasks', 'send_titles', 'notify', 'keep_history')),
    decided_at timestamptz not null,
    version    smallint    not null check (version > 0),
    given      boolean     not null,
    primary key (user_id, consent, decided_at)
);

-- Whether tasks are closed is a consent now, and is asked for.
alter table profile.preference drop column close_tasks;

-- What was not learned from is not forgotten when it is taken back.
alter table recommender.reaction
    add column is_learned boolean not null default true;

alter table recommender.reaction alter column is_learned drop default;
