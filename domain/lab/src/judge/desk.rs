//! Where questions go: to what was answered before, then to a model. Without one, they are counted.

use std::collections::BTreeMap;

use advice::model::{Model, ModelError, Question};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Cost, cache::Cache};
use crate::LabError;

/// After so many failures in a row there is no use in going on.
const FAILURES: usize = 5;

pub(super) struct Desk<'a> {
    cache: &'a Cache,
    model: Option<&'a Model>,
    bar: ProgressBar,
    cost: Cost,
    /// How many questions failed, by their reason.
    failed: BTreeMap<String, usize>,
    /// Of each alias: one may do well while another does not.
    in_a_row: BTreeMap<&'static str, usize>,
}

impl<'a> Desk<'a> {
    /// Nobody is asked: what is not there is counted.
    pub(super) fn counting(cache: &'a Cache) -> Self {
        let (bar, cost) = (ProgressBar::hidden(), Cost::default());
        Self { cache, model: None, bar, cost, failed: BTreeMap::new(), in_a_row: BTreeMap::new() }
    }

    /// A model is asked, with a bar on the standard error.
    pub(super) fn asking(cache: &'a Cache, model: &'a Model, cost: &Cost) -> Self {
        let bar = ProgressBar::new(cost.questions as u64);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {pos}/{len} questions, {eta} left")
        {
            bar.set_style(style);
        }
        Self { model: Some(model), bar, ..Self::counting(cache) }
    }

    /// What `read` makes of the answer. None, where there is none: it failed, or nobody is asked. An answer that cannot be
    /// read has failed, too, and is not kept.
    ///
    /// # Errors
    /// When the cache fails, or the model has failed too often.
    pub(super) async fn answer<T>(
        &mut self,
        version: &str,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T, ModelError>,
    ) -> Result<Option<T>, LabError> {
        if let Some(content) = self.cache.get(version, question).await?
            && let Ok(answer) = read(&content)
        {
            self.cost.kept += 1;
            return Ok(Some(answer));
        }
        let Some(model) = self.model else {
            self.expect(question, 0);
            return Ok(None);
        };
        let answer = model.ask(question).await;
        let answer = answer.and_then(|answer| Ok((read(&answer.content)?, answer)));
        self.bar.inc(1);
        match answer {
            Ok((read, answer)) => {
                self.in_a_row.remove(question.alias.name());
                self.cache.put(version, question, answer).await?;
                Ok(Some(read))
            }
            Err(error) => {
                let alias = question.alias.name();
                self.fail(alias, error, model.is_well()).map(|()| None)
            }
        }
    }

    /// Counts a question that cannot be asked yet: `more` tokens of it are not written.
    pub(super) fn expect(&mut self, question: &Question<'_>, more: u32) {
        self.cost.questions += 1;
        self.cost.read += u64::from(question.tokens()) + u64::from(more);
        self.cost.written += u64::from(question.max_tokens);
    }

    /// What was counted, and why others failed.
    pub(super) fn close(self) -> (Cost, BTreeMap<String, usize>) {
        self.bar.finish_and_clear();
        (self.cost, self.failed)
    }

    /// Takes note of a failure. A model that is not well is left alone, and so are those who would wait for it.
    fn fail(
        &mut self,
        alias: &'static str,
        error: ModelError,
        is_well: bool,
    ) -> Result<(), LabError> {
        let in_a_row = self.in_a_row.entry(alias).or_default();
        *in_a_row += 1;
        *self.failed.entry(error.to_string()).or_default() += 1;
        if is_well && *in_a_row < FAILURES {
            return Ok(());
        }
        self.bar.finish_and_clear();
        Err(LabError::Stopped { alias, in_a_row: *in_a_row, reasons: reasons(&self.failed) })
    }
}

/// How often which reason.
pub(super) fn reasons(failed: &BTreeMap<String, usize>) -> String {
    let reasons = failed.iter().map(|(reason, count)| format!("{count} times {reason}"));
    reasons.collect::<Vec<_>>().join(", ")
}
