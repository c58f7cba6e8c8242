//! The tables of the schema `recommender`. Every query is bound to one person, but for the one that tells who there is.

mod answers;
mod forget;
mod lesson;
mod personal;
mod reaction;
mod round;
mod tip;

pub(crate) use answers::{RecentAnswer, recent_answers};
pub(crate) use forget::forget;
pub use forget::{forget_before, hold};
pub(crate) use lesson::{History, history, lessons};
pub use personal::PERSONAL;
pub use reaction::reactions_since;
pub(crate) use reaction::{
    LastReaction, NewReaction, insert_reaction, last_reactions, mark_undone, newest_reaction,
    reaction_by_key, record,
};
pub(crate) use round::{Answered, advised, answered, people, written};
pub(crate) use tip::{
    NewTip, OpenTip, SeenReaction, State, TipRow, insert_snapshot, insert_tip, open_tip, see,
    set_state, strip, tip,
};

use kernel::{UserId, db::Tx};

/// Takes the lock under which a person's tips change. It is held until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into recommender.person (user_id)
         values ($1)
         on conflict (user_id) do update set user_id = excluded.user_id",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
