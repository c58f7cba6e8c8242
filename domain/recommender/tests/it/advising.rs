//! What a language model writes: when it becomes a tip, and what it cannot do.

use std::time::Duration;

use advice::{Budget, Silence};
use chrono::TimeDelta;
use kernel::UserId;
use profile::Consent;
use recommender::{Reaction, Scene, Tip, TipKind, Unadvised};
use sqlx::PgPool;
use testkit::{
    llm::{EMBEDDER, Fault, FaultRule, JUDGE, TIP_GENERATOR, hostile},
    todoist::NewTask,
};

use crate::house::House;

fn tasks() -> Vec<NewTask> {
    ["Write the report for the meeting", "Sort the photographs", "Call the bank about the card"]
        .map(NewTask::titled)
        .into()
}

impl House {
    /// Asks a model for `user`, when nobody else does at this moment.
    async fn advise(&self, user: UserId) -> Result<usize, Unadvised> {
        for _ in 0..100 {
            match self.recommender.advise(user).await {
                Err(Unadvised::Silence(Silence::Busy)) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                advised => return advised,
            }
        }
        Err(Silence::Busy.into())
    }

    /// What came of questions, as it was counted.
    async fn outcomes(&self) -> Vec<(String, i64)> {
        let query = "select outcome, sum(count)::int8 from advice.outcome group by 1 order by 1";
        sqlx::query_as(query).fetch_all(&self.db).await.unwrap()
    }

    /// How often this came of a question; once it is there.
    async fn outcome(&self, name: &str) -> i64 {
        for _ in 0..300 {
            let outcomes = self.outcomes().await;
            if let Some((_, count)) = outcomes.iter().find(|(known, _)| known == name) {
                return *count;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{name} is not among {:?}", self.outcomes().await);
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.db).await.unwrap()
    }

    /// The first of `user`'s tips that a model wrote.
    async fn idea(&self, user: UserId) -> Tip {
        for _ in 0..60 {
            let tip = self.tip(user).await;
            let candidate: String =
                sqlx::query_scalar("select candidate from recommender.tip where tip_id = $1")
                    .bind(tip.id)
                    .fetch_one(&self.db)
                    .await
                    .unwrap();
            if candidate.starts_with("llm:") {
                return tip;
            }
            self.react(user, tip.id, Reaction::Dismiss).await;
        }
        panic!("no idea becomes a tip");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_a_model_wrote_becomes_a_tip_and_says_where_it_comes_from(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    assert_eq!(house.advise(user).await.unwrap(), 3);
    assert!(matches!(house.advise(user).await, Err(Unadvised::Silence(Silence::Enough))));

    let tip = house.idea(user).await;
    assert_eq!(tip.kind, TipKind::Advice);
    assert!(!tip.text.is_empty() && tip.context.contains("min"));
    assert_eq!(house.tip(user).await, tip, "it stays open");
    assert!(!house.dump().await.contains(&tip.text), "its words are sealed");
    let shown = "select count(*) from advice.idea where shown_at is not null and is_remembered";
    assert!(house.count(shown).await > 0, "it is known again");

    let origin = "select count(*) from recommender.score
                  where candidate like 'llm:%' and serves and tip_kind in ('step', 'pause', 'question')
                    and prompt_version in ('calm-1', 'concrete-1') and llm_model like 'ollama%'
                    and latency_ms >= 0 and prompt_tokens > 0 and completion_tokens > 0";
    assert_eq!(house.count(origin).await, 1);
    let others = "select count(*) from recommender.score
                  where candidate not like 'llm:%' and prompt_version is not null";
    assert_eq!(house.count(others).await, 0);

    let next = house.react(user, tip.id, Reaction::Done).await;
    assert!(matches!(next.scene, Scene::Tip(_)));
    let closed = "select count(*) from recommender.reaction where closes_task";
    assert_eq!(house.count(closed).await, 0, "a step that was done does not close its task");
    assert_eq!(house.llm().count(JUDGE), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_first_look_waits_for_a_model_that_is_quick(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.tip(user).await;
    let snapshot = "select count(*) from recommender.snapshot
                    where snapshot -> 'candidates' @? '$[*] ? (@.key starts with \"llm:\")'";
    assert_eq!(house.count(snapshot).await, 1, "it was asked before the first decision");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whatever_a_model_does_there_is_a_tip_and_the_reason_is_counted(db: PgPool) {
    let mut house = House::with_model(db, tasks()).await;
    let faults = [
        (Fault::Malformed, "model_malformed"),
        (Fault::Empty, "model_empty"),
        (Fault::NoChoices, "model_empty"),
        (Fault::Refuse, "model_refused"),
        (Fault::Length, "model_cut"),
        (Fault::Long { bytes: 2 * 1024 * 1024 }, "model_too_large"),
        (Fault::Huge { bytes: 64 * 1024 * 1024 }, "model_too_large"),
        (Fault::Garbage, "model_malformed"),
        (Fault::Html, "model_malformed"),
        (Fault::BadGateway, "model_status"),
        (Fault::TooManyRequests { retry_after: 7 }, "model_throttled"),
        (Fault::TooManyUpstream { retry_after: 7 }, "model_throttled"),
        (Fault::TooMany, "model_throttled"),
        (Fault::Unavailable, "model_throttled"),
        (Fault::ServerError, "model_status"),
        (Fault::Unauthorized, "model_status"),
        (Fault::Timeout, "model_timeout"),
        (Fault::Cut, "model_unreachable"),
        (Fault::Hang, "model_timeout"),
        (Fault::Drip { ms: 100 }, "model_timeout"),
    ];
    for (fault, reason) in faults {
        sqlx::query("delete from advice.outcome").execute(&house.db).await.unwrap();
        house.set_model().await;
        house.llm().inject(FaultRule::always(fault));
        let user = house.person().await;

        let mut tip = house.tip(user).await;
        assert_eq!(house.outcome(reason).await, 1, "{fault:?}");
        for _ in 0..5 {
            let Scene::Tip(next) = house.react(user, tip.id, Reaction::Dismiss).await.scene else {
                panic!("{fault:?}: there is always something");
            };
            tip = next;
        }
        let refused = house.recommender.advise(user).await;
        assert!(refused.is_err(), "{fault:?}: nobody is asked again at once");
        assert_eq!(house.llm().count(TIP_GENERATOR), 1, "{fault:?}: nothing is retried in a storm");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nothing_that_a_model_is_talked_into_gets_anywhere(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    house.llm().inject(FaultRule::always(Fault::Hostile));
    let user = house.person().await;
    assert_eq!(house.advise(user).await.unwrap(), 1, "the good one is not spoiled");

    let outcomes = house.outcomes().await;
    let of = |name: &str| outcomes.iter().find(|(known, _)| known == name).map_or(0, |it| it.1);
    for (reason, count) in [
        ("fit", 1),
        ("refused_markup", 3),
        ("refused_link", 1),
        ("refused_echo", 2),
        ("refused_invisible", 3),
        ("refused_task", 1),
        ("refused_kind", 1),
        ("refused_too_long", 1),
        ("refused_medical", 1),
        ("refused_language", 1),
    ] {
        assert_eq!(of(reason), count, "{reason} in {outcomes:?}");
    }
    assert_eq!(house.idea(user).await.text, hostile::GOOD);
    let dump = house.dump().await;
    for bad in hostile::BAD {
        assert!(!dump.contains(bad), "{bad}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn only_who_allows_it_is_spoken_of_to_a_model(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    for refused in [Consent::SendTitles, Consent::ReadTasks] {
        let user = house.person().await;
        house.answer(user, &[(refused, false)]).await;
        house.recommender.look(user).await.unwrap();
        assert!(matches!(house.advise(user).await, Err(Unadvised::NotAllowed)));
    }
    assert_eq!(house.llm().requests().len(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_withdraws_it_sees_nothing_of_it_any_more(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    let idea = house.idea(user).await;

    house.answer(user, &[(Consent::SendTitles, false)]).await;
    assert_ne!(house.tip(user).await.id, idea.id);
    assert_eq!(house.count("select count(*) from advice.idea").await, 0);
    assert_eq!(house.count("select count(*) from recommender.tip where state = 'open'").await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_model_is_told_no_address_no_number_and_no_id(db: PgPool) {
    let titles =
        ["Mail ana@example.org about rent", "Call +49 30 123 45 67", "See https://example.org/x"];
    let house = House::with_model(db, titles.map(NewTask::titled).into()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();

    let asked = house.llm().requests();
    let asked = asked.iter().find(|it| it.alias.as_deref() == Some(TIP_GENERATOR)).unwrap();
    let told = asked.body.to_string();
    for word in [
        "Mail (e-mail) about rent",
        "Call (phone)",
        "See (link)",
        "\\\"part_of_day\\\":\\\"morning\\\"",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let ids = house.todoist().tasks(&house.account).into_iter().map(|task| task.id);
    let person = user.to_string();
    for secret in
        ["ana@", "123 45", "example.org", &person].map(str::to_owned).into_iter().chain(ids)
    {
        assert!(!told.contains(&secret), "{secret}: {told}");
    }
    assert_eq!(asked.body["response_format"]["type"], "json_schema");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn signs_of_a_crisis_silence_a_model(db: PgPool) {
    let mut all = tasks();
    all.push(NewTask::titled("I want to kill myself"));
    let house = House::with_model(db, all).await;
    let user = house.person().await;
    assert!(matches!(house.advise(user).await, Err(Unadvised::Silence(Silence::Crisis))));
    assert_eq!(house.llm().requests().len(), 0, "nothing is sent");
    assert_eq!(house.outcomes().await, [], "and nothing is counted");

    for _ in 0..25 {
        let Scene::Tip(tip) = house.look(user).await.scene else { break };
        assert!(!tip.text.contains("kill"), "it is nothing to propose");
        house.react(user, tip.id, Reaction::Dismiss).await;
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn signs_of_a_crisis_silence_what_was_written_before(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    house.todoist().add_tasks(&house.account, vec![NewTask::titled("I want to end my life")]);
    house.advance(61);
    for _ in 0..15 {
        let tip = house.tip(user).await;
        house.react(user, tip.id, Reaction::Dismiss).await;
    }
    let ideas = "select count(*) from recommender.tip where candidate like 'llm:%'
                 and decided_at > (select min(decided_at) from recommender.tip)";
    assert_eq!(house.count(ideas).await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_day_has_a_budget_on_all_servers_together(db: PgPool) {
    let mut house = House::with_model(db, tasks()).await;
    house.budget = Budget { calls: 2, ..Budget::default() };
    house.restart();
    let user = house.person().await;
    let forget = || async {
        sqlx::query("delete from advice.idea").execute(&house.db).await.unwrap();
    };
    house.advise(user).await.unwrap();
    forget().await;
    house.restart();
    house.advise(user).await.unwrap();
    sqlx::query("delete from advice.idea").execute(&house.db).await.unwrap();
    house.restart();
    assert!(matches!(house.advise(user).await, Err(Unadvised::Silence(Silence::Spent))));
    assert_eq!(house.llm().count(TIP_GENERATOR), 2);
    assert_eq!(house.outcome("spent").await, 1);

    let other = house.person().await;
    assert!(house.advise(other).await.unwrap() > 0, "it is everybody's own");
    house.clock.advance(TimeDelta::days(1));
    assert!(house.advise(user).await.unwrap() > 0, "and the day's");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn tokens_are_counted_as_they_are_told(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    let cost = "select (select tokens from advice.spent)
                     - (select prompt_tokens + completion_tokens from advice.idea limit 1)";
    assert_eq!(house.count(cost).await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn many_who_ask_at_once_ask_once(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    house.llm().set_latency(Duration::from_millis(100));
    let user = house.person().await;
    let asks = (0..8).map(|_| house.recommender.advise(user));
    let asked = futures::future::join_all(asks).await;
    assert_eq!(asked.iter().filter(|advised| advised.is_ok()).count(), 1, "{asked:?}");
    assert_eq!(house.llm().count(TIP_GENERATOR), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn words_are_gone_after_a_day_and_the_same_is_not_shown_twice(db: PgPool) {
    let house = House::with_model(db, vec![]).await;
    let say = |text: &str| {
        format!(
            r#"{{"candidates":[{{"kind":"pause","text":"{text}","task_ref":null,"minutes":2}}]}}"#
        )
    };
    house.llm().set_embedder(false);
    house.llm().say(say("Stand up and look out of the window for a while."));
    let user = house.person().await;
    assert_eq!(house.advise(user).await.unwrap(), 1);
    let shown = "update advice.idea set shown_at = made_at, is_remembered = true";
    sqlx::query(shown).execute(&house.db).await.unwrap();

    house.clock.advance(TimeDelta::days(1));
    house.advisor.purge_expired().await.unwrap();
    assert_eq!(house.count("select count(*) from advice.idea where words is null").await, 1);
    house.llm().say(say("Stand up, and look out of the window a while."));
    assert_eq!(house.advise(user).await.unwrap(), 0);
    assert_eq!(house.outcome("refused_near").await, 1);

    house.clock.advance(TimeDelta::days(31));
    house.advisor.purge_expired().await.unwrap();
    for rows in [
        "select count(*) from advice.idea",
        "select count(*) from advice.spent",
        "select count(*) from advice.wish",
    ] {
        assert_eq!(house.count(rows).await, 0, "{rows}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_embedder_knows_the_same_in_other_words(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    assert_eq!(house.llm().count(EMBEDDER), 1);
    house.llm().set_embedder(false);
    house.clock.advance(TimeDelta::days(1));
    assert!(house.advise(user).await.unwrap() > 0, "without one, letters tell");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_not_remembered_goes_with_its_words(db: PgPool) {
    let house = House::with_model(db, vec![]).await;
    let user = house.person().await;
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    house.advise(user).await.unwrap();
    house.idea(user).await;
    house.clock.advance(TimeDelta::days(1));
    house.advisor.purge_expired().await.unwrap();
    // Others may be on their way.
    let old = "select count(*) from advice.idea where made_at < '2026-11-24'";
    assert_eq!(house.count(old).await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_is_active_has_ideas_before_they_look_again(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let (here, away) = (house.person().await, house.person().await);
    house.advise(away).await.unwrap();
    house.clock.advance(TimeDelta::days(3));
    house.advise(here).await.unwrap();
    // What was for the morning is not for the evening.
    house.clock.advance(TimeDelta::hours(12));
    house.llm().forget_requests();

    house.recommender.advise_all().await.unwrap();
    assert_eq!(house.llm().count(TIP_GENERATOR), 1, "for who was here, and for them alone");
    house.recommender.advise_all().await.unwrap();
    assert_eq!(house.llm().count(TIP_GENERATOR), 1, "and not again while there are some");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_asked_about_a_connection_that_is_gone_is_not_kept(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    house.llm().set_latency(Duration::from_millis(300));
    let user = house.person().await;
    let advise = house.recommender.advise(user);
    let leave = async {
        while house.llm().count(TIP_GENERATOR) == 0 {
            tokio::task::yield_now().await;
        }
        house.integrations.disconnect(user).await.unwrap();
        house.recommender.disconnected(user).await.unwrap();
    };
    let (advised, ()) = futures::future::join(advise, leave).await;
    assert!(advised.is_err(), "{advised:?}");
    assert_eq!(house.count("select count(*) from advice.idea").await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_changes_their_mind_and_back_again_begins_anew(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    house.llm().set_latency(Duration::from_millis(300));
    let user = house.person().await;
    let advise = house.recommender.advise(user);
    let waver = async {
        while house.llm().count(TIP_GENERATOR) == 0 {
            tokio::task::yield_now().await;
        }
        house.advance(1);
        house.answer(user, &[(Consent::SendTitles, false)]).await;
        house.advance(1);
        house.answer(user, &[(Consent::SendTitles, true)]).await;
    };
    let (advised, ()) = futures::future::join(advise, waver).await;
    assert!(matches!(advised, Err(Unadvised::NotAllowed)), "{advised:?}");
    assert_eq!(house.count("select count(*) from advice.idea").await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_task_that_rests_is_not_told_of(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    house.llm().inject(FaultRule::always(Fault::Unavailable));
    let user = house.person().await;
    let rested = loop {
        let tip = house.tip(user).await;
        house.react(user, tip.id, Reaction::Dismiss).await;
        if tip.kind == TipKind::Todo {
            break tip.text;
        }
    };
    house.llm().clear_faults();
    house.llm().forget_requests();
    house.advance(20 * 60);
    house.advise(user).await.ok();
    let asked = house.llm().requests();
    let asked = asked.iter().find(|it| it.alias.as_deref() == Some(TIP_GENERATOR)).unwrap();
    assert!(!asked.body.to_string().contains(&rested), "{rested}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_open_idea_goes_when_there_are_signs_of_a_crisis(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    let idea = house.idea(user).await;
    house.todoist().add_tasks(&house.account, vec![NewTask::titled("I want to end my life")]);
    house.advance(61);
    assert_ne!(house.tip(user).await.id, idea.id);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_does_not_open_any_more_is_in_nobodys_way(db: PgPool) {
    let house = House::with_model(db, tasks()).await;
    let user = house.person().await;
    house.advise(user).await.unwrap();
    let idea = house.idea(user).await;
    let query = "update advice.idea set words = '\\x02'";
    sqlx::query(query).execute(&house.db).await.unwrap();
    assert_ne!(house.tip(user).await.id, idea.id);
}
