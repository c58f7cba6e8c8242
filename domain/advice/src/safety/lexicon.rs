//! Phrases, and where they are in a text.

use super::SafetyError;
use super::dictionary::{Dictionary, Entry};
use super::phrase::{Phrase, Sets, Slot};
use super::words::Words;

/// Phrases, and what each of them means: a `V`, or nothing for what only looks like one that means something.
#[derive(Debug)]
pub(super) struct Lexicon<V> {
    meaning: Index<V>,
    harmless: Index<()>,
}

/// The phrases of which a lexicon is made.
pub(super) struct Lists<V> {
    meaning: Vec<(V, Phrase)>,
    harmless: Vec<((), Phrase)>,
}

/// Phrases by one of their words.
#[derive(Debug)]
struct Index<V> {
    anchored: Vec<Anchored<V>>,
    /// For each entry of the dictionary, the phrases that it anchors.
    by_entry: Vec<Vec<u16>>,
}

/// A phrase, and which of its slots is looked for first.
#[derive(Debug)]
struct Anchored<V> {
    means: V,
    phrase: Phrase,
    anchor: usize,
}

/// A text as entries of the dictionary.
#[derive(Clone)]
pub(super) struct Text {
    found: Vec<Entry>,
    words: Vec<Word>,
}

#[derive(Clone, Copy)]
struct Word {
    /// Where its entries are.
    start: usize,
    end: usize,
    opens: bool,
}

impl<V> Default for Lists<V> {
    fn default() -> Self {
        Self { meaning: Vec::new(), harmless: Vec::new() }
    }
}

impl<V: Copy> Lists<V> {
    /// Adds `list`, a phrase a line, which means `means`. Its words come into `dictionary`.
    pub(super) fn add(
        &mut self,
        means: Option<V>,
        list: &str,
        sets: &Sets,
        dictionary: &mut Dictionary,
    ) -> Result<(), SafetyError> {
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let phrase = Phrase::read(line, sets, dictionary)?;
            match means {
                Some(means) => self.meaning.push((means, phrase)),
                None => self.harmless.push(((), phrase)),
            }
        }
        Ok(())
    }
}

impl<V: Copy + Ord> Lexicon<V> {
    pub(super) fn new(lists: Lists<V>, dictionary: &Dictionary) -> Result<Self, SafetyError> {
        let meaning = Index::new(lists.meaning, dictionary.len())?;
        let harmless = Index::new(lists.harmless, dictionary.len())?;
        Ok(Self { meaning, harmless })
    }

    /// The least of what the phrases in `text` mean. The words of a harmless phrase belong to no other.
    pub(super) fn find(&self, text: &Text) -> Option<V> {
        let least = |text: &Text| self.meaning.find(text).map(|(_, _, means)| means).min();
        least(text)?;

        let mut rest = text.clone();
        for (first, last, ()) in self.harmless.find(text) {
            rest.hide(first, last);
        }
        least(&rest)
    }
}

impl<V: Copy> Index<V> {
    fn new(phrases: Vec<(V, Phrase)>, entries: usize) -> Result<Self, SafetyError> {
        // The rarer its words among all phrases, the less often a phrase is compared in vain.
        let mut count = vec![0_usize; entries];
        let slots = phrases.iter().flat_map(|(_, phrase)| &phrase.slots);
        slots.flat_map(|slot| &slot.entries).for_each(|&entry| count[usize::from(entry)] += 1);
        let often =
            |slot: &Slot| slot.entries.iter().map(|&e| count[usize::from(e)]).sum::<usize>();

        let mut by_entry = vec![Vec::new(); entries];
        let mut anchored = Vec::with_capacity(phrases.len());
        for (means, phrase) in phrases {
            let number = u16::try_from(anchored.len())
                .map_err(|_| SafetyError::Phrase(String::from("there are too many")))?;
            let rarest = phrase.slots.iter().enumerate().min_by_key(|(_, slot)| often(slot));
            let anchor = rarest.map_or(0, |(anchor, _)| anchor);
            for &entry in &phrase.slots[anchor].entries {
                by_entry[usize::from(entry)].push(number);
            }
            anchored.push(Anchored { means, phrase, anchor });
        }
        Ok(Self { anchored, by_entry })
    }

    /// Every phrase in `text`: its first word, its last, and what it means.
    fn find<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = (usize, usize, V)> + 'a {
        (0..text.words.len()).flat_map(move |at| {
            let numbers = text.entries(at).iter().flat_map(|&e| &self.by_entry[usize::from(e)]);
            numbers.filter_map(move |&number| {
                let Anchored { means, phrase, anchor } = &self.anchored[usize::from(number)];
                let first = text.back(phrase, *anchor, at)?;
                Some((first, text.ahead(&phrase.slots[anchor + 1..], at)?, *means))
            })
        })
    }
}

impl Text {
    pub(super) fn new(words: &Words, dictionary: &Dictionary) -> Self {
        let mut text =
            Self { found: Vec::with_capacity(words.len()), words: Vec::with_capacity(words.len()) };
        for (word, opens) in words.iter() {
            let start = text.found.len();
            dictionary.look_up(word, &mut text.found);
            text.words.push(Word { start, end: text.found.len(), opens });
        }
        text
    }

    fn entries(&self, at: usize) -> &[Entry] {
        let Word { start, end, .. } = self.words[at];
        &self.found[start..end]
    }

    fn hide(&mut self, first: usize, last: usize) {
        for word in &mut self.words[first..=last] {
            word.end = word.start;
        }
    }

    fn fits(&self, at: usize, slot: &Slot) -> bool {
        self.entries(at).iter().any(|entry| slot.entries.binary_search(entry).is_ok())
    }

    /// The first word of `phrase`, of which `slot` is at `at`.
    fn back(&self, phrase: &Phrase, slot: usize, at: usize) -> Option<usize> {
        let Some(before) = slot.checked_sub(1) else {
            return (!phrase.opens || self.words[at].opens).then_some(at);
        };
        for next in (at.saturating_sub(phrase.slots[slot].gap)..=at).rev() {
            // The first word of all opens a sentence too.
            if self.words[next].opens {
                return None;
            }
            if self.fits(next - 1, &phrase.slots[before])
                && let Some(first) = self.back(phrase, before, next - 1)
            {
                return Some(first);
            }
        }
        None
    }

    /// The last word of a phrase that goes on with `slots` after `at`.
    fn ahead(&self, slots: &[Slot], at: usize) -> Option<usize> {
        let Some((slot, rest)) = slots.split_first() else {
            return Some(at);
        };
        for next in at + 1..self.words.len().min(at + 2 + slot.gap) {
            if self.words[next].opens {
                return None;
            }
            if self.fits(next, slot)
                && let Some(last) = self.ahead(rest, next)
            {
                return Some(last);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Reading;
    use super::*;

    /// A dictionary, and phrases in it.
    struct Known(Dictionary, Lexicon<u8>);

    impl Known {
        fn new(lists: &[(Option<u8>, &str)]) -> Self {
            let sets = Sets::from([(String::from("pill"), String::from("pill/pills/tablet*"))]);
            let (mut dictionary, mut all) = (Dictionary::new(), Lists::default());
            for (means, list) in lists {
                all.add(*means, list, &sets, &mut dictionary).unwrap();
            }
            let lexicon = Lexicon::new(all, &dictionary).unwrap();
            Self(dictionary, lexicon)
        }

        fn find(&self, text: &str) -> Option<u8> {
            self.1.find(&Text::new(&Words::read(text, Reading::Model), &self.0))
        }
    }

    #[test]
    fn a_phrase_is_found_as_it_is_written() {
        let list = "take .. {pill}\n^ sue/beat him\n# mg\nfeel . very . sad";
        let known = Known::new(&[(Some(1), list)]);
        for text in [
            "Now take pills.",
            "take all the tablets",
            "Oh! Sue him.",
            "beat him",
            "400mg",
            "feel very sad",
            "I feel so very very sad",
        ] {
            assert_eq!(known.find(text), Some(1), "{text}");
        }
        for text in [
            "take one or two pills",
            "take. Pills",
            "I sue him",
            "mg 400",
            "tablets take",
            "feel very",
            "very sad",
            "",
        ] {
            assert_eq!(known.find(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_harmless_hides_its_words_alone() {
        let known = Known::new(&[(Some(1), "kill .. time/him"), (None, "kill . time")]);
        assert_eq!(known.find("kill some time"), None);
        assert_eq!(known.find("kill some time, then kill him"), Some(1));
    }

    #[test]
    fn what_weighs_most_comes_first() {
        let known = Known::new(&[(Some(2), "one"), (Some(1), "two")]);
        assert_eq!(known.find("one two"), Some(1));
        assert_eq!(known.find("one"), Some(2));
    }

    #[test]
    fn a_damaged_phrase_is_an_error() {
        for line in ["..", "take ..", "{unknown}", "take//pills", "j'ai", "take ^ pills", "смерть"]
        {
            let mut lists = Lists::default();
            let added = lists.add(Some(1), line, &Sets::new(), &mut Dictionary::new());
            assert!(matches!(added, Err(SafetyError::Phrase(phrase)) if phrase == line), "{line}");
        }
    }
}
