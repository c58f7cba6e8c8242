use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const ANNA: UserId = UserId(Uuid::from_u128(1));
const BERT: UserId = UserId(Uuid::from_u128(2));

fn keys(spec: &str) -> MasterKeys {
    MasterKeys::parse(&spec.into()).unwrap()
}

fn spec(id: &str, bytes: impl AsRef<[u8]>) -> String {
    format!("{id}:{}", BASE64.encode(bytes))
}

/// The key that this seed draws.
fn random(id: &str, seed: u64) -> String {
    spec(id, Entropy::seeded(seed).bytes::<32>())
}

fn data_key() -> Key {
    Key::random(&Entropy::seeded(9))
}

#[test]
fn the_first_key_wraps_and_all_of_them_unwrap() {
    let entropy = Entropy::seeded(7);
    let old = keys(&random("k1", 1));
    let both = keys(&format!("{}, {}", random("k2", 2), random("k1", 1)));
    let new = keys(&random("k2", 2));

    let wrapped = old.wrap(&entropy, ANNA, &data_key()).unwrap();
    assert!(!wrapped.windows(32).any(|bytes| bytes == data_key().bytes()));
    assert_eq!(both.unwrap(ANNA, "k1", &wrapped).unwrap().bytes(), data_key().bytes());
    let unwrapped = new.unwrap(ANNA, "k1", &wrapped);
    assert!(matches!(unwrapped, Err(VaultError::UnknownMasterKey)));

    let wrapped = both.wrap(&entropy, ANNA, &data_key()).unwrap();
    assert_eq!(both.first_id(), "k2");
    assert_eq!(new.unwrap(ANNA, "k2", &wrapped).unwrap().bytes(), data_key().bytes());
}

#[test]
fn a_data_key_is_of_one_person_and_of_one_master_key() {
    let one =
        keys(&format!("{},{}", random("k1", 1), spec("same", Entropy::seeded(1).bytes::<32>())));
    let wrapped = one.wrap(&Entropy::seeded(7), ANNA, &data_key()).unwrap();
    for (user, id) in [(BERT, "k1"), (ANNA, "same")] {
        assert!(matches!(one.unwrap(user, id, &wrapped), Err(VaultError::Damaged)), "{id}");
    }
    let another = keys(&random("k1", 2)).unwrap(ANNA, "k1", &wrapped);
    assert!(matches!(another, Err(VaultError::Damaged)));

    for at in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(one.unwrap(ANNA, "k1", &changed).is_err(), "byte {at}");
        assert!(one.unwrap(ANNA, "k1", &wrapped[..at]).is_err(), "{at} bytes");
    }
}

#[test]
fn says_what_is_wrong_with_a_spec_and_not_what_is_in_it() {
    let error = |spec: &str| MasterKeys::parse(&spec.into()).unwrap_err();
    let good = random("k1", 1);

    assert_eq!(error(" "), KeySpecError::Empty);
    assert_eq!(error("nothing"), KeySpecError::Form(1));
    assert_eq!(error(&format!("{good},")), KeySpecError::Form(2));
    assert_eq!(error(&random("", 1)), KeySpecError::Id(1));
    assert_eq!(error(&random("ä", 1)), KeySpecError::Id(1));
    assert_eq!(error(&random(&"k".repeat(33), 1)), KeySpecError::Id(1));
    assert_eq!(error(&format!("{good},{good}")), KeySpecError::Twice(2));
    assert_eq!(error(&format!("{good},k2:*secret*")), KeySpecError::Base64(2));
    let short = spec("k", [1; 31]);
    assert_eq!(error(&short), KeySpecError::Length { place: 1, bytes: 31 });
    assert_eq!(error(&spec("k", [1; 33])), KeySpecError::Length { place: 1, bytes: 33 });
    let text = format!("{0} {0:?}", error(&short));
    assert!(!text.contains(&short[2..]));
}

#[test]
fn generates_keys_that_it_reads() {
    let entropy = Entropy::seeded(7);
    let (one, other) = (MasterKeys::generate(&entropy), MasterKeys::generate(&entropy));
    let (one, other) = (one.expose_secret(), other.expose_secret());
    let both = keys(&format!("{one},{other}"));
    assert_eq!(both.weak(), None);
    assert_eq!(both.ids().count(), 2);
    // Unpadded, as some write it.
    assert_eq!(keys(one.trim_end_matches('=')).first_id(), both.first_id());
}

#[test]
fn what_nobody_drew_at_random_is_weak() {
    let counting: Vec<u8> = (0..32).collect();
    let few: Vec<u8> = (0..32).map(|at| 0x80 + at % 19).collect();
    for (what, key) in [
        ("zeros", &[0; 32][..]),
        ("one byte", &[0xAB; 32]),
        ("a passphrase", b"correct horse battery staple, ok"),
        ("hexadecimal digits", b"9f86d081884c7d659a2feaa0c55ad015"),
        ("counting", &counting),
        ("19 different bytes", &few),
    ] {
        assert_eq!(keys(&spec("k", key)).weak(), Some(1), "{what}");
        let behind = format!("{},{}", random("k1", 1), spec("k", key));
        assert_eq!(keys(&behind).weak(), Some(2), "{what}");
    }
    for seed in 0..1_000 {
        assert_eq!(keys(&random("k", seed)).weak(), None, "{seed}");
    }
}

#[test]
fn shows_no_key() {
    let spec = spec("k1", [0xAB; 32]);
    let shown = format!("{:?}", keys(&spec));
    assert!(shown.contains("k1"));
    assert!(!shown.contains(&spec[3..20]) && !shown.contains("171"), "{shown}");
}

proptest! {
    #[test]
    fn whatever_is_parsed_is_parsed_or_an_error(spec in ".*|[a-z]{1,3}:[A-Za-z0-9+/]{42,44}=?") {
        let _ = MasterKeys::parse(&spec.into());
    }

    #[test]
    fn whatever_else_is_unwrapped_is_an_error(
        version in prop_oneof![Just(VERSION), any::<u8>()],
        rest in proptest::collection::vec(any::<u8>(), 0..200),
        id in "k1|.*",
    ) {
        let keys = keys(&random("k1", 1));
        let wrapped = [&[version], &rest[..]].concat();
        prop_assert!(keys.unwrap(ANNA, &id, &wrapped).is_err());
        prop_assert!(keys.unwrap(ANNA, &id, &rest).is_err());
    }
}
