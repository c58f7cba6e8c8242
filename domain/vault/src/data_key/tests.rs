use kernel::Entropy;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const ANNA: UserId = UserId(Uuid::from_u128(1));
const BERT: UserId = UserId(Uuid::from_u128(2));

const ACCESS: Place<'static> =
    Place { table: "integrations.token", row: "todoist", field: "access" };

/// The key that this seed draws, in this person's hands.
fn key(user: UserId, seed: u64) -> DataKey {
    DataKey::new(user, Key::random(&Entropy::seeded(seed)), Entropy::seeded(7))
}

fn secret() -> SecretString {
    "a-token".into()
}

#[test]
fn opens_what_it_sealed() {
    let key = key(ANNA, 1);
    let blob = key.seal(ACCESS, &secret()).unwrap();
    let opened = key.open(ACCESS, &blob).unwrap();
    assert_eq!(opened.expose_secret(), "a-token");
    assert!(!blob.windows(7).any(|bytes| bytes == b"a-token"));
    assert_eq!(blob.len(), 1 + 24 + 7 + 16);
}

#[test]
fn seals_the_same_secret_differently_each_time() {
    let key = key(ANNA, 1);
    assert_ne!(key.seal(ACCESS, &secret()).unwrap(), key.seal(ACCESS, &secret()).unwrap());
}

#[test]
fn what_was_moved_does_not_open() {
    let blob = key(ANNA, 1).seal(ACCESS, &secret()).unwrap();
    let place = |table, row, field| Place { table, row, field };
    for (user, place) in [
        (BERT, ACCESS),
        (ANNA, Place { table: "advice.text", ..ACCESS }),
        (ANNA, Place { row: "calendar", ..ACCESS }),
        (ANNA, Place { field: "refresh", ..ACCESS }),
        // The same letters, parted elsewhere.
        (ANNA, place("integrations.token", "todois", "taccess")),
        (ANNA, place("integrations.tokentodoist", "", "access")),
        (ANNA, place("integrations.tokentodoistaccess", "", "")),
    ] {
        let opened = key(user, 1).open(place, &blob);
        assert!(matches!(opened, Err(VaultError::Damaged)), "{place:?}");
    }
}

#[test]
fn no_byte_can_be_changed_and_none_be_missing() {
    let key = key(ANNA, 1);
    let blob = key.seal(ACCESS, &secret()).unwrap();
    for at in 0..blob.len() {
        for bit in 0..8 {
            let mut changed = blob.clone();
            changed[at] ^= 1 << bit;
            assert!(key.open(ACCESS, &changed).is_err(), "byte {at}");
        }
        assert!(key.open(ACCESS, &blob[..at]).is_err(), "{at} bytes");
    }
}

#[test]
fn another_key_does_not_open() {
    let blob = key(ANNA, 1).seal(ACCESS, &secret()).unwrap();
    assert!(matches!(key(ANNA, 2).open(ACCESS, &blob), Err(VaultError::Damaged)));
}

#[test]
fn the_layout_of_before_is_none() {
    // version 1 · length of the key's id · key's id · nonce · ciphertext and tag
    let earlier = [&[1, 2][..], b"k1", &[7; 24], &[9; 23]].concat();
    assert!(matches!(key(ANNA, 1).open(ACCESS, &earlier), Err(VaultError::Malformed)));
}

#[test]
fn shows_no_key() {
    let shown = format!("{:?}", key(ANNA, 1));
    assert_eq!(shown, format!("DataKey {{ user: {ANNA:?}, .. }}"));
}

proptest! {
    #[test]
    fn every_text_comes_back(text in ".*", row in ".*") {
        let key = key(ANNA, 1);
        let place = Place { row: &row, ..ACCESS };
        let blob = key.seal(place, &text.clone().into()).unwrap();
        let opened = key.open(place, &blob).unwrap();
        prop_assert_eq!(opened.expose_secret(), text);
    }

    #[test]
    fn whatever_else_is_opened_is_an_error(
        version in prop_oneof![Just(VERSION), any::<u8>()],
        rest in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let blob = [&[version], &rest[..]].concat();
        prop_assert!(key(ANNA, 1).open(ACCESS, &blob).is_err());
        prop_assert!(key(ANNA, 1).open(ACCESS, &rest).is_err());
    }
}
