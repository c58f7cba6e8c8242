//! From one master key to the next: while others seal and open, cut off, twice at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use kernel::{UserId, db, testing::somebody_waits};
use sqlx::PgPool;
use vault::{MasterKeyState, Rotated, Vault, VaultError};

use crate::support::{PATIENCE, held, open, seal, shared, user, vault};

/// More than two batches.
const PEOPLE: u128 = 250;

/// A sealed secret of each person.
async fn people(db: &PgPool, vault: &Vault) -> Vec<(UserId, Vec<u8>)> {
    let mut sealed = Vec::new();
    for number in 1..=PEOPLE {
        sealed.push((user(number), seal(db, vault, user(number)).await));
    }
    sealed
}

async fn all_open(db: &PgPool, vault: &Vault, sealed: &[(UserId, Vec<u8>)]) {
    for (user, blob) in sealed {
        open(db, vault, *user, blob).await.unwrap();
    }
}

fn counts<const N: usize>(counts: [(&str, u64); N]) -> Vec<(String, u64)> {
    counts.map(|(id, count)| (id.to_owned(), count)).into()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_rotation_moves_every_data_key_and_changes_no_secret(db: PgPool) {
    let (old, both, new) = (vault(&["k1"]), vault(&["k2", "k1"]), vault(&["k2"]));
    let sealed = people(&db, &old).await;
    let late = (user(1_000), seal(&db, &both, user(1_000)).await);
    assert_eq!(held(&db, &both).await, counts([("k2", 1), ("k1", 250)]));

    let mut told = Vec::new();
    let rotated = both.rotate(&db, |so_far| told.push(so_far.rewrapped)).await.unwrap();
    assert_eq!(rotated, Rotated { rewrapped: 250, damaged: 0 });
    assert_eq!(told, [100, 200, 250]);
    assert_eq!(held(&db, &both).await, counts([("k2", 251), ("k1", 0)]));

    all_open(&db, &new, &sealed).await;
    all_open(&db, &new, &[late]).await;
    let error = open(&db, &old, sealed[0].0, &sealed[0].1).await;
    assert!(matches!(error, Err(VaultError::UnknownMasterKey)));
    assert_eq!(both.rotate(&db, |_| {}).await.unwrap(), Rotated::default());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_rotation_that_is_cut_off_goes_on_where_it_was(db: PgPool) {
    let (old, both, new) = (vault(&["k1"]), shared(&["k2", "k1"]), vault(&["k2"]));
    let sealed = people(&db, &old).await;

    // In the second batch, somebody else holds a row.
    let mut holder = db::begin(&db).await.unwrap();
    sqlx::query("select * from vault.data_key where user_id = $1 for update")
        .bind(user(150))
        .execute(&mut *holder)
        .await
        .unwrap();
    let rotating = tokio::spawn({
        let (db, both) = (db.clone(), both.clone());
        async move { both.rotate(&db, |_| {}).await }
    });
    assert!(somebody_waits(&db, PATIENCE).await.unwrap());
    rotating.abort();
    assert!(rotating.await.unwrap_err().is_cancelled());
    holder.rollback().await.unwrap();

    assert_eq!(held(&db, &both).await, counts([("k2", 100), ("k1", 150)]));
    all_open(&db, &both, &sealed).await;
    let rotated = both.rotate(&db, |_| {}).await.unwrap();
    assert_eq!(rotated, Rotated { rewrapped: 150, damaged: 0 });
    all_open(&db, &new, &sealed).await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn two_rotations_at_once_do_the_work_once(db: PgPool) {
    let (old, both, new) = (vault(&["k1"]), vault(&["k2", "k1"]), vault(&["k2"]));
    let sealed = people(&db, &old).await;
    let (one, other) = tokio::join!(both.rotate(&db, |_| {}), both.rotate(&db, |_| {}));
    assert_eq!(one.unwrap().rewrapped + other.unwrap().rewrapped, 250);
    all_open(&db, &new, &sealed).await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_rotation_disturbs_nobody_who_seals_and_opens(db: PgPool) {
    let (old, both) = (shared(&["k1"]), shared(&["k2", "k1"]));
    let sealed = people(&db, &old).await;
    let rotated = Arc::new(AtomicBool::new(false));

    // Another server, which seals for people old and new.
    let serving = tokio::spawn({
        let (db, both, rotated) = (db.clone(), both.clone(), rotated.clone());
        async move {
            let mut new = Vec::new();
            while !rotated.load(Ordering::Relaxed) || new.is_empty() {
                let number = new.len() as u128;
                for user in [user(number % PEOPLE + 1), user(1_000 + number)] {
                    new.push((user, seal(&db, &both, user).await));
                }
                let (user, blob) = &sealed[new.len() % sealed.len()];
                open(&db, &both, *user, blob).await.unwrap();
            }
            (sealed, new)
        }
    });
    let done = both.rotate(&db, |_| {}).await.unwrap();
    rotated.store(true, Ordering::Relaxed);
    let (sealed, new) = serving.await.unwrap();

    assert_eq!(done, Rotated { rewrapped: 250, damaged: 0 });
    assert_eq!(held(&db, &both).await[1], ("k1".to_owned(), 0));
    let newest = vault(&["k2"]);
    all_open(&db, &newest, &sealed).await;
    all_open(&db, &newest, &new).await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn what_cannot_be_moved_is_left_and_told(db: PgPool) {
    let (lost, old, both) = (vault(&["k0"]), vault(&["k1"]), vault(&["k2", "k1"]));
    seal(&db, &lost, user(1)).await;
    let damaged = seal(&db, &old, user(2)).await;
    let good = seal(&db, &old, user(3)).await;
    sqlx::query("update vault.data_key set wrapped = wrapped || '\\x00' where user_id = $1")
        .bind(user(2))
        .execute(&db)
        .await
        .unwrap();

    let rotated = both.rotate(&db, |_| {}).await.unwrap();
    assert_eq!(rotated, Rotated { rewrapped: 1, damaged: 1 });
    let status = both.status(&db).await.unwrap();
    let states: Vec<_> = status
        .iter()
        .map(|held| (held.master_key_id.as_str(), held.data_keys, held.state))
        .collect();
    assert_eq!(
        states,
        [
            ("k2", 1, MasterKeyState::First),
            ("k1", 1, MasterKeyState::Wrong),
            ("k0", 1, MasterKeyState::Missing),
        ]
    );
    assert_eq!(both.forget(&db, "k1").await.unwrap(), None);
    assert_eq!(both.forget(&db, "k0").await.unwrap(), Some(1));
    assert_eq!(held(&db, &both).await, counts([("k2", 1), ("k1", 1)]));
    open(&db, &both, user(3), &good).await.unwrap();
    assert!(matches!(open(&db, &both, user(2), &damaged).await, Err(VaultError::Damaged)));
}
