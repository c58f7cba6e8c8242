//! `oo keys`, as an operator meets it: from one master key to the next, with a kill in the middle.

use std::{process::Output, sync::Arc, time::Duration};

use kernel::{Entropy, SystemClock, UserId, db, testing::somebody_waits};
use secrecy::{ExposeSecret, SecretString};
use server::{
    Application,
    config::{Config, Mode},
};
use sqlx::PgPool;
use uuid::Uuid;
use vault::{MasterKeys, Place, Vault};

use crate::{
    binary::{oo, told},
    house::{House, database_url},
};

/// Some batches of data keys.
const PEOPLE: u128 = 350;

const PLACE: Place<'static> =
    Place { table: "integrations.token", row: "todoist", field: "access" };

/// Two master keys as texts, with their ids in front.
struct Keys {
    old: String,
    new: String,
}

impl Keys {
    fn new() -> Self {
        let entropy = Entropy::from_os().unwrap();
        let key = |id| {
            let key = MasterKeys::generate(&entropy);
            format!("{id}:{}", key.expose_secret().split_once(':').unwrap().1)
        };
        Self { old: key("old"), new: key("new") }
    }

    fn both(&self) -> String {
        format!("{},{}", self.new, self.old)
    }
}

fn vault(keys: &str) -> Vault {
    let keys = MasterKeys::parse(&keys.into()).unwrap();
    Vault::new(keys, Arc::new(SystemClock), Entropy::from_os().unwrap())
}

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn secret(user: UserId) -> SecretString {
    format!("a secret of {user}").into()
}

async fn seal(db: &PgPool, vault: &Vault, user: UserId) -> Vec<u8> {
    let mut tx = db::begin(db).await.unwrap();
    sqlx::query(
        "insert into auth.user (user_id, created_at) values ($1, now()) on conflict do nothing",
    )
    .bind(user.uuid())
    .execute(&mut *tx)
    .await
    .unwrap();
    let blob = vault.key_or_new(&mut tx, user).await.unwrap().seal(PLACE, &secret(user)).unwrap();
    tx.commit().await.unwrap();
    blob
}

async fn all_open(db: &PgPool, vault: &Vault, sealed: &[(UserId, Vec<u8>)]) {
    for (user, blob) in sealed {
        let opened = vault.key(db, *user).await.unwrap().open(PLACE, blob).unwrap();
        assert_eq!(opened.expose_secret(), secret(*user).expose_secret());
    }
}

/// How many data keys a master key wraps.
async fn held(db: &PgPool, id: &str) -> i64 {
    sqlx::query_scalar("select count(*) from vault.data_key where master_key_id = $1")
        .bind(id)
        .fetch_one(db)
        .await
        .unwrap()
}

/// `oo keys …` with these master keys.
async fn keys(db: &PgPool, arguments: &[&str], keys: &str) -> Output {
    let url = database_url(db);
    let variables = [("DATABASE_URL", url.as_str()), ("OO_VAULT_KEYS", keys)];
    oo(&[&["keys"], arguments].concat(), &variables).output().await.unwrap()
}

fn answer(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_key_is_generated_whatever_is_configured() {
    let output = oo(&["keys", "generate"], &[("OO_POLICY", "hopeful")]).output().await.unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let key = answer(&output);
    assert_eq!(key.lines().count(), 1);
    assert_eq!(MasterKeys::parse(&key.clone().into()).unwrap().weak(), None);
    let how_to = told(&output);
    assert!(how_to.contains("OO_VAULT_KEYS") && how_to.contains("oo keys rotate"), "{how_to}");
    assert!(!how_to.contains(key.trim()));

    let other = oo(&["keys", "generate", "vault"], &[]).output().await.unwrap();
    assert!(MasterKeys::parse(&answer(&other).into()).is_ok());
    assert_ne!(answer(&other), key);
}

#[tokio::test]
async fn a_key_for_notes_is_generated_too() {
    let output = oo(&["keys", "generate", "push"], &[]).output().await.unwrap();
    let key = answer(&output);
    assert_eq!(key.lines().count(), 1);
    assert!(notifier::push::Key::parse(&key.clone().into()).is_ok());
    let how_to = told(&output);
    assert!(how_to.contains("OO_PUSH_KEY") && how_to.contains("OO_PUSH_CONTACT"), "{how_to}");
    assert!(!how_to.contains(key.trim()));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_rotation_that_is_killed_loses_nothing_and_goes_on(db: PgPool) {
    let all = Keys::new();
    let (old, both, new) = (vault(&all.old), vault(&all.both()), vault(&all.new));
    let mut sealed = Vec::new();
    for number in 1..=PEOPLE {
        sealed.push((user(number), seal(&db, &old, user(number)).await));
    }

    // The rotation is held up in its second batch, and killed there.
    let mut holder = db::begin(&db).await.unwrap();
    sqlx::query("select * from vault.data_key where user_id = $1 for update")
        .bind(user(150))
        .execute(&mut *holder)
        .await
        .unwrap();
    let (url, spec) = (database_url(&db), all.both());
    let variables = [("DATABASE_URL", url.as_str()), ("OO_VAULT_KEYS", spec.as_str())];
    let mut rotating = oo(&["keys", "rotate"], &variables).spawn().unwrap();
    // A binary has to start.
    assert!(somebody_waits(&db, Duration::from_mins(1)).await.unwrap());
    rotating.kill().await.unwrap();
    holder.rollback().await.unwrap();

    let done = held(&db, "new").await;
    assert!(done > 0 && done < 350, "{done}");
    assert_eq!(done + held(&db, "old").await, 350);
    all_open(&db, &both, &sealed).await;
    sealed.push((user(1_000), seal(&db, &both, user(1_000)).await));
    let status = keys(&db, &["status"], &all.both()).await;
    assert!(status.status.success(), "{}", told(&status));
    let table = answer(&status);
    assert!(table.contains(&format!("{}  wraps new ones", done + 1)), "{table}");
    assert!(table.contains(&format!("{}  `oo keys rotate`", 350 - done)), "{table}");
    // The old key is still needed.
    refused(&db, &all.new).await;

    let rotated = keys(&db, &["rotate"], &all.both()).await;
    assert!(rotated.status.success(), "{}", told(&rotated));
    let text = answer(&rotated);
    assert!(
        text.contains(&format!("Wrapped anew, by new: {0} of {0} data keys", 350 - done)),
        "{text}"
    );
    assert!(told(&rotated).contains("100 %"), "{}", told(&rotated));
    assert_eq!((held(&db, "new").await, held(&db, "old").await), (351, 0));
    all_open(&db, &new, &sealed).await;

    let again = keys(&db, &["rotate"], &all.both()).await;
    assert!(again.status.success());
    assert!(answer(&again).contains("by new: 0 of 0 data keys"), "{}", answer(&again));
    let variables = [("OO_VAULT_KEYS", all.new.as_str())];
    House::start(Mode::Serve, &db, &variables).await.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_master_key_that_is_missing_stops_the_start(db: PgPool) {
    let (all, others) = (Keys::new(), Keys::new());
    seal(&db, &vault(&all.old), user(1)).await;
    seal(&db, &vault(&all.new), user(2)).await;
    House::start(Mode::Serve, &db, &[("OO_VAULT_KEYS", &all.both())]).await.stop().await;

    let told = refused(&db, &all.new).await;
    assert!(told.contains("old is not configured, and wraps data keys (1)"), "{told}");
    let told = refused(&db, &format!("{},{}", all.new, others.old)).await;
    assert!(told.contains("old is another key than the one that wraps data keys (1)"), "{told}");
    let rotated = keys(&db, &["rotate"], &all.new).await;
    assert_eq!(rotated.status.code(), Some(1));
    let told = crate::binary::told(&rotated);
    assert!(told.contains("1 by old, and it is not configured"), "{told}");

    // A new key under an old id: two keys of one name are never mixed.
    let mixed = keys(&db, &["rotate"], &format!("{},{}", others.old, all.new)).await;
    assert_eq!(mixed.status.code(), Some(1));
    let told = crate::binary::told(&mixed);
    assert!(told.contains("old is another key"), "{told}");
    assert_eq!((held(&db, "old").await, held(&db, "new").await), (1, 1));

    // The operator gives it up.
    let refused = keys(&db, &["forget", "old"], &all.both()).await;
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(held(&db, "old").await, 1);
    let forgotten = keys(&db, &["forget", "old"], &all.new).await;
    assert!(forgotten.status.success());
    assert_eq!((held(&db, "old").await, held(&db, "new").await), (0, 1));
    House::start(Mode::Serve, &db, &[("OO_VAULT_KEYS", &all.new)]).await.stop().await;
}

/// What a start with these master keys fails with.
async fn refused(db: &PgPool, keys: &str) -> String {
    let url = database_url(db);
    let look_up = |name: &str| match name {
        "LEPTOS_SITE_ADDR" => Some("127.0.0.1:0".to_owned()),
        "DATABASE_URL" => Some(url.clone()),
        "OO_VAULT_KEYS" => Some(keys.to_owned()),
        _ => None,
    };
    let config = Config::read(Mode::Serve, None, &look_up).unwrap();
    Application::build(config).await.err().unwrap().to_string()
}

#[sqlx::test]
async fn what_is_missing_is_told(db: PgPool) {
    let all = Keys::new();
    for command in ["status", "rotate"] {
        let output = keys(&db, &[command], "").await;
        assert_eq!(output.status.code(), Some(1));
        assert!(told(&output).contains("OO_VAULT_KEYS is not set"), "{}", told(&output));
        // Neither makes tables: an older oO may be serving.
        let output = keys(&db, &[command], &all.both()).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(told(&output).contains("run `oo migrate`"), "{}", told(&output));
    }
}
