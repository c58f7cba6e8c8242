//! The way to a model's candidates and back, without a database: what it is asked, and what of its answer is fit.

use crate::{
    Fit, Prompt, Refusal, RulesError, Sign, Situation, answer,
    check::Rules,
    mask::Mask,
    model::{Alias, ModelError, Question},
    near::Sketch,
};

/// Asks for candidates, and reads them. The product and the lab go this one way.
pub struct Writer {
    mask: Mask,
    pub(crate) rules: Rules,
}

impl Writer {
    /// With the rules that ship.
    ///
    /// # Errors
    /// When they cannot be read; a test reads them.
    pub fn new() -> Result<Self, RulesError> {
        Ok(Self { mask: Mask::new()?, rules: Rules::new()? })
    }

    /// Whether a person's own words have signs of a crisis.
    pub fn sign(&self, words: &str) -> Option<Sign> {
        self.rules.safety().sign(words)
    }

    /// What a model is asked in this `situation`; nothing where a title has signs of a crisis.
    pub fn question<'a>(&self, prompt: &'a Prompt, situation: &Situation) -> Option<Question<'a>> {
        if situation.tasks.iter().any(|task| self.sign(&task.title).is_some()) {
            return None;
        }
        Some(Question {
            alias: Alias::TIP_GENERATOR,
            system: &prompt.system,
            data: situation.told_to_model(&self.mask),
            schema: answer::schema(),
            temperature: prompt.temperature,
            max_tokens: prompt.max_tokens,
        })
    }

    /// The candidates of an answer that are fit for somebody who was shown nothing yet, and why the others are not. How
    /// near two of them are is told by their letters alone.
    ///
    /// # Errors
    /// When it is no answer at all.
    pub fn read(
        &self,
        content: &str,
        prompt: &Prompt,
        situation: &Situation,
    ) -> Result<(Vec<Fit>, Vec<Refusal>), ModelError> {
        let (fit, mut refused) = self.rules.check(content, prompt, situation)?;
        let (fit, near) = apart(fit, Vec::new());
        refused.extend(near);
        Ok((fit, refused))
    }
}

/// Those that say nothing that was `said` before, by themselves either, and why the others are refused.
pub(crate) fn apart(fit: Vec<Fit>, mut said: Vec<Sketch>) -> (Vec<Fit>, Vec<Refusal>) {
    let (mut new, mut near) = (Vec::new(), Vec::new());
    for fit in fit {
        if said.iter().any(|said| said.is_near(&fit.sketch)) {
            near.push(Refusal::Near);
        } else {
            said.push(fit.sketch.clone());
            new.push(fit);
        }
    }
    (new, near)
}
