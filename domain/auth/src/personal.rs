//! What is kept of a person in the schema `auth`.

use kernel::personal::{BY_USER_ID, Table, kept_back, told};

/// Its tables, children before parents.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "auth.flow",
        title: "visits",
        about: "Ways out to a provider that you have not come back from; they end after ten minutes.",
        whose: BY_USER_ID,
        order: "expires_at, state_hash",
        columns: &[
            told("purpose"),
            told("return_path"),
            told("expires_at"),
            kept_back("state_hash", "a fingerprint of a secret that is with the provider"),
            kept_back("browser_hash", "a fingerprint of a secret that is in your browser"),
            kept_back("nonce", "a secret of a sign-in under way"),
            kept_back("pkce_verifier", "a secret of a sign-in under way"),
        ],
    },
    Table {
        name: "auth.api_token",
        title: "tokens",
        about: "Tokens that you made for scripts, and what they may do.",
        whose: BY_USER_ID,
        order: "created_at, token_id",
        columns: &[
            told("token_id"),
            told("name"),
            told("scopes"),
            told("created_at"),
            told("last_used_at"),
            told("expires_at"),
            kept_back("token_hash", "a fingerprint of a secret that is with your script"),
        ],
    },
    Table {
        name: "auth.session",
        title: "devices",
        about: "Where you are signed in.",
        whose: BY_USER_ID,
        order: "signed_in_at, session_id",
        columns: &[
            told("session_id"),
            told("device"),
            told("signed_in_at"),
            told("last_seen_at"),
            told("expires_at"),
            kept_back("session_hash", "a fingerprint of the secret in your browser's cookie"),
        ],
    },
    Table {
        name: "auth.identity",
        title: "ways_in",
        about: "What you sign in with: who vouches for you, what you are called there, and a hint for you.",
        whose: BY_USER_ID,
        order: "linked_at, identity_id",
        columns: &[
            told("identity_id"),
            told("issuer"),
            told("subject"),
            told("hint"),
            told("linked_at"),
        ],
    },
    Table {
        name: "auth.user",
        title: "account",
        about: "Since when you are here, and whether you run this oO.",
        whose: BY_USER_ID,
        order: "user_id",
        columns: &[told("created_at"), told("is_owner")],
    },
];
