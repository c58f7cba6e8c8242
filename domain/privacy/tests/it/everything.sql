-- A value in every column that can have one. $1 is the person, $2 a time.
insert into auth.session (user_id, session_hash, session_id, device, signed_in_at, last_seen_at, expires_at)
values ($1::uuid, sha256(convert_to('session' || $1::uuid, 'UTF8')), gen_random_uuid(), 'canary-device', $2::timestamptz, $2::timestamptz + interval '1 second',
        $2::timestamptz + interval '90 days');
insert into auth.api_token (user_id, token_id, token_hash, name, scopes, created_at, last_used_at, expires_at)
values ($1::uuid, gen_random_uuid(), sha256(convert_to('token' || $1::uuid, 'UTF8')), 'canary-token', '{canary-scope}', $2::timestamptz,
        $2::timestamptz + interval '2 seconds', $2::timestamptz + interval '30 days');
insert into auth.flow (state_hash, browser_hash, purpose, user_id, nonce, pkce_verifier, return_path, expires_at)
values (sha256(convert_to('state' || $1::uuid, 'UTF8')), sha256(convert_to('browser' || $1::uuid, 'UTF8')), 'canary-purpose', $1::uuid,
        'canary-nonce', 'canary-verifier', '/canary-path', $2::timestamptz + interval '10 minutes');
insert into profile.preference (user_id, time_zone, time_zone_chosen, keep_history_days, updated_at)
values ($1::uuid, 'Canary/Zone', true, 90, $2::timestamptz);
insert into profile.consent (user_id, consent, decided_at, version, given)
values ($1::uuid, 'send_titles', $2::timestamptz, 1, true);
insert into recommender.person (user_id)
select $1::uuid where $2::timestamptz is not null;
insert into recommender.tip (user_id, tip_id, candidate, arm, state, policy, propensity, features, features_version,
                             reasons, time_zone, decided_at, expires_at)
values ($1::uuid, '018f0000-0000-7000-8000-000000000001', 'todoist:canary-candidate', 'canary-arm', 'answered',
        'canary-policy', 0.1234567890123456, '{"canary_feature": 0.625}', 3, '["canary-reason"]', 'Canary/Tip',
        $2::timestamptz, $2::timestamptz + interval '6 hours');
insert into recommender.snapshot (user_id, tip_id, snapshot, lessons)
select $1::uuid, '018f0000-0000-7000-8000-000000000001'::uuid, '{"canary_snapshot": [1, 2.5]}', '\x01cafe5ec3e7'::bytea
where $2::timestamptz is not null;
insert into recommender.score (user_id, tip_id, policy, candidate, arm, propensity, serves, tip_kind, prompt_version,
                               llm_model, latency_ms, prompt_tokens, completion_tokens)
select $1::uuid, '018f0000-0000-7000-8000-000000000001'::uuid, 'canary-score-policy', 'library:canary-score',
       'canary-score-arm', 0.375, true, 'canary-kind', 'canary-prompt', 'canary-model', 7919, 7907, 7901
where $2::timestamptz is not null;
insert into recommender.reaction (user_id, reaction_id, tip_id, idempotency_key, reaction, snooze, candidate, due,
                                  reward, rests_until, closes_task, is_learned, reacted_at, undone_at)
values ($1::uuid, '018f0000-0000-7000-8000-000000000002', '018f0000-0000-7000-8000-000000000001',
        '018f0000-0000-7000-8000-00000000dead', 'snooze', 'later', 'todoist:canary-answered', '2026-11-30', 0.125,
        $2::timestamptz + interval '3 hours', true, true, $2::timestamptz, $2::timestamptz + interval '5 seconds');
with model as (
    insert into lab.model (trained_at, prior, fingerprint, baseline, people, answers)
    values ($2::timestamptz, '{}', 'canary-fingerprint', 'canary-baseline', 1, 10)
    returning version
)
insert into lab.model_person (user_id, version) select $1::uuid, version from model;
insert into advice.idea (user_id, idea_id, kind, task, part, minutes, length, words, sketch, prompt_version, model,
                         latency_ms, prompt_tokens, completion_tokens, made_at, expires_at, shown_at, is_remembered)
values ($1::uuid, '018f0000-0000-7000-8000-000000000003', 'step', 'canary-idea-task', 'morning', 5, 42,
        '\x02cafe1dea5a'::bytea, '\x02cafe5ce7c4'::bytea, 'canary-idea-prompt', 'canary-idea-model', 1201, 1213, 1217,
        $2::timestamptz, $2::timestamptz + interval '1 day', $2::timestamptz, true);
insert into advice.spent (user_id, day, calls, tokens) values ($1::uuid, $2::timestamptz::date, 3, 1223);
insert into advice.wish (user_id, wished_at, busy_until)
values ($1::uuid, $2::timestamptz, $2::timestamptz + interval '1 minute');
insert into notifier.subscription
    (user_id, subscription_id, channel, endpoint, reach, address, name, rhythm, made_at, seen_at, confirmed_at,
     session_id)
values ($1::uuid, '018f0000-0000-7000-8000-000000000004', 'push', '\x01cafeed9017'::bytea, '\x02cafe5ea1ed'::bytea, null,
        'canary-browser', 'each', $2::timestamptz, $2::timestamptz, $2::timestamptz,
        '018f0000-0000-7000-8000-000000000006'),
       ($1::uuid, '018f0000-0000-7000-8000-000000000005', 'mail', null, null, '\x03cafead0055'::bytea,
        '', 'morning', $2::timestamptz, $2::timestamptz, null, null);
insert into notifier.watch (user_id, next_at, here_at)
values ($1::uuid, $2::timestamptz + interval '1 hour', $2::timestamptz);
insert into notifier.decision (user_id, slot, decided_at, verdict, probability, tip_id, rhythm, moment, shadows, outcome)
values ($1::uuid, $2::timestamptz, $2::timestamptz, 'spoke', 0.1015625,
        '018f0000-0000-7000-8000-000000000001', 'each', '{"canary_moment": 0.75}', '{"canary_shadow": 0.3125}',
        'snoozed');
insert into notifier.belief (user_id, belief, learned_at)
values ($1::uuid, '{"canary_belief": 0.375}', $2::timestamptz);
insert into notifier.delivery (user_id, slot, subscription_id, state, attempts, next_at)
values ($1::uuid, $2::timestamptz, '018f0000-0000-7000-8000-000000000004', 'accepted', 1, $2::timestamptz);
insert into integrations.calendar (user_id, address_sealed, state, made_at)
values ($1::uuid, convert_to('canary-sealed-calendar', 'UTF8'), 'broken', $2::timestamptz);
