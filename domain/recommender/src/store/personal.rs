//! What is kept of a person in the schema `recommender`.

use kernel::personal::{BY_USER_ID, Table, kept_back, told};

/// Its tables, children before parents.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "recommender.person",
        title: "turn",
        about: "A row that changes to your tips wait in line for. It holds nothing but your id.",
        whose: BY_USER_ID,
        order: "user_id",
        columns: &[],
    },
    Table {
        name: "recommender.reaction",
        title: "reactions",
        about: "How you answered tips.",
        whose: BY_USER_ID,
        order: "reaction_id",
        columns: &[
            told("reaction_id"),
            told("tip_id"),
            told("reaction"),
            told("snooze"),
            told("candidate"),
            told("due"),
            told("reward"),
            told("rests_until"),
            told("closes_task"),
            told("is_learned"),
            told("reacted_at"),
            told("undone_at"),
            kept_back(
                "idempotency_key",
                "a random number that keeps an answer from counting twice",
            ),
        ],
    },
    Table {
        name: "recommender.score",
        title: "choices",
        about: "What each policy would have chosen for a tip, and how probably; one of them served.",
        whose: BY_USER_ID,
        order: "tip_id, policy",
        columns: &[
            told("tip_id"),
            told("policy"),
            told("candidate"),
            told("arm"),
            told("propensity"),
            told("serves"),
        ],
    },
    Table {
        name: "recommender.snapshot",
        title: "grounds",
        about: "What a tip was chosen from: opaque ids of tasks, and numbers about them.",
        whose: BY_USER_ID,
        order: "tip_id",
        columns: &[
            told("tip_id"),
            told("snapshot"),
            kept_back("lessons", "your answers until then once more, as the policies read them"),
        ],
    },
    Table {
        name: "recommender.tip",
        title: "tips",
        about: "What was proposed to you. A task is named by an opaque id: its words are not kept.",
        whose: BY_USER_ID,
        order: "tip_id",
        columns: &[
            told("tip_id"),
            told("candidate"),
            told("arm"),
            told("state"),
            told("policy"),
            told("propensity"),
            told("features"),
            told("features_version"),
            told("reasons"),
            told("time_zone"),
            told("decided_at"),
            told("expires_at"),
        ],
    },
];
