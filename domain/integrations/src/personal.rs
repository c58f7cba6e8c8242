//! What is kept of a person in the schema `integrations`, and in the queue of jobs.

use kernel::personal::{BY_USER_ID, Table, kept_back, told};

/// Its tables. Those of the queue are `graphile_worker`'s own: a job is of whom its payload names, and a queue has
/// the person's id in its name.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "graphile_worker._private_jobs",
        title: "errands",
        about: "Tasks that are still to be closed or reopened at Todoist.",
        whose: "payload ->> 'user_id' = ($1::uuid)::text",
        order: "id",
        columns: &[
            told("payload"),
            told("run_at"),
            told("attempts"),
            told("last_error"),
            told("created_at"),
        ],
    },
    Table {
        name: "graphile_worker._private_job_queues",
        title: "line",
        about: "The name of the line in which these errands wait.",
        whose: "queue_name = 'todoist:' || ($1::uuid)::text",
        order: "id",
        columns: &[told("queue_name")],
    },
    Table {
        name: "integrations.calendar",
        title: "calendar",
        about: "The calendar from which oO reads when you are busy.",
        whose: BY_USER_ID,
        order: "made_at",
        columns: &[told("state"), told("made_at"), kept_back("address_sealed", SEALED_ADDRESS)],
    },
    Table {
        name: "integrations.token",
        title: "connections",
        about: "What you have connected, and what oO may do there.",
        whose: BY_USER_ID,
        order: "provider",
        columns: &[
            told("provider"),
            told("scope"),
            told("status"),
            told("expires_at"),
            told("connected_at"),
            told("updated_at"),
            kept_back("access_sealed", SEALED),
            kept_back("refresh_sealed", SEALED),
        ],
    },
];

const SEALED: &str =
    "a key to your account over there, sealed: whoever carried it about could lose it";

const SEALED_ADDRESS: &str = "the secret address of your calendar, sealed: whoever carried it about could read your calendar";
