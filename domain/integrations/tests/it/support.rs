//! What every test begins with.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use chrono::TimeDelta;
use integrations::{Access, Freshness, Integrations, TaskError, TaskList, TodoistConfig, Tokens};
use kernel::{Clock, Entropy, ManualClock, SystemClock, UserId, http::Http};
use profile::Consent;
use sqlx::PgPool;
use testkit::todoist::{AccountId, CLIENT_ID, CLIENT_SECRET, Handle, TodoistDouble};
use url::Url;
use uuid::Uuid;
use vault::{MasterKeys, Vault};

pub(crate) const USER: UserId = UserId(Uuid::from_u128(0xA11A));

/// Of all processes.
static KEYS: LazyLock<MasterKeys> = LazyLock::new(new_keys);

pub(crate) struct World {
    pub(crate) db: PgPool,
    pub(crate) double: TodoistDouble,
    pub(crate) account: AccountId,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) integrations: Integrations,
}

impl World {
    /// A Todoist with one empty account, to which nobody is connected; [`USER`] allows everything. The clock stands
    /// at the present.
    pub(crate) async fn new(db: PgPool) -> Self {
        let clock = ManualClock::at(SystemClock.now());
        is_here(&db).await;
        let double =
            TodoistDouble::start("127.0.0.1:0".parse().unwrap(), clock.clone()).await.unwrap();
        let account = double.handle().account();
        let integrations = replica(&db, &double, &clock);
        let world = Self { db, double, account, clock, integrations };
        world.answer(&Consent::ALL.map(|consent| (consent, true))).await;
        world
    }

    /// What [`USER`] allows from now on, and what not.
    pub(crate) async fn answer(&self, answers: &[(Consent, bool)]) {
        profile::decide(&self.db, USER, answers, self.clock.now()).await.unwrap();
    }

    /// The same, and [`USER`] is connected to the account, with these titles in it.
    pub(crate) async fn connected(db: PgPool, titles: &[&str]) -> Self {
        let world = Self::new(db).await;
        world.add(titles);
        world.connect(Access::ReadWrite).await;
        world
    }

    /// Another process on the same database.
    pub(crate) fn replica(&self) -> Integrations {
        replica(&self.db, &self.double, &self.clock)
    }

    /// Another process, whose operator has lost the key.
    pub(crate) fn replica_with_other_keys(&self) -> Integrations {
        with_keys(new_keys(), &self.db, config(&self.double), &self.clock)
    }

    pub(crate) fn todoist(&self) -> &Handle {
        self.double.handle()
    }

    /// Adds tasks and tells their ids.
    pub(crate) fn add(&self, titles: &[&str]) -> Vec<String> {
        let tasks = titles.iter().map(|title| testkit::todoist::NewTask::titled(*title)).collect();
        self.todoist().add_tasks(&self.account, tasks)
    }

    pub(crate) async fn connect(&self, access: Access) {
        let tokens = self.grant(access);
        self.integrations.connect_with_tokens(USER, tokens).await.unwrap();
    }

    pub(crate) fn grant(&self, access: Access) -> Tokens {
        let scope = match access {
            Access::Read => "data:read",
            Access::ReadWrite => "data:read_write",
        };
        let tokens = self.todoist().grant_scopes(&self.account, scope).unwrap();
        Tokens {
            access: tokens.access_token.into(),
            refresh: tokens.refresh_token.map(Into::into),
            expires_at: Some(self.clock.now() + TimeDelta::seconds(tokens.expires_in)),
            scope: access,
        }
    }

    /// A list that is asked for now.
    pub(crate) async fn fetch(&self) -> Result<Arc<TaskList>, TaskError> {
        self.clock.advance(TimeDelta::seconds(1));
        self.integrations.tasks(USER, Freshness::Within(Duration::ZERO)).await
    }

    /// The titles at hand, in the order of the alphabet.
    pub(crate) async fn at_hand(&self) -> Result<Vec<String>, TaskError> {
        let list = self.integrations.tasks(USER, Freshness::Cached).await?;
        Ok(titles(&list))
    }

    /// How often Todoist was asked for this, and with this method.
    pub(crate) fn asked(&self, method: &str, path: &str) -> u64 {
        self.todoist().count(method, path)
    }
}

/// Makes [`USER`] a person.
async fn is_here(db: &PgPool) {
    sqlx::query(
        "insert into auth.user (user_id, created_at) values ($1, now()) on conflict do nothing",
    )
    .bind(USER.uuid())
    .execute(db)
    .await
    .unwrap();
}

pub(crate) fn titles(list: &TaskList) -> Vec<String> {
    let mut titles: Vec<_> = list.tasks.iter().map(|task| task.content.clone()).collect();
    titles.sort();
    titles
}

pub(crate) fn config(double: &TodoistDouble) -> TodoistConfig {
    let origin = Url::parse(&double.base_url()).unwrap();
    TodoistConfig::at(&origin, CLIENT_ID, CLIENT_SECRET.into()).unwrap()
}

pub(crate) fn integrations(
    db: &PgPool,
    config: TodoistConfig,
    clock: &Arc<ManualClock>,
) -> Integrations {
    with_keys(KEYS.clone(), db, config, clock)
}

fn new_keys() -> MasterKeys {
    MasterKeys::random(&Entropy::from_os().unwrap())
}

fn with_keys(
    keys: MasterKeys,
    db: &PgPool,
    config: TodoistConfig,
    clock: &Arc<ManualClock>,
) -> Integrations {
    let entropy = Entropy::from_os().unwrap();
    let vault = Arc::new(Vault::new(keys, clock.clone(), entropy.clone()));
    let http = Http::new([&config.api_base].into_iter().collect()).unwrap();
    Integrations::new(db.clone(), vault, config, http, clock.clone(), entropy)
}

fn replica(db: &PgPool, double: &TodoistDouble, clock: &Arc<ManualClock>) -> Integrations {
    integrations(db, config(double), clock)
}

/// Waits for something that happens by itself, ten seconds at the most.
pub(crate) async fn until<F: Future<Output = bool>>(mut happened: impl FnMut() -> F) {
    for _ in 0..1_000 {
        if happened().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen");
}
