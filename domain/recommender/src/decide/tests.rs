use kernel::{PartOfDay, TimeZone};
use proptest::{prelude::*, strategy::ValueTree};
use sqlx::{PgPool, types::Json};

use super::*;
use crate::features::{Features, Shown};

const KINDS: [&str; 4] = ["overdue", "due_today", "urgent", "someday"];

/// Numbers as decisions are made from them: with all the digits that they have.
fn candidate() -> impl Strategy<Value = Candidate> {
    (0..KINDS.len(), -1e3..1e3_f64, 0.0..4e3_f64, 1..=4_u8, 0.0..24.0_f64).prop_map(
        |(kind, due, age, priority, hour)| {
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
                hour,
                labels: vec![u16::from(priority)],
                project: Some(7),
                prompt_version: None,
                model: None,
                shown: Shown { times: 1, hours_ago: Some(age), ..Shown::default() },
            };
            Candidate { key: format!("todoist:{due}"), features, origin: None }
        },
    )
}

fn policies() -> Policies {
    let shadows = ["thompson", "random"].map(str::to_owned);
    Policies::by_name("personal", &shadows, &Arc::new(crate::prior::shipped())).unwrap()
}

fn lesson() -> impl Strategy<Value = Arc<Lesson>> {
    (any::<u32>(), candidate(), 0.005..1.0_f64, 0.0..1.0_f64).prop_map(
        |(at, candidate, propensity, reward)| {
            let vector = candidate.vector();
            let arm = Arm::named(&candidate.features.arm());
            let candidate = bandit::Candidate { arm, features: &vector };
            Arc::new(Lesson::new(at.into(), &candidate, propensity, reward))
        },
    )
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    (
        any::<u64>(),
        0..2_000_000_000_i64,
        0..1_000_000_u32,
        prop::collection::vec(lesson(), 0..60),
        prop::collection::vec(candidate(), 1..30),
    )
        .prop_map(|(seed, seconds, micros, lessons, candidates)| {
            let at = kernel::Timestamp::from_timestamp(seconds, micros * 1000).unwrap();
            Snapshot::new(seed, &Moment::new(at, TimeZone::UTC), &policies(), lessons, candidates)
        })
}

#[sqlx::test(migrations = false)]
async fn a_stored_snapshot_makes_the_same_decision_again(db: PgPool) {
    let policies = policies();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..50 {
        let snapshot = snapshot().new_tree(&mut runner).unwrap().current();
        let lessons = bandit::to_bytes(snapshot.lessons.iter().map(AsRef::as_ref));
        let (Json(mut stored), lessons): (Json<Snapshot>, Vec<u8>) =
            sqlx::query_as("select $1::jsonb, $2")
                .bind(Json(&snapshot))
                .bind(lessons)
                .fetch_one(&db)
                .await
                .unwrap();
        let lessons = bandit::from_bytes(&lessons).unwrap();
        stored.lessons = lessons.into_iter().map(Arc::new).collect();
        assert_eq!(stored, snapshot);
        let decision = snapshot.decide(&policies).unwrap();
        assert_eq!(decision.scores.len(), 3);
        assert_eq!(stored.decide(&policies), Some(decision));
    }
}
