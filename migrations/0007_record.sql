-- "You did so many of the last ten like it" counts answers. It used to be told from rewards, of which a snooze
-- earns a quarter: what stands in open tips is not true, and goes.

create index tip_answered_of_arm on recommender.tip (user_id, arm, tip_id) where state = 'answered';

update recommender.tip
set reasons = (
    select coalesce(jsonb_agg(reason order by place), '[]')
    from jsonb_array_elements(reasons) with ordinality as told (reason, place)
    where not coalesce(reason ? 'record', false)
)
where state in ('open', 'answered')
  and jsonb_path_exists(reasons, '$[*].record');
