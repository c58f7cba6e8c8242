//! What the page says of consents is what is documented.

use app::voice;

/// In one line, without the marks that make it bold or break it.
fn plain(text: &str) -> String {
    text.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_words_of_a_consent_are_the_same_everywhere() {
    let documented = plain(include_str!("../../docs/privacy.md"));
    for consent in profile::Consent::ALL {
        let (title, about) = voice::consent(consent.name());
        assert!(!title.is_empty() && !about.is_empty(), "{consent:?} has no words");
        let said = format!("{title}. {about}");
        assert!(documented.contains(&said), "docs/privacy.md does not say: {said}");
    }
}
