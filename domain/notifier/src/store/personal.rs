//! What is kept of a person in the schema `notifier`.

use kernel::personal::{BY_USER_ID, Table, kept_back, sealed, told};

/// Its tables, children before parents.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "notifier.delivery",
        title: "notifications_sent",
        about: "Where a word of oO's was sent, to a device or your mailbox, and what came of it.",
        whose: BY_USER_ID,
        order: "slot, subscription_id",
        columns: &[
            told("slot"),
            told("subscription_id"),
            told("state"),
            told("attempts"),
            told("next_at"),
        ],
    },
    Table {
        name: "notifier.decision",
        title: "thoughts_of_speaking_up",
        about: "When oO thought of speaking up, whether it did, and why not.",
        whose: BY_USER_ID,
        order: "slot",
        columns: &[
            told("slot"),
            told("decided_at"),
            told("verdict"),
            told("probability"),
            told("tip_id"),
            told("rhythm"),
            told("moment"),
            told("shadows"),
            told("outcome"),
        ],
    },
    Table {
        name: "notifier.belief",
        title: "good_moments",
        about: "What oO has learned about when it is good to speak to you, in numbers.",
        whose: BY_USER_ID,
        order: "learned_at",
        columns: &[told("belief"), told("learned_at")],
    },
    Table {
        name: "notifier.watch",
        title: "next_thought_of_speaking_up",
        about: "When oO thinks of speaking up next, and when you last had it open.",
        whose: BY_USER_ID,
        order: "next_at",
        columns: &[told("next_at"), told("here_at")],
    },
    Table {
        name: "notifier.subscription",
        title: "where_oo_speaks_up",
        about: "The browsers that you allowed to show notifications, and the mailbox that you named.",
        whose: BY_USER_ID,
        order: "subscription_id",
        columns: &[
            told("subscription_id"),
            kept_back("endpoint", "a fingerprint of where the browser is reached"),
            kept_back("reach", "where the browser is reached, sealed: it lets others write to it"),
            told("name"),
            told("made_at"),
            told("seen_at"),
            told("channel"),
            told("rhythm"),
            told("confirmed_at"),
            sealed("address", "subscription_id"),
            told("session_id"),
        ],
    },
];
