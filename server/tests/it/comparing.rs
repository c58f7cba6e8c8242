//! `oo lab compare`, as it is asked at the terminal.

use sqlx::PgPool;

use crate::{
    binary::{oo, told},
    house::{House, database_url},
};

/// Gives everybody forty days with two tips each: one that `v1` wrote and one that `v2` did, which
/// is done more often. The last ones are not answered, and one that is done is from the library.
async fn write(db: &PgPool) {
    sqlx::query(
        "with day as (
             select person.user_id, day, version, gen_random_uuid() as tip_id,
                    case when day = 7 then 'library' else 'llm' end as source
             from recommender.person, generate_series(1, 40) as day, (values (1), (2)) as v (version)
         ), tip as (
             insert into recommender.tip
                 (user_id, tip_id, candidate, arm, state, policy, propensity, features,
                  features_version, reasons, time_zone, decided_at, expires_at)
             select user_id, tip_id, 'llm:' || tip_id, 'llm/nudge/morning',
                    case when day = 40 then 'lapsed' else 'answered' end, 'personal', 0.5,
                    jsonb_build_object(
                        'source', source, 'kind', 'nudge', 'prompt_version', 'v' || version,
                        'model', 'small'
                    ),
                    2, '[]', 'UTC', at, at + interval '1 hour'
             from day, lateral (select timestamptz '2026-01-01 08:00Z' + day * interval '1 day') as of (at)
             returning user_id, tip_id
         )
         insert into recommender.reaction
             (user_id, reaction_id, tip_id, idempotency_key, reaction, candidate, reward,
              closes_task, is_learned, reacted_at)
         select user_id, gen_random_uuid(), tip_id, gen_random_uuid(),
                case when day % 4 < 2 * version - 1 then 'done' else 'dismiss' end,
                'llm:' || tip_id, 0, false, true, timestamptz '2026-01-01 09:00Z' + day * interval '1 day'
         from day
         where day < 40",
    )
    .execute(db)
    .await
    .unwrap();
}

/// What the command tells.
async fn compare(db: &PgPool, arguments: &[&str]) -> Result<String, String> {
    let variables = [("DATABASE_URL", database_url(db))];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<&str> = ["lab", "compare"].iter().chain(arguments).copied().collect();
    let output = oo(&all, &variables).output().await.unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(told(&output))
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn versions_are_compared_at_the_terminal(db: PgPool) {
    let house = House::demo(&db).await;
    let mut visitor = house.visitor().await;
    visitor.get("/").await;
    let refused = compare(&db, &[]).await.unwrap_err();
    assert!(refused.contains("there is nothing to compare"), "{refused}");

    write(&db).await;
    let table = compare(&db, &["--by", "prompt_version"]).await.unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains("95 % interval"), "{table}");
    let first = "v1                  39       38       1      38.0   0.237";
    assert!(lines[1].starts_with(first), "{table}");
    assert!(lines[4].starts_with("against v1"), "{table}");
    assert!(lines[5].starts_with("v2              +0.526  +0."), "{table}");
    assert!(lines[5].ends_with("38 days of these persons"), "{table}");

    let turned = ["--baseline", "v2", "--alpha", "0.2", "--seed", "3"];
    let turned = compare(&db, &turned).await.unwrap();
    assert!(turned.contains("against v2") && turned.contains("80 % interval"), "{turned}");
    for (by, name) in [("model", "small"), ("kind", "nudge")] {
        let table = compare(&db, &["--by", by]).await.unwrap();
        assert!(table.starts_with(by) && table.contains(&format!("\n{name} ")), "{table}");
    }
    let refused = compare(&db, &["--baseline", "v9"]).await.unwrap_err();
    assert!(refused.contains("there are v1, v2"), "{refused}");

    visitor.post("/settings/consents", &[("consent", "keep_history"), ("on", "false")]).await;
    let refused = compare(&db, &[]).await.unwrap_err();
    assert!(refused.contains("there is nothing to compare"), "{refused}");
    house.stop().await;
}
