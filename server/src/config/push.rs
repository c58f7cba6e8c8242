//! Notes to browsers: what oO signs with, and who carries them.

use notifier::push::{Contact, Key, PushConfig, Services};

use super::reader::Reader;

const KEY: &str = "OO_PUSH_KEY";
const CONTACT: &str = "OO_PUSH_CONTACT";

/// What is needed to send; `None`: nobody gets notes.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<PushConfig> {
    let expected = "hosts with commas between, such as push.example.org, 10.0.0.7:8080";
    let services: Option<Services> = reader.parse("OO_PUSH_HOSTS", expected);
    let has_contact = reader.text(CONTACT).is_some();
    let expected = "an address such as mailto:ana@example.org or https://example.org/contact";
    let contact: Option<Contact> = reader.parse(CONTACT, expected);
    if !reader.has_secret(KEY) {
        if has_contact {
            let what =
                format!("it is not set, and {CONTACT} is; `oo keys generate push` makes one");
            reader.mistake(KEY, &what);
        }
        return None;
    }
    if !has_contact {
        let what = format!(
            "it is not set, and {KEY} is: push services want to know whom to turn to, \
             such as mailto:ana@example.org"
        );
        reader.mistake(CONTACT, &what);
    }
    match Key::parse(&reader.secret(KEY)?) {
        Ok(key) => {
            Some(PushConfig { key, contact: contact?, services: services.unwrap_or_default() })
        }
        Err(error) => {
            reader.mistake(KEY, &format!("{error}; `oo keys generate push` makes one"));
            None
        }
    }
}
