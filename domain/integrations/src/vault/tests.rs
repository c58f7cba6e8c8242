use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::*;

const ANNA: UserId = UserId(Uuid::from_u128(1));
const BERT: UserId = UserId(Uuid::from_u128(2));

fn vault(spec: &str) -> Vault {
    Vault::from_keys(&spec.into(), Entropy::seeded(7)).unwrap()
}

fn spec(id: &str, byte: u8) -> String {
    format!("{id}:{}", BASE64.encode([byte; 32]))
}

fn secret() -> SecretString {
    "a-token".into()
}

#[test]
fn opens_what_it_sealed() {
    let vault = vault(&spec("k1", 1));
    let blob = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    let opened = vault.open(ANNA, "todoist", "access", &blob).unwrap();
    assert_eq!(opened.expose_secret(), "a-token");
    assert!(!blob.windows(7).any(|bytes| bytes == b"a-token"));
}

#[test]
fn seals_the_same_secret_differently_each_time() {
    let vault = vault(&spec("k1", 1));
    let one = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    let other = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    assert_ne!(one, other);
}

#[test]
fn what_was_moved_does_not_open() {
    let vault = vault(&spec("k1", 1));
    let blob = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    for (user, provider, field) in [
        (BERT, "todoist", "access"),
        (ANNA, "calendar", "access"),
        (ANNA, "todoist", "refresh"),
        // The same letters, parted elsewhere.
        (ANNA, "todois", "taccess"),
        (ANNA, "todoistaccess", ""),
    ] {
        let opened = vault.open(user, provider, field, &blob);
        assert_eq!(opened.unwrap_err(), VaultError::Damaged, "{provider} {field}");
    }
}

#[test]
fn no_byte_can_be_changed_and_none_be_missing() {
    let vault = vault(&format!("{},{}", spec("k1", 1), spec("k2", 2)));
    let blob = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    for at in 0..blob.len() {
        for bit in 0..8 {
            let mut changed = blob.clone();
            changed[at] ^= 1 << bit;
            assert!(vault.open(ANNA, "todoist", "access", &changed).is_err(), "byte {at}");
        }
        assert!(vault.open(ANNA, "todoist", "access", &blob[..at]).is_err(), "{at} bytes");
    }
}

#[test]
fn keys_rotate() {
    let old = vault(&spec("k1", 1));
    let both = vault(&format!("{}, {}", spec("k2", 2), spec("k1", 1)));
    let new = vault(&spec("k2", 2));

    let blob = old.seal(ANNA, "todoist", "access", &secret()).unwrap();
    assert!(both.open(ANNA, "todoist", "access", &blob).is_ok());
    let opened = new.open(ANNA, "todoist", "access", &blob);
    assert_eq!(opened.unwrap_err(), VaultError::UnknownKey);

    let blob = both.seal(ANNA, "todoist", "access", &secret()).unwrap();
    assert!(new.open(ANNA, "todoist", "access", &blob).is_ok());
}

#[test]
fn another_key_of_the_same_id_does_not_open() {
    let blob = vault(&spec("k1", 1)).seal(ANNA, "todoist", "access", &secret()).unwrap();
    let opened = vault(&spec("k1", 2)).open(ANNA, "todoist", "access", &blob);
    assert_eq!(opened.unwrap_err(), VaultError::Damaged);
}

#[test]
fn says_what_is_wrong_with_a_spec_and_not_what_is_in_it() {
    let error = |spec: &str| Vault::from_keys(&spec.into(), Entropy::seeded(7)).unwrap_err();
    let good = spec("k1", 1);

    assert_eq!(error(" "), KeySpecError::Empty);
    assert_eq!(error("nothing"), KeySpecError::Form(1));
    assert_eq!(error(&format!("{good},")), KeySpecError::Form(2));
    assert_eq!(error(&spec("", 1)), KeySpecError::Id(1));
    assert_eq!(error(&spec("ä", 1)), KeySpecError::Id(1));
    assert_eq!(error(&format!("{good},{good}")), KeySpecError::Twice(2));
    assert_eq!(error(&format!("{good},k2:*secret*")), KeySpecError::Base64(2));
    let short = BASE64.encode([1; 31]);
    assert_eq!(error(&format!("k:{short}")), KeySpecError::Length { place: 1, bytes: 31 });
    let long = BASE64.encode([1; 33]);
    assert_eq!(error(&format!("k:{long}")), KeySpecError::Length { place: 1, bytes: 33 });
    let text = format!("{0} {0:?}", error(&format!("k:{short}")));
    assert!(!text.contains(&short));
}

#[test]
fn generates_keys_that_it_reads() {
    let entropy = Entropy::seeded(7);
    let (one, other) = (Vault::generate_key(&entropy), Vault::generate_key(&entropy));
    assert_ne!(one, other);
    let vault = vault(&format!("{one},{other}"));
    let blob = vault.seal(ANNA, "todoist", "access", &secret()).unwrap();
    assert!(vault.open(ANNA, "todoist", "access", &blob).is_ok());
    // Unpadded, as some write it.
    assert!(Vault::from_keys(&one.trim_end_matches('=').into(), Entropy::seeded(7)).is_ok());
}

#[test]
fn shows_no_key() {
    let spec = spec("k1", 0xAB);
    let shown = format!("{:?}", vault(&spec));
    assert!(shown.contains("k1"));
    assert!(!shown.contains(&spec[3..20]) && !shown.contains("171"), "{shown}");
}
