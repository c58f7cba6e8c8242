//! Candidates before anybody has seen them: what simulated persons would do with them, told by a language model.
//!
//! In a sitting, one of the [`profiles`](crate::profiles) is met at a moment that is drawn: models write candidates for
//! them, one answer for each version of the prompt, which are checked as those of the product are; some pieces of the
//! shipped library are added, as the baseline; and the judge, a model behind an alias that only this room knows, tells how
//! that person would react to each. It does not learn where any of them comes from, and meets them in an order that is
//! drawn, for the place in a list has an effect of its own (Zheng et al., *Judging LLM-as-a-judge*, 2023).
//!
//! A judge is not a person, and may like what models of its kind write: how far it agrees with people is told with it
//! (`agreement`). Nothing of a real person is sent to it: no title, no generated text, no id.
//!
//! The way of a question: `sitting` → `bench` (the judge's) or [`Writer`] (the models') → `desk` → `cache`, then a model.
//! All that is asked follows from the plan and the answers before it, so that a run that was cut off goes on where it
//! stopped, and one that is through asks nothing. The library is in English, whatever language a profile speaks.

mod agreement;
mod bench;
mod cache;
mod desk;
mod kappa;
mod report;
mod sitting;
mod told;

use std::path::PathBuf;

use advice::{Library, Prompts, Writer, model::Model};
use rand::seq::SliceRandom;
use recommender::Advised;

use crate::{
    LabError,
    profiles::{Profile, profiles},
};
pub use agreement::Agreement;
pub use bench::Dropped;
pub use kappa::Pairs;
pub use report::{Report, Share, Source, Tally};

use agreement::{Said, answers, batches};
use bench::{Bench, Verdict};
use cache::Cache;
use desk::Desk;
use report::LIBRARY;
use sitting::Sitting;

/// What is judged.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The versions of the prompt; all that ship, where none is named.
    pub prompts: Vec<String>,
    /// How many sittings of each profile.
    pub rounds: u32,
    /// The same seed and answers give the same report.
    pub seed: u64,
    /// Where answers are kept.
    pub cache: PathBuf,
    /// How people answered advice of the library, for each of them; none: they are left out.
    pub people: Option<Vec<Vec<Advised>>>,
}

/// What is still to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Questions.
    pub questions: usize,
    /// Questions that were answered before.
    pub kept: usize,
    /// Tokens to read, about.
    pub read: u64,
    /// Tokens to write, at the most.
    pub written: u64,
}

/// Those who sit, and what is needed to ask for them.
pub struct Panel {
    plan: Plan,
    prompts: Prompts,
    profiles: Vec<Profile>,
    sittings: Vec<Sitting>,
    library: Library,
    writer: Writer,
    bench: Bench,
    cache: Cache,
}

/// A candidate, and where it comes from.
struct Shown {
    source: &'static str,
    kind: &'static str,
    text: String,
}

impl Panel {
    /// Draws the sittings of `plan`.
    ///
    /// # Errors
    /// When there is no such version of the prompt, or nothing to judge.
    pub fn new(plan: Plan) -> Result<Self, LabError> {
        if plan.rounds == 0 {
            return Err(LabError::Invalid("there is nothing to judge".to_owned()));
        }
        let (library, profiles) = (Library::shipped()?, profiles()?);
        let mut sittings = Vec::new();
        for number in 0..plan.rounds {
            for (person, profile) in profiles.iter().enumerate() {
                sittings.push(Sitting::draw(person, profile, number, plan.seed, &library));
            }
        }
        Ok(Self {
            prompts: Prompts::shipped(&plan.prompts)?,
            writer: Writer::new()?,
            bench: Bench::new()?,
            cache: Cache::new(plan.cache.clone()),
            plan,
            profiles,
            sittings,
            library,
        })
    }

    /// How much is still to be asked, as far as that is known before it is.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn cost(&self) -> Result<Cost, LabError> {
        let mut desk = Desk::counting(&self.cache);
        self.sit(&mut desk).await?;
        Ok(desk.close().0)
    }

    /// What was judged before, and nothing else: nobody is asked.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn kept(&self) -> Result<Report, LabError> {
        self.sit(&mut Desk::counting(&self.cache)).await
    }

    /// Asks `model` for what is missing, with a bar on the standard error. What fails is told in the report, and asked again
    /// the next time.
    ///
    /// # Errors
    /// When the cache fails, or the model too often.
    pub async fn judge(&self, model: &Model) -> Result<Report, LabError> {
        let cost = self.cost().await?;
        let mut desk = Desk::asking(&self.cache, model, &cost);
        let report = self.sit(&mut desk).await?;
        Ok(Report { failed: desk.close().1, ..report })
    }

    /// All sittings, and what is judged to compare with people.
    async fn sit(&self, desk: &mut Desk<'_>) -> Result<Report, LabError> {
        let mut report = Report { seed: self.plan.seed, ..Report::default() };
        for sitting in &self.sittings {
            let (shown, missing) = self.write(sitting, desk, &mut report).await?;
            self.react(sitting, shown, missing, desk, &mut report).await?;
        }
        if let Some(people) = &self.plan.people {
            report.agreement = Some(self.agree(people, desk, &mut report).await?);
        }
        Ok(report)
    }

    /// What is shown in a sitting, and how many tokens of it are missing, at the most.
    async fn write(
        &self,
        sitting: &Sitting,
        desk: &mut Desk<'_>,
        report: &mut Report,
    ) -> Result<(Vec<Shown>, Option<u32>), LabError> {
        let situation = sitting.situation(&self.profiles[sitting.person]);
        let (mut shown, mut missing) = (Vec::new(), None);
        for piece in &sitting.pieces {
            let (kind, text) = (piece.kind.as_str(), piece.text.clone());
            shown.push(Shown { source: LIBRARY, kind, text });
        }
        for prompt in self.prompts.iter() {
            // As in the product: a crisis is no moment for a model.
            let Some(question) = self.writer.question(prompt, &situation) else { continue };
            let read = |content: &str| self.writer.read(content, prompt, &situation);
            match desk.answer(prompt.version, &question, read).await? {
                Some((fit, refused)) => {
                    report.refuse(prompt.version, refused.iter().map(|why| why.reason()));
                    shown.extend(fit.into_iter().map(|fit| Shown {
                        source: prompt.version,
                        kind: fit.kind.as_str(),
                        text: fit.text,
                    }));
                }
                None => missing = Some(missing.unwrap_or(0) + prompt.max_tokens),
            }
        }
        for Shown { source, kind, .. } in &shown {
            report.tallies(source, kind, |tally| tally.written += 1);
        }
        Ok((shown, missing))
    }

    /// How somebody reacts. Where something is `missing`, the judge is not asked yet: it would have to be again.
    async fn react(
        &self,
        sitting: &Sitting,
        mut shown: Vec<Shown>,
        missing: Option<u32>,
        desk: &mut Desk<'_>,
        report: &mut Report,
    ) -> Result<(), LabError> {
        shown.shuffle(&mut sitting.order(self.plan.seed));
        let (profile, texts) = (&self.profiles[sitting.person], shown.iter().map(|it| &*it.text));
        let question = self.bench.question(profile, sitting.part, Some(sitting.weekday), texts);
        if let Some(missing) = missing {
            report.waiting += 1;
            desk.expect(&question, missing);
            return Ok(());
        }
        let read = |content: &str| Verdict::read(content, shown.len());
        let verdict = desk.answer(self.bench.version(), &question, read).await?;
        let Some(Verdict { reactions, dropped }) = verdict else { return Ok(()) };
        report.dropped += dropped;
        for (Shown { source, kind, .. }, reaction) in shown.iter().zip(reactions) {
            if let Some(reaction) = reaction {
                report.tallies(source, kind, |tally| tally.react(sitting.person, reaction));
            }
        }
        Ok(())
    }

    /// What all profiles say of the advice that people answered, and whether they are of one mind.
    async fn agree(
        &self,
        people: &[Vec<Advised>],
        desk: &mut Desk<'_>,
        report: &mut Report,
    ) -> Result<Agreement, LabError> {
        let seed = self.plan.seed;
        let batches = batches(people, &self.library, seed);
        if batches.is_empty() {
            return Ok(answers(people, &self.library));
        }
        let mut said = Said::default();
        for batch in &batches {
            for profile in &self.profiles {
                let shown = batch.shown_to(profile, seed);
                let texts = shown.iter().map(|advice| advice.text.as_str());
                let question = self.bench.question(profile, batch.part, None, texts);
                let read = |content: &str| Verdict::read(content, shown.len());
                let verdict = desk.answer(self.bench.version(), &question, read).await?;
                let Some(Verdict { reactions, dropped }) = verdict else { continue };
                report.dropped += dropped;
                for (advice, reaction) in shown.iter().zip(reactions) {
                    if let Some(reaction) = reaction {
                        said.add(advice, batch.part, reaction);
                    }
                }
            }
        }
        Ok(said.agreement(people, seed))
    }
}
