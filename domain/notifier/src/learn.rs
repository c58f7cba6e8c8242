//! What came of speaking, and of silence: an hour later it is known, and learned from.

use kernel::{Timestamp, UserId, db};
use profile::{Consent, Profile};
use recommender::Reaction;

use crate::{
    Error, Notifier,
    store::{self, Unsettled},
    timing::{Belief, Outcome, WINDOW},
};

impl Notifier {
    /// Learns from what was drawn for `user` and has had its hour, and tells what is believed now.
    pub(crate) async fn learned(
        &self,
        user: UserId,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Belief, Error> {
        if !may_learn(profile) {
            return Ok(Belief::default());
        }
        let mut tx = db::begin(&self.0.db).await?;
        let unsettled = store::unsettled(&mut tx, user, now - WINDOW).await?;
        // Asked once more, while nobody can forget.
        if !may_learn(&profile::profile(&mut *tx, user).await?) {
            return Ok(Belief::default());
        }
        let belief = store::belief(&mut *tx, user).await?;
        let Some(first) = unsettled.first() else { return Ok(belief) };

        let mut learned = belief;
        let reactions = recommender::reactions_since(&mut *tx, user, first.at).await?;
        let pushes = store::pushes(&mut *tx, user, first.slot).await?;
        for Unsettled { slot, at, choice, moment, was_said, was_heard } in unsettled {
            let within = |then: Timestamp| at < then && then <= at + WINDOW;
            let came = outcome(reactions.iter().filter(|(then, _)| within(*then)));
            store::come_of(&mut tx, user, slot, came).await?;
            // A silence that was cut short by speaking teaches nothing of silence, and a word that did not get through
            // nothing of speaking. But a word for which there turned out to be no tip counts as drawn: whether there is one is
            // not known of a silence, and to leave out the one and not the other would be to prefer silence.
            let was_cut = !choice.speak && pushes.iter().any(|push| within(push.at));
            let is_lost = was_said && !was_heard;
            if let Some(moment) = moment.filter(|_| !was_cut && !is_lost) {
                learned.learn(&moment, choice, came.reward(was_said));
            }
        }
        store::learn(&mut tx, user, &learned, now).await?;
        tx.commit().await?;
        Ok(learned)
    }

    /// Forgets what was learned about when to speak to `user`, and from what.
    pub async fn forget(&self, user: UserId) -> Result<(), Error> {
        let mut tx = db::begin(&self.0.db).await?;
        store::forget(&mut tx, user).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether it may be learned from what a person answers.
pub(crate) fn may_learn(profile: &Profile) -> bool {
    profile.consents.allow(Consent::KeepHistory)
}

/// What the person did: a *done* outweighs all else, and of the rest the first counts.
fn outcome<'a>(reactions: impl Iterator<Item = &'a (Timestamp, Reaction)>) -> Outcome {
    let outcomes: Vec<Outcome> = reactions
        .map(|(_, reaction)| match reaction {
            Reaction::Done => Outcome::Done,
            Reaction::Snooze(_) => Outcome::Snoozed,
            Reaction::Dismiss => Outcome::Dismissed,
        })
        .collect();
    let first = outcomes.first().copied().unwrap_or(Outcome::Nothing);
    if outcomes.contains(&Outcome::Done) { Outcome::Done } else { first }
}
