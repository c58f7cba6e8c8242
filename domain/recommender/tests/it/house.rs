//! What every test begins with.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use advice::{
    Advisor, Budget, Library, Prompts,
    model::{Model, ModelConfig},
};
use bandit::{Group, Prior};
use chrono::TimeDelta;
use integrations::{Access, Integrations, TodoistConfig, Tokens};
use kernel::{
    Clock, Entropy, ManualClock, SharedEntropy, Timestamp, UserId,
    http::{Hosts, Http},
};
use profile::Consent;
use recommender::{
    Answer, Look, Policies, ReactError, Reaction, Recommender, Scene, Settings, Sources, Tip,
    TipKind,
};
use sqlx::PgPool;
use testkit::{
    calendar::CalendarDouble,
    llm::{API_KEY, LlmDouble},
    todoist::{AccountId, CLIENT_ID, CLIENT_SECRET, Handle, NewTask, TodoistDouble},
};
use uuid::Uuid;
use vault::{MasterKeys, Vault};

/// Of all processes.
static KEYS: LazyLock<MasterKeys> =
    LazyLock::new(|| MasterKeys::random(&Entropy::from_os().unwrap()));

/// A Monday, at nine in the morning in UTC, where everybody lives.
pub(crate) const MONDAY: &str = "2026-11-23T09:00:00Z";

pub(crate) const SHADOW: &str = "epsilon_greedy";

/// Everything around a recommender, and the recommender.
pub(crate) struct House {
    pub(crate) db: PgPool,
    pub(crate) double: TodoistDouble,
    llm: Option<LlmDouble>,
    pub(crate) account: AccountId,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) entropy: SharedEntropy,
    pub(crate) integrations: Integrations,
    pub(crate) recommender: Recommender,
    pub(crate) advisor: Advisor,
    starts: u64,
    /// What a language model may cost.
    pub(crate) budget: Budget,
}

impl House {
    /// With these open tasks in the one Todoist account.
    pub(crate) async fn new(db: PgPool, tasks: Vec<NewTask>) -> Self {
        integrations::jobs::migrate_jobs(&db).await.unwrap();
        let clock = ManualClock::at(at(MONDAY));
        let double =
            TodoistDouble::start("127.0.0.1:0".parse().unwrap(), clock.clone()).await.unwrap();
        double.handle().set_refresh_tokens(false);
        let account = double.handle().account();
        double.handle().set_tasks(&account, tasks);

        let integrations = integrations(&db, &double, &clock);
        let advisor = advisor(&db, None, &clock);
        let recommender = recommender(&db, &integrations, &advisor, &clock, 1);
        let entropy = Entropy::seeded(0);
        let (llm, starts, budget) = (None, 1, Budget::default());
        Self {
            db,
            double,
            llm,
            account,
            clock,
            entropy,
            integrations,
            recommender,
            advisor,
            starts,
            budget,
        }
    }

    /// With a language model, too.
    pub(crate) async fn with_model(db: PgPool, tasks: Vec<NewTask>) -> Self {
        let mut house = Self::new(db, tasks).await;
        house.set_model().await;
        house
    }

    /// Starts again with a language model of which nothing is known yet.
    pub(crate) async fn set_model(&mut self) {
        let loopback = "127.0.0.1:0".parse().unwrap();
        self.llm = Some(LlmDouble::start(loopback, self.clock.clone()).await.unwrap());
        self.restart();
    }

    /// Lets people connect a calendar there.
    pub(crate) fn set_calendar(&mut self, calendar: &CalendarDouble) {
        let http = Http::new(Hosts::default()).unwrap();
        let hosts = calendar.host().parse().unwrap();
        self.integrations = self.integrations.clone().with_calendar_hosts(&http, hosts);
        self.recommender =
            recommender(&self.db, &self.integrations, &self.advisor, &self.clock, self.starts);
    }

    pub(crate) fn llm(&self) -> &testkit::llm::Handle {
        self.llm.as_ref().unwrap().handle()
    }

    /// With one open task of this title.
    pub(crate) async fn with_task(db: PgPool, title: &str) -> Self {
        Self::new(db, vec![NewTask::titled(title)]).await
    }

    /// The process ends and starts again, a millisecond later: all that was in memory is lost.
    pub(crate) fn restart(&mut self) {
        self.clock.advance(TimeDelta::milliseconds(1));
        self.starts += 1;
        self.integrations = integrations(&self.db, &self.double, &self.clock);
        self.advisor = advisor(&self.db, self.llm.as_ref().zip(Some(self.budget)), &self.clock);
        self.recommender =
            recommender(&self.db, &self.integrations, &self.advisor, &self.clock, self.starts);
    }

    /// Starts as [`House::new`] does, at the same moment and with the same chance.
    pub(crate) fn start_over(&mut self) {
        self.clock.set(at(MONDAY));
        self.starts = 1;
        self.restart();
    }

    pub(crate) fn todoist(&self) -> &Handle {
        self.double.handle()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    /// The only task of the account.
    pub(crate) fn only_task(&self) -> String {
        let tasks = self.todoist().tasks(&self.account);
        assert_eq!(tasks.len(), 1, "there is one task");
        tasks[0].id.clone()
    }

    pub(crate) fn uuid(&self) -> Uuid {
        Uuid::from_bytes(self.entropy.bytes())
    }

    /// Somebody who is here for the first time.
    pub(crate) async fn stranger(&self) -> UserId {
        let user = UserId(self.uuid());
        sqlx::query("insert into auth.user (user_id, created_at) values ($1, $2)")
            .bind(user.uuid())
            .bind(self.now())
            .execute(&self.db)
            .await
            .unwrap();
        user
    }

    /// Somebody who allows everything, and has connected nothing.
    pub(crate) async fn newcomer(&self) -> UserId {
        let user = self.stranger().await;
        self.answer(user, &Consent::ALL.map(|consent| (consent, true))).await;
        user
    }

    /// What `user` allows from now on, and what not.
    pub(crate) async fn answer(&self, user: UserId, answers: &[(Consent, bool)]) {
        self.recommender.consent(user, answers).await.unwrap();
    }

    /// Somebody who allows everything, and is connected to the account.
    pub(crate) async fn person(&self) -> UserId {
        let user = self.newcomer().await;
        self.connect(user).await;
        user
    }

    /// Connects `user` to the account, and tells the access token.
    pub(crate) async fn connect(&self, user: UserId) -> String {
        let granted = self.todoist().grant(&self.account);
        let tokens = Tokens {
            access: granted.access_token.clone().into(),
            refresh: None,
            expires_at: None,
            scope: Access::ReadWrite,
        };
        self.integrations.connect_with_tokens(user, tokens).await.unwrap();
        granted.access_token
    }

    /// Somebody whose open tip, the first one ever, is a task.
    pub(crate) async fn person_with_task(&self) -> (UserId, Tip) {
        for _ in 0..100 {
            let user = self.person().await;
            let tip = self.tip(user).await;
            if tip.kind == TipKind::Todo {
                return (user, tip);
            }
        }
        panic!("nobody is told to do a task");
    }

    /// Somebody whose open tip, the first one ever, is advice.
    pub(crate) async fn person_with_advice(&self) -> (UserId, Tip) {
        for _ in 0..100 {
            let user = self.person().await;
            let tip = self.tip(user).await;
            if tip.kind == TipKind::Advice {
                return (user, tip);
            }
        }
        panic!("nobody is given advice");
    }

    /// What `user` sees, when the tasks are there.
    pub(crate) async fn look(&self, user: UserId) -> Look {
        for _ in 0..50 {
            let look = self.recommender.look(user).await.unwrap();
            if look.scene != Scene::Loading {
                return look;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the tasks do not come");
    }

    /// The tip that `user` sees.
    pub(crate) async fn tip(&self, user: UserId) -> Tip {
        shown(self.look(user).await)
    }

    /// Every value of every table of these schemas, as text.
    pub(crate) async fn dump(&self) -> String {
        let db = &self.db;
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select format('%I.%I', c.table_schema, c.table_name),
                case c.data_type
                    when 'bytea' then format('encode(%I, ''escape'')', c.column_name)
                    else format('%I::text', c.column_name)
                end
         from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema in
               ('recommender', 'events', 'integrations', 'profile', 'auth', 'advice',
                'graphile_worker')
           and t.table_type = 'BASE TABLE'",
        )
        .fetch_all(db)
        .await
        .unwrap();
        for schema in ["recommender.", "events.", "integrations.", "graphile_worker."] {
            assert!(columns.iter().any(|(table, _)| table.starts_with(schema)), "{schema}");
        }

        let mut dump = String::new();
        for (table, value) in columns {
            let query = format!("select coalesce(string_agg({value}, E'\\n'), '') from {table}");
            let values: String =
                sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(db).await.unwrap();
            dump.push_str(&values);
            dump.push('\n');
        }
        dump
    }

    /// Sends a reaction under a new key.
    pub(crate) async fn send(
        &self,
        user: UserId,
        tip: Uuid,
        reaction: Reaction,
    ) -> Result<Look, ReactError> {
        self.recommender.react(user, Answer { tip, key: self.uuid(), reaction }).await
    }

    /// Sends a reaction that counts.
    pub(crate) async fn react(&self, user: UserId, tip: Uuid, reaction: Reaction) -> Look {
        self.send(user, tip, reaction).await.unwrap()
    }

    /// Whether `task` takes part in a decision of this moment. What is open is dismissed for it.
    pub(crate) async fn is_candidate(&self, user: UserId, task: &str) -> bool {
        let key = format!("todoist:{task}");
        // As fresh as can be, so that a task's date is that of the double.
        self.integrations
            .tasks(user, integrations::Freshness::Within(Duration::ZERO))
            .await
            .unwrap();
        let open = self.tip(user).await;
        if self.candidate(user, open.id).await == key {
            return true;
        }
        let next = shown(self.react(user, open.id, Reaction::Dismiss).await);
        sqlx::query_scalar(
            "select snapshot -> 'candidates' @> jsonb_build_array(jsonb_build_object('key', $3::text))
             from recommender.snapshot
             where user_id = $1
               and tip_id = $2",
        )
        .bind(user.uuid())
        .bind(next.id)
        .bind(key)
        .fetch_one(&self.db)
        .await
        .unwrap()
    }

    /// The candidate behind a tip.
    pub(crate) async fn candidate(&self, user: UserId, tip: Uuid) -> String {
        sqlx::query_scalar(
            "select candidate from recommender.tip where user_id = $1 and tip_id = $2",
        )
        .bind(user.uuid())
        .bind(tip)
        .fetch_one(&self.db)
        .await
        .unwrap()
    }

    /// The states of all tips, in the order in which they were decided.
    pub(crate) async fn tips(&self, user: UserId) -> Vec<(Uuid, String)> {
        sqlx::query_as(
            "select tip_id, state from recommender.tip where user_id = $1 order by tip_id",
        )
        .bind(user.uuid())
        .fetch_all(&self.db)
        .await
        .unwrap()
    }

    pub(crate) async fn open_tips(&self, user: UserId) -> Vec<Uuid> {
        let tips = self.tips(user).await;
        tips.into_iter().filter(|(_, state)| state == "open").map(|(id, _)| id).collect()
    }

    /// The answers that are learned from, the oldest first: tip, and what it was worth.
    pub(crate) async fn beliefs(&self, user: UserId) -> Vec<(Uuid, f64)> {
        sqlx::query_as(
            "select tip_id, reward
             from recommender.reaction
             where user_id = $1
               and is_learned
               and undone_at is null
             order by reaction_id",
        )
        .bind(user.uuid())
        .fetch_all(&self.db)
        .await
        .unwrap()
    }

    /// What they were worth together, and what was missing.
    pub(crate) async fn totals(&self, user: UserId) -> (f64, f64) {
        let beliefs = self.beliefs(user).await;
        let rewards = beliefs.iter().map(|(_, reward)| reward);
        (rewards.clone().sum(), rewards.map(|reward| 1.0 - reward).sum())
    }

    /// What the newest decision was made from: what earlier answers were worth, the newest first.
    pub(crate) async fn lessons(&self, user: UserId) -> Vec<f64> {
        let lessons: Vec<u8> = sqlx::query_scalar(
            "select lessons
             from recommender.snapshot
             where user_id = $1
             order by tip_id desc
             limit 1",
        )
        .bind(user.uuid())
        .fetch_one(&self.db)
        .await
        .unwrap();
        bandit::from_bytes(&lessons).unwrap().iter().map(bandit::Lesson::reward).collect()
    }

    /// How many reactions of `user` were ever written.
    pub(crate) async fn reactions(&self, user: UserId) -> i64 {
        sqlx::query_scalar("select count(*) from recommender.reaction where user_id = $1")
            .bind(user.uuid())
            .fetch_one(&self.db)
            .await
            .unwrap()
    }

    /// How many tasks of `user` wait to be closed.
    pub(crate) async fn jobs(&self, user: UserId) -> i64 {
        sqlx::query_scalar("select count(*) from graphile_worker.jobs where queue_name = $1")
            .bind(format!("todoist:{user}"))
            .fetch_one(&self.db)
            .await
            .unwrap()
    }

    /// For how many seconds the one task of `user` that waits to be closed is let alone.
    pub(crate) async fn closes_after(&self, user: UserId) -> f64 {
        sqlx::query_scalar(
            "select extract(epoch from run_at - created_at)::float8
             from graphile_worker.jobs
             where queue_name = $1",
        )
        .bind(format!("todoist:{user}"))
        .fetch_one(&self.db)
        .await
        .unwrap()
    }

    /// Another process on the same database.
    pub(crate) fn replica(&self) -> (Integrations, Recommender) {
        let integrations = integrations(&self.db, &self.double, &self.clock);
        let recommender = recommender(&self.db, &integrations, &self.advisor, &self.clock, 99);
        (integrations, recommender)
    }

    /// The log, and how it tells it.
    pub(crate) async fn events(&self, user: UserId) -> Vec<events::Payload> {
        let events = events::read(&self.db, user, None, 10_000).await.unwrap();
        events.into_iter().map(|event| event.payload).collect()
    }

    /// The kinds of what is in the log.
    pub(crate) async fn kinds(&self, user: UserId) -> Vec<&'static str> {
        self.events(user).await.iter().map(events::Payload::kind).collect()
    }
}

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// The tip that a look shows.
pub(crate) fn shown(look: Look) -> Tip {
    match look.scene {
        Scene::Tip(tip) => tip,
        other => panic!("a tip was expected, not {other:?}"),
    }
}

fn integrations(db: &PgPool, double: &TodoistDouble, clock: &Arc<ManualClock>) -> Integrations {
    let origin = double.base_url().parse().unwrap();
    let config = TodoistConfig::at(&origin, CLIENT_ID, CLIENT_SECRET.into()).unwrap();
    let entropy = Entropy::from_os().unwrap();
    let vault = vault(clock);
    let http = Http::new([&origin].into_iter().collect()).unwrap();
    Integrations::new(db.clone(), vault, config, http, clock.clone(), entropy)
}

fn recommender(
    db: &PgPool,
    integrations: &Integrations,
    advisor: &Advisor,
    clock: &Arc<ManualClock>,
    seed: u64,
) -> Recommender {
    let sources = Sources {
        integrations: integrations.clone(),
        library: Library::shipped().unwrap(),
        advisor: advisor.clone(),
    };
    Recommender::new(
        db.clone(),
        sources,
        Policies::by_name("personal", &[SHADOW.to_owned()], &prior()).unwrap(),
        Settings::default(),
        clock.clone(),
        Entropy::seeded(seed),
    )
}

fn vault(clock: &Arc<ManualClock>) -> Arc<Vault> {
    Arc::new(Vault::new(KEYS.clone(), clock.clone(), Entropy::from_os().unwrap()))
}

fn advisor(db: &PgPool, llm: Option<(&LlmDouble, Budget)>, clock: &Arc<ManualClock>) -> Advisor {
    let budget = llm.map(|(_, budget)| budget).unwrap_or_default();
    let model = llm.map(|(llm, _)| {
        let base_url: url::Url = llm.base_url().parse().unwrap();
        let http = Http::new([&base_url].into_iter().collect()).unwrap();
        let (api_key, patience) = (API_KEY.into(), Duration::from_secs(1));
        let config = ModelConfig { base_url, api_key, patience };
        Model::new(&config, &http, clock.clone())
    });
    let prompts = Prompts::shipped::<&str>(&[]).unwrap();
    let entropy = Entropy::from_os().unwrap();
    Advisor::new(db.clone(), vault(clock), model, prompts, budget, clock.clone(), entropy).unwrap()
}

/// The shipped prior, but for people who rather do tasks: there are many more pieces of advice.
fn prior() -> Arc<Prior> {
    let shipped = recommender::prior::shipped();
    let mut groups = Vec::new();
    let mut weights = Vec::new();
    for group in recommender::features::GROUPS {
        let from = u16::try_from(weights.len()).unwrap();
        weights.extend((from..from + group.size).map(|index| shipped.weight(index)));
        if group.name == "source" {
            weights[usize::from(from)].0 = 0.2;
        }
        groups.push(Group { indices: from..from + group.size, is_known: group.size == 1 });
    }
    Arc::new(Prior::new(weights, groups))
}
