-- What is believed of a person follows from the answers that are kept, and is read from them: it stands nowhere else,
-- and is forgotten with them.

drop table recommender.posterior;

-- The answers that a decision was made from, as its policies read them (bandit::to_bytes). What was decided from counts
-- cannot be decided again.
delete from recommender.snapshot;
alter table recommender.snapshot add column lessons bytea not null;

-- Features have the hour.
update recommender.tip
set features = features || jsonb_build_object(
        'hour',
        date_part('hour', decided_at at time zone time_zone)
            + date_part('minute', decided_at at time zone time_zone) / 60
    ),
    features_version = 2
where jsonb_typeof(features) = 'object';

-- When was this shown?
create index tip_of_candidate on recommender.tip (user_id, candidate, tip_id);
