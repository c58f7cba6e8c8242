//! The keys that seal provider tokens.

use integrations::Vault;
use kernel::Entropy;
use secrecy::SecretString;

use super::{Mode, reader::Reader};

const NAME: &str = "OO_VAULT_KEYS";

/// Keys that can be used. The demo makes its own when there are none, and whoever connects no Todoist
/// needs none.
pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Option<SecretString> {
    let keys = reader.secret(NAME);
    match &keys {
        Some(keys) => {
            // Nothing is sealed with this vault: it only tells whether the keys can be read.
            if let Err(error) = Vault::from_keys(keys, Entropy::seeded(0)) {
                let what = format!("{error}; make one by: echo \"k1:$(openssl rand -base64 32)\"");
                reader.mistake(NAME, &what);
            }
        }
        None if mode == Mode::Serve && reader.text("TODOIST_CLIENT_ID").is_some() => {
            let what = "it is needed for Todoist, whose tokens are kept sealed; make one by: \
                        echo \"k1:$(openssl rand -base64 32)\"";
            reader.mistake(NAME, what);
        }
        None => {}
    }
    keys
}
