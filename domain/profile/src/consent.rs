//! What a person allows: nothing, until they say so.

use kernel::Timestamp;

/// Something that oO does for a person only if they allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// To read their tasks.
    ReadTasks,
    /// To close tasks that they have done.
    WriteTasks,
    /// To send titles of tasks to the language model.
    SendTitles,
    /// To speak up when they are not looking.
    Notify,
    /// To keep what was proposed and answered, and to learn from it.
    KeepHistory,
}

impl Consent {
    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; 5] =
        [Self::ReadTasks, Self::WriteTasks, Self::KeepHistory, Self::SendTitles, Self::Notify];

    /// Its name in the database, in forms and in an export.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadTasks => "read_tasks",
            Self::WriteTasks => "write_tasks",
            Self::SendTitles => "send_titles",
            Self::Notify => "notify",
            Self::KeepHistory => "keep_history",
        }
    }

    /// The consent of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.name() == name)
    }

    /// The version of the words that it is asked for with. Whoever makes them mean something else raises it:
    /// answers to earlier words count no more, and everybody is asked again.
    pub const fn version(self) -> i16 {
        match self {
            Self::ReadTasks | Self::WriteTasks | Self::KeepHistory => 1,
            // The one tells of dates and answers, too; the other writes letters.
            Self::SendTitles | Self::Notify => 2,
        }
    }
}

/// What a person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether they allow it.
    pub given: bool,
    /// When they said so.
    pub at: Timestamp,
    /// The version of the words that they answered.
    pub version: i16,
}

/// All that a person answered last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consents(Vec<(Consent, Decision)>);

impl Consents {
    /// Whether `consent` is given, to the words of today.
    pub fn allow(&self, consent: Consent) -> bool {
        self.current(consent).is_some_and(|decision| decision.given)
    }

    /// Whether `consent` was refused or withdrawn, in answer to the words of today. Who was not asked has not said no.
    pub fn refuse(&self, consent: Consent) -> bool {
        self.current(consent).is_some_and(|decision| !decision.given)
    }

    /// The last answer, when it was given to the words of today.
    pub fn current(&self, consent: Consent) -> Option<Decision> {
        let decision = self.0.iter().find(|(known, _)| *known == consent).map(|(_, it)| *it);
        decision.filter(|decision| decision.version == consent.version())
    }

    /// Whether every question was answered, with yes or with no.
    pub fn are_decided(&self) -> bool {
        Consent::ALL.into_iter().all(|consent| self.current(consent).is_some())
    }
}

impl FromIterator<(Consent, Decision)> for Consents {
    fn from_iter<I: IntoIterator<Item = (Consent, Decision)>>(decisions: I) -> Self {
        Self(decisions.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(given: bool, version: i16) -> Decision {
        Decision { given, at: Timestamp::UNIX_EPOCH, version }
    }

    #[test]
    fn names_are_read_back() {
        for consent in Consent::ALL {
            assert_eq!(Consent::named(consent.name()), Some(consent));
        }
        assert_eq!(Consent::named("everything"), None);
    }

    #[test]
    fn an_answer_to_other_words_counts_no_more() {
        let consent = Consent::ReadTasks;
        let earlier = [(consent, decision(true, consent.version() - 1))];
        let earlier: Consents = earlier.into_iter().collect();
        assert!(!earlier.allow(consent));
        assert_eq!(earlier.current(consent), None);
    }

    #[test]
    fn a_no_is_an_answer_too() {
        let mut answers = Consent::ALL.map(|consent| (consent, decision(false, consent.version())));
        assert!(answers.into_iter().collect::<Consents>().are_decided());
        answers[4].1.version = 0;
        assert!(!answers.into_iter().collect::<Consents>().are_decided());
    }
}
