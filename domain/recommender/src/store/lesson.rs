//! What the answers of a person teach, and what they have seen.

use std::{collections::HashMap, sync::Arc};

use bandit::{Arm, Candidate, Lesson, REMEMBERED};
use kernel::{Timestamp, UserId, db::Tx, first_id_at};
use sqlx::types::Json;

use crate::features::{self, Features};

/// What `user`'s last answers teach, the newest first.
pub(crate) async fn lessons(
    tx: &mut Tx<'_>,
    user: UserId,
) -> Result<Vec<Arc<Lesson>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select tip.candidate, tip.arm, tip.propensity, tip.decided_at, reaction.reward,
                  tip.features as "features: Json<Option<Features>>"
           from recommender.reaction
           join recommender.tip using (user_id, tip_id)
           where reaction.user_id = $1
             and reaction.undone_at is null
             and reaction.is_learned
             and tip.features_version = $2
           order by reaction.reaction_id desc
           limit $3"#,
        user.uuid(),
        features::VERSION,
        i64::try_from(REMEMBERED).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut **tx)
    .await?;

    let lessons = rows.into_iter().filter_map(|row| {
        let vector = row.features.0?.vector(&row.candidate);
        let candidate = Candidate { arm: Arm::named(&row.arm), features: &vector };
        let at = row.decided_at.timestamp_micros();
        Some(Arc::new(Lesson::new(at, &candidate, row.propensity, row.reward)))
    });
    Ok(lessons.collect())
}

/// What a person has been shown before.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// How often, and when last, by candidate.
    pub(crate) candidates: HashMap<String, (u32, Timestamp)>,
    /// When last, by kind.
    pub(crate) kinds: HashMap<String, Timestamp>,
}

/// What `user` has been shown of `candidates`, and of which kinds since `since`.
pub(crate) async fn history(
    tx: &mut Tx<'_>,
    user: UserId,
    candidates: &[String],
    since: Timestamp,
) -> Result<History, sqlx::Error> {
    let shown = sqlx::query!(
        r#"select candidate, count(*) as "times!", max(decided_at) as "at!"
           from recommender.tip
           where user_id = $1
             and candidate = any($2)
           group by candidate"#,
        user.uuid(),
        candidates,
    )
    .fetch_all(&mut **tx)
    .await?;
    let kinds = sqlx::query!(
        r#"select split_part(arm, '/', 2) as "kind!", max(decided_at) as "at!"
           from recommender.tip
           where user_id = $1
             and tip_id >= $2
           group by 1"#,
        user.uuid(),
        first_id_at(since),
    )
    .fetch_all(&mut **tx)
    .await?;

    let times = |times: i64| u32::try_from(times).unwrap_or(u32::MAX);
    Ok(History {
        candidates: shown
            .into_iter()
            .map(|row| (row.candidate, (times(row.times), row.at)))
            .collect(),
        kinds: kinds.into_iter().map(|row| (row.kind, row.at)).collect(),
    })
}
