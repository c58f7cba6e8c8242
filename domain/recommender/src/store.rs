//! The tables of the schema `recommender`. Every query is bound to one person.

mod forget;
mod personal;
mod posterior;
mod reaction;
mod tip;

pub use forget::{forget_before, hold};
pub use personal::PERSONAL;
pub(crate) use posterior::{beliefs, learn, unlearn};
pub(crate) use reaction::{
    LastReaction, NewReaction, insert_reaction, last_reactions, mark_undone, newest_reaction,
    reaction_by_key, record,
};
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

/// Forgets what the policies have learned about `user`, and from what. That something was answered, and until
/// when it rests, stays.
pub(crate) async fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with posterior as (
             delete from recommender.posterior where user_id = $1
         ), snapshot as (
             delete from recommender.snapshot where user_id = $1
         ), score as (
             delete from recommender.score where user_id = $1
         ), tip as (
             update recommender.tip
             set features = 'null',
                 reasons = case state when 'open' then jsonb_path_query_array(reasons, '$[*] ? (!exists(@.record))')
                                      else '[]' end
             where user_id = $1
         )
         update recommender.reaction
         set is_learned = false
         where user_id = $1
           and is_learned",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
