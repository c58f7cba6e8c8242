//! What every test begins with.

use std::{sync::Arc, time::Duration};

use kernel::{Entropy, ManualClock, UserId};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use uuid::Uuid;
use vault::{DataKey, MasterKeys, Place, Vault, VaultError};

pub(crate) const PLACE: Place<'static> =
    Place { table: "integrations.token", row: "todoist", field: "access" };

/// For somebody to wait for a lock.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The person of this number.
pub(crate) fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

/// A process whose operator has configured these master keys, the first of them first. A key is drawn by
/// its name.
pub(crate) fn vault(names: &[&str]) -> Vault {
    let specs: Vec<String> = names.iter().map(|name| spec(name)).collect();
    let keys = MasterKeys::parse(&specs.join(",").into()).unwrap();
    let clock = ManualClock::at("2026-11-23T09:00:00Z".parse().unwrap());
    Vault::new(keys, clock, Entropy::from_os().unwrap())
}

fn spec(name: &str) -> String {
    let seed = name.bytes().fold(0, |seed, byte| seed * 256 + u64::from(byte));
    let generated = MasterKeys::generate(&Entropy::seeded(seed));
    let (_, key) = generated.expose_secret().split_once(':').unwrap();
    format!("{name}:{key}")
}

/// What is sealed for this person.
fn secret(user: UserId) -> SecretString {
    format!("a secret of {user}").into()
}

/// Seals something for a person, and commits.
pub(crate) async fn seal(db: &PgPool, vault: &Vault, user: UserId) -> Vec<u8> {
    let mut tx = kernel::db::begin(db).await.unwrap();
    let blob = vault.key_or_new(&mut tx, user).await.unwrap().seal(PLACE, &secret(user)).unwrap();
    tx.commit().await.unwrap();
    blob
}

/// Opens what [`seal`] sealed.
pub(crate) async fn open(
    db: &PgPool,
    vault: &Vault,
    user: UserId,
    blob: &[u8],
) -> Result<(), VaultError> {
    let opened = vault.key(db, user).await?.open(PLACE, blob)?;
    assert_eq!(opened.expose_secret(), secret(user).expose_secret());
    Ok(())
}

/// That the one opens what the other sealed.
pub(crate) fn is_same(one: &DataKey, other: &DataKey) -> bool {
    let blob = one.seal(PLACE, &"anything".into()).unwrap();
    other.open(PLACE, &blob).is_ok()
}

/// How many data keys each master key wraps.
pub(crate) async fn held(db: &PgPool, vault: &Vault) -> Vec<(String, u64)> {
    let status = vault.status(db).await.unwrap();
    status.into_iter().map(|held| (held.master_key_id, held.data_keys)).collect()
}

/// For tasks that run beside each other.
pub(crate) fn shared(names: &[&str]) -> Arc<Vault> {
    Arc::new(vault(names))
}
