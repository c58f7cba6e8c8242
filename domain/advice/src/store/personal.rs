//! What is kept of a person in the schema `advice`.

use kernel::personal::{BY_USER_ID, Table, kept_back, sealed, told};

/// Its tables, children before parents.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "advice.idea",
        title: "ideas",
        about: "What a language model wrote for you: its words for a day, and for a month by what it is known again.",
        whose: BY_USER_ID,
        order: "idea_id",
        columns: &[
            told("idea_id"),
            told("kind"),
            told("task"),
            told("part"),
            told("minutes"),
            told("length"),
            sealed("words", "idea_id"),
            kept_back("sketch", "sealed numbers, by which the same is not shown to you twice"),
            told("prompt_version"),
            told("model"),
            told("latency_ms"),
            told("prompt_tokens"),
            told("completion_tokens"),
            told("made_at"),
            told("expires_at"),
            told("shown_at"),
            told("is_remembered"),
        ],
    },
    Table {
        name: "advice.spent",
        title: "questions_to_the_model",
        about: "How often the language model was asked for you on a day, and what that cost in tokens.",
        whose: BY_USER_ID,
        order: "day",
        columns: &[told("day"), told("calls"), told("tokens")],
    },
    Table {
        name: "advice.wish",
        title: "last_question_to_the_model",
        about: "When a tip was last chosen for you beside ideas, and until when the model is not asked again.",
        whose: BY_USER_ID,
        order: "wished_at",
        columns: &[told("wished_at"), told("busy_until")],
    },
];
