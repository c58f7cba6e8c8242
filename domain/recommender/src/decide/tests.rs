use kernel::{PartOfDay, TimeZone};
use proptest::{prelude::*, strategy::ValueTree};
use sqlx::{PgPool, types::Json};

use super::*;
use crate::features::Features;

const KINDS: [&str; 4] = ["overdue", "due_today", "urgent", "someday"];

/// Numbers as decisions are made from them: with all the digits that they have.
fn candidate() -> impl Strategy<Value = Candidate> {
    (0..KINDS.len(), -1e3..1e3_f64, 0.0..4e3_f64, 1..=4_u8).prop_map(
        |(kind, due, age, priority)| {
            let features = Features {
                source: "todoist".to_owned(),
                kind: KINDS[kind].to_owned(),
                part: PartOfDay::Morning,
                weekday: 1,
                due_in_days: None,
                due_in_hours: Some(due),
                priority: Some(priority),
                age_days: Some(age),
                minutes: None,
                recurring: false,
                length: 20,
            };
            Candidate { key: format!("todoist:{due}"), features }
        },
    )
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let counts = prop::collection::vec((0.0..30.0_f64, 0.0..30.0_f64), KINDS.len());
    (
        any::<u64>(),
        0..2_000_000_000_i64,
        0..1_000_000_u32,
        counts,
        prop::collection::vec(candidate(), 1..30),
    )
        .prop_map(|(seed, seconds, micros, counts, candidates)| {
            let at = kernel::Timestamp::from_timestamp(seconds, micros * 1000).unwrap();
            let mut posterior = Posterior::default();
            for (kind, (successes, failures)) in KINDS.iter().zip(counts) {
                posterior.set(&format!("todoist/{kind}/morning"), Beta { successes, failures });
            }
            let beliefs =
                ["thompson", "epsilon_greedy"].map(|name| (name.to_owned(), posterior.clone()));
            Snapshot::new(
                seed,
                &Moment::new(at, TimeZone::UTC),
                &beliefs.into_iter().collect(),
                candidates,
            )
        })
}

#[sqlx::test(migrations = false)]
async fn a_stored_snapshot_makes_the_same_decision_again(db: PgPool) {
    let shadows = ["epsilon_greedy", "random"].map(str::to_owned);
    let policies = Policies::by_name("thompson", &shadows).unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..50 {
        let snapshot = snapshot().new_tree(&mut runner).unwrap().current();
        let Json(stored): Json<Snapshot> = sqlx::query_scalar("select $1::jsonb")
            .bind(Json(&snapshot))
            .fetch_one(&db)
            .await
            .unwrap();
        assert_eq!(stored, snapshot);
        let decision = snapshot.decide(&policies).unwrap();
        assert_eq!(decision.scores.len(), 3);
        assert_eq!(stored.decide(&policies), Some(decision));
    }
}
