//! The life of a data key: made at the first seal, once; destroyed for good.

use kernel::{db, testing::somebody_waits};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use vault::{Place, Vault, VaultError};

use crate::support::{PATIENCE, PLACE, is_same, open, seal, shared, user, vault};

async fn data_keys(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from vault.data_key").fetch_one(db).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn each_person_has_one_data_key_and_it_opens_only_what_is_theirs(db: PgPool) {
    let vault = vault(&["k1"]);
    let (anna, bert) = (user(1), user(2));
    assert!(matches!(vault.key(&db, anna).await, Err(VaultError::NoDataKey)));

    let (hers, his) = (seal(&db, &vault, anna).await, seal(&db, &vault, bert).await);
    let again = seal(&db, &vault, anna).await;
    assert_eq!(data_keys(&db).await, 2);
    for (user, blob) in [(anna, &hers), (anna, &again), (bert, &his)] {
        open(&db, &vault, user, blob).await.unwrap();
    }
    assert!(matches!(open(&db, &vault, bert, &hers).await, Err(VaultError::Damaged)));

    // Nor do they when the rows of the data keys are exchanged.
    sqlx::query("update vault.data_key as own set wrapped = other.wrapped from vault.data_key as other where other.user_id <> own.user_id")
        .execute(&db)
        .await
        .unwrap();
    assert!(matches!(open(&db, &vault, anna, &hers).await, Err(VaultError::Damaged)));
    assert!(matches!(open(&db, &vault, anna, &his).await, Err(VaultError::Damaged)));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_data_key_is_made_with_what_is_sealed_or_not_at_all(db: PgPool) {
    let vault = vault(&["k1"]);
    let mut tx = db::begin(&db).await.unwrap();
    vault.key_or_new(&mut tx, user(1)).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(data_keys(&db).await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn who_seals_first_at_the_same_time_gets_the_same_key(db: PgPool) {
    let (one, other) = (vault(&["k1"]), shared(&["k1"]));
    let mut first = db::begin(&db).await.unwrap();
    let key = one.key_or_new(&mut first, user(1)).await.unwrap();

    // The second sees nothing of it yet, and waits.
    let second = tokio::spawn({
        let (db, other) = (db.clone(), other.clone());
        async move {
            let mut tx = db::begin(&db).await.unwrap();
            let key = other.key_or_new(&mut tx, user(1)).await.unwrap();
            tx.commit().await.unwrap();
            key
        }
    });
    assert!(somebody_waits(&db, PATIENCE).await.unwrap());
    first.commit().await.unwrap();
    assert!(is_same(&second.await.unwrap(), &key));
    assert_eq!(data_keys(&db).await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn who_seals_second_does_not_depend_on_the_first(db: PgPool) {
    let (one, other) = (vault(&["k1"]), shared(&["k1"]));
    let mut first = db::begin(&db).await.unwrap();
    let key = one.key_or_new(&mut first, user(1)).await.unwrap();
    let second = tokio::spawn({
        let (db, other) = (db.clone(), other.clone());
        async move { seal(&db, &other, user(1)).await }
    });
    assert!(somebody_waits(&db, PATIENCE).await.unwrap());
    first.rollback().await.unwrap();

    let blob = second.await.unwrap();
    open(&db, &one, user(1), &blob).await.unwrap();
    assert!(!is_same(&key, &one.key(&db, user(1)).await.unwrap()));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn what_was_sealed_with_a_destroyed_key_never_opens_again(db: PgPool) {
    let (one, replica) = (vault(&["k1"]), vault(&["k1"]));
    let (anna, bert) = (user(1), user(2));
    let (hers, his) = (seal(&db, &one, anna).await, seal(&db, &one, bert).await);
    open(&db, &replica, anna, &hers).await.unwrap();

    let mut tx = db::begin(&db).await.unwrap();
    Vault::destroy(&mut tx, anna).await.unwrap();
    tx.commit().await.unwrap();
    for vault in [&one, &replica] {
        assert!(matches!(open(&db, vault, anna, &hers).await, Err(VaultError::NoDataKey)));
        open(&db, vault, bert, &his).await.unwrap();
    }

    // A new key is another one.
    let new = seal(&db, &one, anna).await;
    open(&db, &replica, anna, &new).await.unwrap();
    assert!(matches!(open(&db, &replica, anna, &hers).await, Err(VaultError::Damaged)));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_data_key_is_replaced_only_when_it_does_not_unwrap_and_by_who_wants_it(db: PgPool) {
    let (old, new) = (vault(&["k1"]), vault(&["k2"]));
    let blob = seal(&db, &old, user(1)).await;
    let mut tx = db::begin(&db).await.unwrap();
    let refused = new.key_or_new(&mut tx, user(1)).await;
    assert!(matches!(refused, Err(VaultError::UnknownMasterKey)));
    old.key_or_replaced(&mut tx, user(1)).await.unwrap();
    tx.commit().await.unwrap();
    open(&db, &old, user(1), &blob).await.unwrap();

    let mut tx = db::begin(&db).await.unwrap();
    let key = new.key_or_replaced(&mut tx, user(1)).await.unwrap();
    let sealed = key.seal(PLACE, &"anew".into()).unwrap();
    tx.commit().await.unwrap();
    assert!(new.key(&db, user(1)).await.unwrap().open(PLACE, &sealed).is_ok());
    let both = vault(&["k2", "k1"]);
    assert!(matches!(open(&db, &both, user(1), &blob).await, Err(VaultError::Damaged)));
}

#[test]
fn what_is_sealed_for_the_house_needs_no_data_key_and_stays_in_its_place() {
    let (old, both, new) = (vault(&["old"]), vault(&["new", "old"]), vault(&["new"]));
    let sealed = old.seal_for_house(PLACE, &"a secret".into()).unwrap();
    assert!(sealed.starts_with("old:") && !sealed.contains("secret"));
    for vault in [&old, &both] {
        assert_eq!(vault.open_for_house(PLACE, &sealed).unwrap().expose_secret(), "a secret");
    }
    let lost = new.open_for_house(PLACE, &sealed);
    assert!(matches!(lost, Err(VaultError::UnknownMasterKey)));
    for elsewhere in [
        Place { table: "elsewhere", ..PLACE },
        Place { row: "elsewhere", ..PLACE },
        Place { field: "elsewhere", ..PLACE },
    ] {
        let moved = old.open_for_house(elsewhere, &sealed);
        assert!(matches!(moved, Err(VaultError::Damaged)), "{elsewhere:?}");
    }
    let renamed = sealed.replacen("old:", "new:", 1);
    assert!(matches!(both.open_for_house(PLACE, &renamed), Err(VaultError::Damaged)));
    for garbage in ["", "old", "old:", "old:!", "old:AAAA"] {
        assert!(old.open_for_house(PLACE, garbage).is_err(), "{garbage}");
    }
}
