//! Personal tokens, against a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use auth::{
    identity::{Registration, VerifiedIdentity, sign_in_with},
    token::{Bearer, Life, MOST, Making, PREFIX, Scope, Scopes, Token, Tokens},
};
use chrono::TimeDelta;
use kernel::{Clock, Entropy, ManualClock, SharedEntropy, Timestamp, UserId};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

struct Bench {
    db: PgPool,
    clock: Arc<ManualClock>,
    entropy: SharedEntropy,
    tokens: Tokens,
}

impl Bench {
    fn new(db: PgPool) -> Self {
        let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        let entropy = Entropy::seeded(1);
        let tokens = Tokens::new(db.clone(), clock.clone(), entropy.clone());
        Self { db, clock, entropy, tokens }
    }

    async fn person(&self, subject: &str) -> UserId {
        let identity = VerifiedIdentity::new("https://id.example", subject).unwrap();
        let open = Registration { is_open: true, ..Registration::default() };
        sign_in_with(&self.db, &*self.clock, &self.entropy, &open, &identity).await.unwrap()
    }

    async fn making(&self, user: UserId, scopes: Scopes, life: Life) -> Making {
        self.tokens.make(user, &"the kitchen".parse().unwrap(), scopes, life).await.unwrap()
    }

    async fn made(&self, user: UserId) -> SecretString {
        match self.making(user, Scopes::ALL, Life::Month).await {
            Making::Made(text) => text,
            Making::TooMany => panic!("too many"),
        }
    }

    async fn find(&self, text: &SecretString) -> Option<Bearer> {
        self.tokens.find(text).await.unwrap()
    }

    async fn list(&self, user: UserId) -> Vec<Token> {
        self.tokens.list(user).await.unwrap()
    }

    async fn last_used_at(&self, user: UserId) -> Option<Timestamp> {
        self.list(user).await[0].last_used_at
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_speaks_for_its_person_within_its_scopes(db: PgPool) {
    let bench = Bench::new(db);
    let (ana, ben) = (bench.person("ana").await, bench.person("ben").await);
    let scopes = Scopes::new([Scope::TipRead, Scope::MeRead]).unwrap();
    let Making::Made(of_ana) = bench.making(ana, scopes, Life::Quarter).await else { panic!() };
    let of_ben = bench.made(ben).await;

    assert_eq!(bench.find(&of_ana).await, Some(Bearer { user: ana, scopes }));
    assert_eq!(bench.find(&of_ben).await, Some(Bearer { user: ben, scopes: Scopes::ALL }));
    let [token] = &bench.list(ana).await[..] else { panic!() };
    assert_eq!((token.name.as_str(), token.scopes), ("the kitchen", scopes));
    assert_eq!(token.expires_at, bench.clock.now() + TimeDelta::days(90));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_database_does_not_know_the_token(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.person("ana").await;
    let (text, other) = (bench.made(ana).await, bench.made(ana).await);
    let text = text.expose_secret();
    let random = text.strip_prefix(PREFIX).unwrap();
    assert_eq!((random.len(), PREFIX), (43, "oo_"), "256 bits, and a prefix to be found by");
    assert_ne!(text, other.expose_secret());

    let dump: String =
        sqlx::query_scalar("select string_agg(api_token::text, '') from auth.api_token")
            .fetch_one(&bench.db)
            .await
            .unwrap();
    let hex: String = sqlx::query_scalar("select encode(convert_to($1, 'utf8'), 'hex')")
        .bind(text)
        .fetch_one(&bench.db)
        .await
        .unwrap();
    for known in [text, random, &hex] {
        assert!(!dump.contains(known), "{dump}");
    }
    let told = format!("{:?} {:?}", bench.tokens, bench.making(ana, Scopes::ALL, Life::Year).await);
    assert!(!told.contains(PREFIX), "{told}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nothing_else_is_a_token(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.person("ana").await;
    let text = bench.made(ana).await.expose_secret().to_owned();
    let (hash, handle): (String, uuid::Uuid) =
        sqlx::query_as("select encode(token_hash, 'hex'), token_id from auth.api_token")
            .fetch_one(&bench.db)
            .await
            .unwrap();
    let mut changed = text.clone();
    let last = if text.ends_with('A') { "E" } else { "A" };
    changed.replace_range(text.len() - 1.., last);
    for forged in [
        "",
        PREFIX,
        &text[PREFIX.len()..],
        &text[..text.len() - 1],
        &text.to_uppercase(),
        &format!("{text}="),
        &format!(" {text}"),
        &changed,
        &hash,
        &format!("{PREFIX}{hash}"),
        &handle.to_string(),
        "' or true --",
        "\0",
    ] {
        assert_eq!(bench.find(&SecretString::from(forged)).await, None, "{forged}");
    }
    assert!(bench.find(&text.into()).await.is_some());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_ends_when_its_time_is_over(db: PgPool) {
    for life in Life::ALL {
        let bench = Bench::new(db.clone());
        let ana = bench.person("ana").await;
        let Making::Made(text) = bench.making(ana, Scopes::ALL, life).await else { panic!() };
        assert_eq!(Life::of_days(life.days()), Some(life));

        bench.clock.advance(TimeDelta::days(life.days().into()) - TimeDelta::microseconds(1));
        assert!(bench.find(&text).await.is_some());
        assert_eq!(bench.tokens.purge_expired().await.unwrap(), 0);
        bench.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(bench.find(&text).await, None);
        assert!(bench.list(ana).await.is_empty());
        assert_eq!(bench.tokens.purge_expired().await.unwrap(), 1);
    }
    assert_eq!(Life::of_days(36_500), None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_revoked_is_so_at_once_on_every_replica(db: PgPool) {
    let bench = Bench::new(db);
    let (ana, ben) = (bench.person("ana").await, bench.person("ben").await);
    let (first, second) = (bench.made(ana).await, bench.made(ana).await);
    let replica = Tokens::new(bench.db.clone(), bench.clock.clone(), Entropy::seeded(2));
    assert!(replica.find(&first).await.unwrap().is_some());
    let oldest = bench.list(ana).await[1].id;

    // Nobody else can, by handle.
    assert!(!bench.tokens.revoke(ben, oldest).await.unwrap());
    assert!(replica.find(&first).await.unwrap().is_some());

    assert!(bench.tokens.revoke(ana, oldest).await.unwrap());
    assert_eq!(replica.find(&first).await.unwrap(), None);
    assert!(replica.find(&second).await.unwrap().is_some());
    assert!(!bench.tokens.revoke(ana, oldest).await.unwrap(), "once");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_is_erased_has_no_tokens(db: PgPool) {
    let bench = Bench::new(db);
    let text = bench.made(bench.person("ana").await).await;
    sqlx::query("delete from auth.user").execute(&bench.db).await.unwrap();
    assert_eq!(bench.find(&text).await, None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_last_use_is_written_every_five_minutes_at_most(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.person("ana").await;
    let text = bench.made(ana).await;
    assert_eq!(bench.last_used_at(ana).await, None);
    let first = bench.clock.now();
    bench.find(&text).await;
    assert_eq!(bench.last_used_at(ana).await, Some(first));

    bench.clock.advance(TimeDelta::minutes(5) - TimeDelta::microseconds(1));
    bench.find(&text).await;
    assert_eq!(bench.last_used_at(ana).await, Some(first));

    bench.clock.advance(TimeDelta::microseconds(1));
    bench.find(&text).await;
    assert_eq!(bench.last_used_at(ana).await, Some(bench.clock.now()));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn there_are_twenty_at_most_however_many_are_made_at_once(db: PgPool) {
    let bench = Bench::new(db);
    let (ana, ben) = (bench.person("ana").await, bench.person("ben").await);
    for _ in 0..MOST - 1 {
        bench.made(ana).await;
    }
    let (one, two) = tokio::join!(
        bench.making(ana, Scopes::ALL, Life::Year),
        bench.making(ana, Scopes::ALL, Life::Year),
    );
    let made = [one, two].iter().filter(|it| matches!(it, Making::Made(_))).count();
    assert_eq!((made, bench.list(ana).await.len()), (1, MOST));
    bench.made(ben).await;

    // Those that have ended count no more.
    bench.clock.advance(TimeDelta::days(30));
    bench.made(ana).await;
    assert_eq!(bench.list(ana).await.len(), 2);
}
