//! What every test begins with: a house, and people of whom everything is kept that can be.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use auth::identity::{self, Registration, VerifiedIdentity};
use chrono::TimeDelta;
use futures::TryStreamExt;
use integrations::{Access, Integrations, TodoistConfig, Tokens};
use kernel::{
    Clock, Entropy, ManualClock, SharedEntropy, SystemClock, Timestamp, UserId, http::Http,
};
use privacy::{Ledger, Privacy};
use secrecy::SecretString;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble};
use url::Url;
use vault::{MasterKeys, Vault};

/// Of all processes.
static KEYS: LazyLock<MasterKeys> =
    LazyLock::new(|| MasterKeys::random(&Entropy::from_os().unwrap()));

pub(crate) struct House {
    pub(crate) db: PgPool,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) entropy: SharedEntropy,
    pub(crate) double: TodoistDouble,
    pub(crate) integrations: Integrations,
    pub(crate) vault: Arc<Vault>,
    pub(crate) privacy: Privacy,
    folder: PathBuf,
}

impl House {
    /// The clock stands at the present.
    pub(crate) async fn new(db: PgPool) -> Self {
        integrations::jobs::migrate_jobs(&db).await.unwrap();
        let clock = ManualClock::at(SystemClock.now());
        let entropy = Entropy::from_os().unwrap();
        let double =
            TodoistDouble::start("127.0.0.1:0".parse().unwrap(), clock.clone()).await.unwrap();
        let origin = Url::parse(&double.base_url()).unwrap();
        let config = TodoistConfig::at(&origin, CLIENT_ID, CLIENT_SECRET.into()).unwrap();
        let vault = Arc::new(Vault::new(KEYS.clone(), clock.clone(), entropy.clone()));
        let http = Http::new([&origin].into_iter().collect()).unwrap();
        let (time, chance) = (clock.clone(), entropy.clone());
        let integrations = Integrations::new(db.clone(), vault.clone(), config, http, time, chance);
        let folder = std::env::temp_dir().join(db.connect_options().get_database().unwrap());
        let _ = std::fs::remove_dir_all(&folder);
        let ledger = Ledger::at(folder.join("erasures"));
        let privacy =
            Privacy::new(db.clone(), integrations.clone(), vault.clone(), clock.clone(), ledger);
        Self { db, clock, entropy, double, integrations, vault, privacy, folder }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The file of the ledger.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("erasures")
    }

    /// Somebody who has signed in, and nothing else.
    pub(crate) async fn stranger(&self, name: &str) -> UserId {
        let identity = VerifiedIdentity::new("https://issuer.test", name).unwrap();
        let identity = identity.with_email(&format!("{name}@example.org"));
        let open = Registration { is_open: true, ..Registration::default() };
        identity::sign_in_with(&self.db, &*self.clock, &self.entropy, &open, &identity)
            .await
            .unwrap()
    }

    /// Somebody who has connected Todoist, of whom there is a row in every table, with a value in every column.
    pub(crate) async fn person(&self, name: &str) -> UserId {
        let user = self.stranger(name).await;
        self.connect(user).await;
        let fill = include_str!("everything.sql");
        for statement in fill.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            sqlx::query(AssertSqlSafe(statement))
                .bind(user.uuid())
                .bind(self.clock.now())
                .execute(&self.db)
                .await
                .unwrap_or_else(|error| panic!("{error}: {statement}"));
        }
        let mut tx = kernel::db::begin(&self.db).await.unwrap();
        for payload in payloads() {
            let at = self.clock.now();
            events::append(&mut tx, &self.entropy, user, at, &payload).await.unwrap();
        }
        integrations::jobs::enqueue_close(&mut tx, user, "task1", TimeDelta::hours(1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        user
    }

    /// Connects Todoist, and tells the tokens.
    pub(crate) async fn connect(&self, user: UserId) -> Tokens {
        let granted = self.double.handle().grant(&self.double.handle().account());
        let tokens = Tokens {
            access: granted.access_token.into(),
            refresh: granted.refresh_token.map(SecretString::from),
            expires_at: Some(self.clock.now() + TimeDelta::seconds(granted.expires_in)),
            scope: Access::ReadWrite,
        };
        self.integrations.connect_with_tokens(user, tokens.clone()).await.unwrap();
        tokens
    }

    /// Connects Todoist, if there is still such a person.
    pub(crate) async fn connect_if_here(&self, user: UserId) -> bool {
        let granted = self.double.handle().grant(&self.double.handle().account());
        let tokens = Tokens {
            access: granted.access_token.into(),
            refresh: None,
            expires_at: None,
            scope: Access::ReadWrite,
        };
        self.integrations.connect_with_tokens(user, tokens).await.is_ok()
    }

    /// The export of somebody.
    pub(crate) async fn export(&self, user: UserId) -> Value {
        let chunks = self.privacy.export(user).await.unwrap();
        let document: Vec<u8> = chunks.try_concat().await.unwrap();
        serde_json::from_slice(&document).unwrap()
    }

    /// How many rows there are in all tables that hold anything of a person: theirs, by the id that is in any column.
    pub(crate) async fn rows_of(&self, user: UserId) -> BTreeMap<String, i64> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select quote_ident(table_schema) || '.' || quote_ident(table_name)
             from information_schema.tables
             where table_type = 'BASE TABLE'
               and table_schema not in ('pg_catalog', 'information_schema')",
        )
        .fetch_all(&self.db)
        .await
        .unwrap();
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = format!("select count(*) from {table} it where strpos(it::text, $1) > 0");
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(count))
                .bind(user.to_string())
                .fetch_one(&self.db)
                .await
                .unwrap();
            if count > 0 {
                rows.insert(table, count);
            }
        }
        rows
    }

    /// Somebody's rows as SQL would have them, in the order of the catalogue.
    pub(crate) async fn dump_of(&self, user: UserId) -> Vec<String> {
        let mut dump = Vec::new();
        for table in privacy::tables() {
            let rows = format!(
                "select it::text from {} it where {} order by it::text",
                table.name, table.whose,
            );
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                .bind(user.uuid())
                .fetch_all(&self.db)
                .await
                .unwrap();
            dump.extend(rows.into_iter().map(|row| format!("{}: {row}", table.name)));
        }
        dump
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An event of each kind.
pub(crate) fn payloads() -> Vec<events::Payload> {
    use events::{Payload, v1};

    let id = || "canary-event-tip".to_owned();
    vec![
        Payload::TipDecided(v1::TipDecided {
            tip_id: id(),
            candidate: "todoist:canary-event-candidate".into(),
            arm: "canary-event-arm".into(),
            policy: "canary-event-policy".into(),
            propensity: 0.515_625,
            candidates: 7_919,
            expires_at_micros: 1_800_000_000_000_000,
        }),
        Payload::TipReacted(v1::TipReacted {
            tip_id: id(),
            reaction_id: "canary-event-reaction".into(),
            reaction: v1::Reaction::Snooze.into(),
            reward: 0.265_625,
            rests_until_micros: Some(1_800_000_001_000_000),
            closes_task: true,
        }),
        Payload::ReactionUndone(v1::ReactionUndone {
            tip_id: id(),
            reaction_id: "canary-event-undone".into(),
        }),
        Payload::TipLapsed(v1::TipLapsed {
            tip_id: id(),
            cause: v1::tip_lapsed::Cause::TaskGone.into(),
        }),
        Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:canary-event-closed".into() }),
        Payload::TaskReopened(v1::TaskReopened {
            candidate: "todoist:canary-event-reopened".into(),
        }),
    ]
}
