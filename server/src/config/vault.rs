//! The master keys of the vault, under which provider tokens are sealed.

use vault::MasterKeys;

use super::{Mode, reader::Reader};

const NAME: &str = "OO_VAULT_KEYS";

/// Keys that can be used. The demo makes its own when there are none, and whoever connects no Todoist and writes no
/// letters needs none.
pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Option<MasterKeys> {
    let has_todoist = reader.text("TODOIST_CLIENT_ID").is_some();
    let has_mail = reader.has_secret("OO_MAIL_URL");
    if !reader.has_secret(NAME) {
        if mode == Mode::Serve && (has_todoist || has_mail) {
            let what = "it is needed for Todoist, whose tokens are kept sealed, and for letters, since addresses are; \
                        `oo keys generate` makes one";
            reader.mistake(NAME, what);
        }
        return None;
    }
    match MasterKeys::parse(&reader.secret(NAME)?) {
        Ok(keys) => {
            if let Some(place) = keys.weak() {
                let what = format!(
                    "key {place} is weak: text, or a few bytes over and over; \
                     `oo keys generate` makes a random one"
                );
                reader.mistake(NAME, &what);
            }
            Some(keys)
        }
        Err(error) => {
            reader.mistake(NAME, &format!("{error}; `oo keys generate` makes one"));
            None
        }
    }
}
