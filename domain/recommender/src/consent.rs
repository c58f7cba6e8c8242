//! What a person allows, and what follows at once when they no longer do.

use events::v1::tip_lapsed::Cause;
use kernel::UserId;
use profile::Consent;

use crate::{Error, Recommender, store, turn::may_ask};

impl Recommender {
    /// Writes down what `user` allows and what not, and lets it take effect: without the reading of tasks, the
    /// tip that is one lapses and none is in memory; without the asking of a language model, what it wrote is gone;
    /// without a history, all that was kept of it and learned from it goes.
    pub async fn consent(&self, user: UserId, answers: &[(Consent, bool)]) -> Result<(), Error> {
        let mut turn = self.turn(user).await?;
        profile::decide(&mut *turn.tx, user, answers, turn.moment.at).await?;
        turn.consents = profile::profile(&mut *turn.tx, user).await?.consents;

        if let Some(tip) = store::open_tip(&mut turn.tx, user).await?
            && !turn.may_show(&tip.candidate)
        {
            self.lapse(&mut turn, tip.id, Cause::NotAllowed).await?;
        }
        if turn.consents.refuse(Consent::KeepHistory) {
            store::forget(&mut turn.tx, user).await?;
            events::forget(&mut turn.tx, user).await?;
            advice::forget_shown(&mut turn.tx, user).await?;
        }
        if !may_ask(&turn.consents) {
            advice::forget(&mut turn.tx, user).await?;
        }
        let may_read = turn.consents.allow(Consent::ReadTasks);
        turn.commit().await?;
        if !may_read {
            self.0.integrations.forget(user).await;
        }
        Ok(())
    }
}
