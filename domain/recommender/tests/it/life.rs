//! Whatever happens, in whatever order, a tip lives as a model says that has no database, no network and
//! no concurrency.

use std::{pin::pin, task::Poll};

use chrono::TimeDelta;
use kernel::{TimeZone, Timestamp, UserId};
use profile::SnoozeTimes;
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};
use recommender::{Answer, Look, ReactError, Reaction, Scene, Snooze, UndoError, features::Moment};
use sqlx::PgPool;
use testkit::todoist::NewTask;
use tokio::{runtime::Handle, sync::Mutex, task::spawn_blocking};
use uuid::Uuid;

use crate::{
    house::{House, shown},
    log::replay,
};

const CASES: u32 = 24;

const STEPS: usize = 20;

const UNDO_WINDOW: TimeDelta = TimeDelta::seconds(10);

const LIFETIME: TimeDelta = TimeDelta::hours(6);

#[derive(Clone, Copy, Debug)]
enum Step {
    Look,
    React(Which, Key, Reaction),
    /// Of the reaction so many before the newest.
    Undo(usize),
    Advance(i64),
    Restart,
    /// The request ends after it was polled so often.
    Abort(Request, usize),
}

/// A request whose end nobody waits for.
#[derive(Clone, Copy, Debug)]
enum Request {
    Look,
    React(Reaction),
    Undo,
}

/// Which tip is answered.
#[derive(Clone, Copy, Debug)]
enum Which {
    Newest,
    /// One that may have been answered, or have lapsed.
    Earlier(usize),
    Unknown,
}

/// Under which idempotency key.
#[derive(Clone, Copy, Debug)]
enum Key {
    Fresh,
    Used(usize),
}

fn reaction() -> impl Strategy<Value = Reaction> {
    prop_oneof![
        3 => Just(Reaction::Done),
        2 => prop::sample::select(&Snooze::ALL[..]).prop_map(Reaction::Snooze),
        2 => Just(Reaction::Dismiss),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let which = prop_oneof![
        6 => Just(Which::Newest),
        2 => (0..6_usize).prop_map(Which::Earlier),
        1 => Just(Which::Unknown),
    ];
    let key = prop_oneof![4 => Just(Key::Fresh), 1 => (0..4_usize).prop_map(Key::Used)];
    let seconds = prop_oneof![
        4 => 1..11_i64,
        1 => Just(61),
        1 => Just(3 * 3_600),
        1 => Just(6 * 3_600),
        1 => Just(86_400),
        1 => Just(8 * 86_400),
    ];
    let request = prop_oneof![
        1 => Just(Request::Look),
        3 => reaction().prop_map(Request::React),
        1 => Just(Request::Undo),
    ];
    prop_oneof![
        3 => Just(Step::Look),
        8 => (which, key, reaction()).prop_map(|(which, key, what)| Step::React(which, key, what)),
        4 => prop_oneof![3 => Just(0_usize), 1 => 1..4_usize].prop_map(Step::Undo),
        4 => seconds.prop_map(Step::Advance),
        1 => Just(Step::Restart),
        4 => (request, 0..40_usize).prop_map(|(request, polls)| Step::Abort(request, polls)),
    ]
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn any_interleaving_equals_the_sequential_model(db: PgPool) {
    let tasks = (1..=6).map(|number| NewTask::titled(format!("Task {number}"))).collect();
    let house = Mutex::new(House::new(db, tasks).await);
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 150,
        rng_seed: RngSeed::Fixed(2),
        ..Config::default()
    };
    let runtime = Handle::current();
    let run = move || {
        TestRunner::new(config).run(&prop::collection::vec(step(), 1..=STEPS), |steps| {
            runtime.block_on(async { Box::pin(live(&mut *house.lock().await, &steps)).await });
            Ok(())
        })
    };
    if let Err(error) = spawn_blocking(run).await.unwrap() {
        panic!("{error}");
    }
}

/// The life of one person.
async fn live(house: &mut House, steps: &[Step]) {
    house.start_over();
    let user = house.person().await;
    let mut model = Model::default();
    for step in steps {
        Box::pin(model.step(house, user, *step)).await;
        model.check(house, user).await;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Answered,
    Lapsed,
}

struct Tip {
    id: Uuid,
    candidate: String,
    expires_at: Timestamp,
    state: State,
}

struct Answered {
    answer: Answer,
    candidate: String,
    at: Timestamp,
    stands: bool,
}

/// What is expected. Everything is in the order in which it happened.
#[derive(Default)]
struct Model {
    tips: Vec<Tip>,
    answers: Vec<Answered>,
}

impl Model {
    async fn step(&mut self, house: &mut House, user: UserId, step: Step) {
        match step {
            Step::Look => {
                let look = house.look(user).await;
                self.seen(house, user, look).await;
            }
            Step::React(which, key, reaction) => {
                let answer = self.answer(house, which, key, reaction);
                let result = house.recommender.react(user, answer).await;
                self.reacted(house, user, answer, result).await;
            }
            Step::Undo(back) => {
                let tip = self.answered(house, back);
                let result = house.recommender.undo(user, tip).await;
                self.undone(house, user, tip, result).await;
            }
            Step::Advance(seconds) => house.advance(seconds),
            Step::Restart => house.restart(),
            Step::Abort(Request::Look, polls) => {
                let look = aborted(house.recommender.look(user), polls).await;
                match look {
                    Some(look) => self.seen(house, user, look.unwrap()).await,
                    None => self.settle(house, user).await,
                }
            }
            Step::Abort(Request::React(reaction), polls) => {
                let answer = self.answer(house, Which::Newest, Key::Fresh, reaction);
                let result = aborted(house.recommender.react(user, answer), polls).await;
                if let Some(result) = result {
                    return self.reacted(house, user, answer, result).await;
                }
                settled(house, user).await;
                if has_reaction(house, user, answer.key).await {
                    assert_eq!(self.verdict(answer, house.now()), Ok(true));
                    self.record(answer, house.now());
                }
                self.settle(house, user).await;
            }
            Step::Abort(Request::Undo, polls) => {
                let tip = self.answered(house, 0);
                let result = aborted(house.recommender.undo(user, tip), polls).await;
                if let Some(result) = result {
                    return self.undone(house, user, tip, result).await;
                }
                settled(house, user).await;
                if self.can_undo(tip, house.now()) && !stands(house, user, tip).await {
                    self.take_back(tip);
                }
                self.settle(house, user).await;
            }
        }
    }

    fn answer(&self, house: &House, which: Which, key: Key, reaction: Reaction) -> Answer {
        let unknown = || house.uuid();
        let tip = match which {
            Which::Newest => self.tips.last().map(|tip| tip.id),
            Which::Earlier(back) => self.tips.iter().rev().nth(back).map(|tip| tip.id),
            Which::Unknown => None,
        };
        let fresh = Answer { tip: tip.unwrap_or_else(unknown), key: house.uuid(), reaction };
        match key {
            Key::Fresh => fresh,
            Key::Used(back) => match self.answers.iter().rev().nth(back) {
                // Half of them are the same answer once more.
                Some(used) if back % 2 == 0 => used.answer,
                Some(used) => Answer { key: used.answer.key, ..fresh },
                None => fresh,
            },
        }
    }

    fn answered(&self, house: &House, back: usize) -> Uuid {
        let answered = self.answers.iter().rev().nth(back);
        answered.map_or_else(|| house.uuid(), |answered| answered.answer.tip)
    }

    fn open(&self) -> Option<&Tip> {
        self.tips.iter().find(|tip| tip.state == State::Open)
    }

    fn set(&mut self, id: Uuid, state: State) {
        let tip = self.tips.iter_mut().find(|tip| tip.id == id);
        tip.unwrap().state = state;
    }

    /// What becomes of an answer: `Ok(true)` when it counts, `Ok(false)` when it did already.
    fn verdict(&self, answer: Answer, now: Timestamp) -> Result<bool, &'static str> {
        if let Some(used) = self.answers.iter().find(|used| used.answer.key == answer.key) {
            return if used.answer == answer { Ok(false) } else { Err("key reused") };
        }
        match self.tips.iter().find(|tip| tip.id == answer.tip) {
            Some(tip) if tip.state == State::Answered => Err("answered elsewhere"),
            Some(tip) if tip.state == State::Open && now < tip.expires_at => Ok(true),
            Some(_) => Err("gone"),
            None => Err("unknown"),
        }
    }

    async fn reacted(
        &mut self,
        house: &House,
        user: UserId,
        answer: Answer,
        result: Result<Look, ReactError>,
    ) {
        let verdict = self.verdict(answer, house.now());
        match result {
            Ok(look) => {
                if verdict.unwrap() {
                    self.record(answer, house.now());
                }
                self.seen(house, user, look).await;
            }
            Err(error) => {
                let told = match error {
                    ReactError::AnsweredElsewhere => "answered elsewhere",
                    ReactError::Gone => "gone",
                    ReactError::Unknown => "unknown",
                    ReactError::KeyReused => "key reused",
                    ReactError::Internal(error) => panic!("{error:?}"),
                };
                assert_eq!(verdict, Err(told));
            }
        }
    }

    fn record(&mut self, answer: Answer, at: Timestamp) {
        let tip = self.tips.iter().find(|tip| tip.id == answer.tip).unwrap();
        let candidate = tip.candidate.clone();
        self.answers.push(Answered { answer, candidate, at, stands: true });
        self.set(answer.tip, State::Answered);
    }

    fn can_undo(&self, tip: Uuid, now: Timestamp) -> bool {
        let newest = self.answers.iter().rev().find(|answered| answered.stands);
        newest.is_some_and(|newest| newest.answer.tip == tip && now < newest.at + UNDO_WINDOW)
    }

    async fn undone(
        &mut self,
        house: &House,
        user: UserId,
        tip: Uuid,
        result: Result<Look, UndoError>,
    ) {
        let is_open = self.open().is_some_and(|open| open.id == tip);
        match result {
            Ok(look) => {
                if !is_open {
                    assert!(self.can_undo(tip, house.now()));
                    self.take_back(tip);
                }
                self.seen(house, user, look).await;
            }
            Err(UndoError::TooLate) => assert!(!is_open && !self.can_undo(tip, house.now())),
            Err(UndoError::Unknown) => assert!(self.tips.iter().all(|known| known.id != tip)),
            Err(UndoError::Internal(error)) => panic!("{error:?}"),
        }
    }

    fn take_back(&mut self, tip: Uuid) {
        if let Some(open) = self.open().map(|open| open.id) {
            self.set(open, State::Lapsed);
        }
        let newest = self.answers.iter_mut().rev().find(|answered| answered.stands);
        newest.unwrap().stands = false;
        self.set(tip, State::Open);
    }

    /// What a look shows is the open tip, or a new one where there was none that lasts.
    async fn seen(&mut self, house: &House, user: UserId, look: Look) {
        let look = if look.scene == Scene::Loading { house.look(user).await } else { look };
        self.showed(house, user, shown(look).id).await;
    }

    async fn showed(&mut self, house: &House, user: UserId, shown: Uuid) {
        let now = house.now();
        if let Some((id, expires_at)) = self.open().map(|open| (open.id, open.expires_at)) {
            if now < expires_at {
                assert_eq!(shown, id, "an open tip stays");
                return;
            }
            self.set(id, State::Lapsed);
        }
        assert!(self.tips.iter().all(|tip| tip.id != shown), "a new tip has a new id");
        let candidate = house.candidate(user, shown).await;
        assert!(!self.rests(&candidate, now), "{candidate} rests");
        let tip = Tip { id: shown, candidate, expires_at: now + LIFETIME, state: State::Open };
        self.tips.push(tip);
    }

    fn rests(&self, candidate: &str, now: Timestamp) -> bool {
        let mut last = self.answers.iter().rev();
        let last = last.find(|answered| answered.stands && answered.candidate == candidate);
        last.is_some_and(|last| match last.answer.reaction {
            Reaction::Done if candidate.starts_with("todoist:") => true,
            Reaction::Done => now < last.at + TimeDelta::days(30),
            Reaction::Snooze(snooze) => {
                now < snooze.until(&Moment::new(last.at, TimeZone::UTC), SnoozeTimes::default())
            }
            Reaction::Dismiss => now < last.at + TimeDelta::days(7),
        })
    }

    /// After a request that was cut off: a decision may have been committed, or not.
    async fn settle(&mut self, house: &House, user: UserId) {
        settled(house, user).await;
        let expected = self.open().map(|open| open.id);
        match house.open_tips(user).await.first() {
            Some(open) if Some(*open) != expected => self.showed(house, user, *open).await,
            Some(_) => {}
            None => assert_eq!(expected, None),
        }
    }

    /// Compares all that can be observed.
    async fn check(&self, house: &House, user: UserId) {
        let state = |state| match state {
            State::Open => "open",
            State::Answered => "answered",
            State::Lapsed => "lapsed",
        };
        let tips: Vec<_> =
            self.tips.iter().map(|tip| (tip.id, state(tip.state).to_owned())).collect();
        assert_eq!(house.tips(user).await, tips);
        assert!(house.open_tips(user).await.len() <= 1);

        let log = house.events(user).await;
        assert_eq!(replay(&log), tips.into_iter().collect());
        let count = |kind| log.iter().filter(|event| event.kind() == kind).count();
        let lapsed = self.tips.iter().filter(|tip| tip.state == State::Lapsed).count();
        let undone = self.answers.iter().filter(|answered| !answered.stands).count();
        assert_eq!(count("tip_decided"), self.tips.len());
        assert_eq!(count("tip_reacted"), self.answers.len());
        assert_eq!(count("reaction_undone"), undone);
        assert_eq!(count("tip_lapsed"), lapsed);

        let standing = || self.answers.iter().filter(|answered| answered.stands);
        let rewards = || standing().map(|answered| answered.answer.reaction.reward());
        let won: f64 = rewards().sum();
        let lost: f64 = rewards().map(|reward| 1.0 - reward).sum();
        assert_eq!(house.totals(user).await, (won, lost));
        let closing = standing().filter(|answered| {
            answered.answer.reaction == Reaction::Done && answered.candidate.starts_with("todoist:")
        });
        assert_eq!(usize::try_from(house.jobs(user).await).unwrap(), closing.count());
    }
}

/// A connection that went back to the pool inside a transaction would swallow what is written next.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_request_that_ends_early_leaves_no_transaction_behind(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let user = house.person().await;
    let mut tip = house.tip(user).await.id;
    for polls in 0..60 {
        let answer = Answer { tip, key: house.uuid(), reaction: Reaction::Dismiss };
        aborted(house.recommender.react(user, answer), polls).await;
        aborted(house.recommender.undo(user, tip), polls).await;
        house.advance(6 * 3_600);
        aborted(house.recommender.look(user), polls).await;
        settled(&house, user).await;
        while house.db.num_idle() < house.db.size() as usize {
            tokio::task::yield_now().await;
        }
        let left_open: i64 = sqlx::query_scalar(
            "select count(*)
             from pg_stat_activity
             where datname = current_database()
               and state like 'idle in transaction%'",
        )
        .fetch_one(&house.db)
        .await
        .unwrap();
        assert_eq!(left_open, 0, "after {polls} polls");
        tip = house.tip(user).await.id;
    }
}

/// Polls `request` so often, and drops it; what it answered, when it was done by then.
async fn aborted<T>(request: impl Future<Output = T>, mut polls: usize) -> Option<T> {
    let mut request = pin!(request);
    std::future::poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        request.as_mut().poll(context).map(Some)
    })
    .await
}

/// Waits until no transaction of `user` is under way.
async fn settled(house: &House, user: UserId) {
    sqlx::query(
        "insert into recommender.person (user_id)
         values ($1)
         on conflict (user_id) do update set user_id = excluded.user_id",
    )
    .bind(user.uuid())
    .execute(&house.db)
    .await
    .unwrap();
}

async fn has_reaction(house: &House, user: UserId, key: Uuid) -> bool {
    exists(house, user, key, "idempotency_key = $2").await
}

/// Whether an answer to `tip` stands.
async fn stands(house: &House, user: UserId, tip: Uuid) -> bool {
    exists(house, user, tip, "tip_id = $2 and undone_at is null").await
}

async fn exists(house: &House, user: UserId, id: Uuid, condition: &str) -> bool {
    let query = format!(
        "select exists (select from recommender.reaction where user_id = $1 and {condition})"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(query))
        .bind(user.uuid())
        .bind(id)
        .fetch_one(&house.db)
        .await
        .unwrap()
}
