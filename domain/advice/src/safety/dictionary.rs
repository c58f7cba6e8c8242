//! The words that phrases are made of.

/// A word of a phrase, or the beginning of one: its number in the dictionary.
pub(super) type Entry = u16;

/// The entry of every number.
pub(super) const NUMBER: Entry = 0;

/// The letters and digits of plain words.
const SIGNS: usize = 36;

/// Words and beginnings of words, as a tree of their letters.
#[derive(Debug)]
pub(super) struct Dictionary {
    nodes: Vec<Node>,
    entries: Entry,
}

#[derive(Clone, Debug)]
struct Node {
    /// The node that each sign leads to; 0, the root, is nowhere.
    next: [u16; SIGNS],
    word: Option<Entry>,
    beginning: Option<Entry>,
}

const BARE: Node = Node { next: [0; SIGNS], word: None, beginning: None };

impl Dictionary {
    pub(super) fn new() -> Self {
        Self { nodes: vec![BARE], entries: NUMBER + 1 }
    }

    /// How many entries there are, that of the numbers included.
    pub(super) fn len(&self) -> usize {
        usize::from(self.entries)
    }

    /// The entry of `word`, or of all words that begin with it. None where it has other signs than plain letters
    /// and digits, or where there are too many.
    pub(super) fn enter(&mut self, word: &str, beginning: bool) -> Option<Entry> {
        let mut at = 0;
        for byte in word.bytes() {
            let sign = place(byte)?;
            if self.nodes[at].next[sign] == 0 {
                self.nodes[at].next[sign] = u16::try_from(self.nodes.len()).ok()?;
                self.nodes.push(BARE);
            }
            at = usize::from(self.nodes[at].next[sign]);
        }

        let node = &mut self.nodes[at];
        let entry = if beginning { &mut node.beginning } else { &mut node.word };
        if entry.is_none() {
            *entry = Some(self.entries);
            self.entries = self.entries.checked_add(1)?;
        }
        *entry
    }

    /// Appends the entries that `word` has.
    pub(super) fn look_up(&self, word: &str, found: &mut Vec<Entry>) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(NUMBER);
        }
        let mut at = 0;
        for byte in word.bytes() {
            at = match place(byte).map(|sign| self.nodes[at].next[sign]) {
                None | Some(0) => return,
                Some(next) => usize::from(next),
            };
            found.extend(self.nodes[at].beginning);
        }
        found.extend(self.nodes[at].word);
    }
}

fn place(byte: u8) -> Option<usize> {
    match byte {
        b'a'..=b'z' => Some(usize::from(byte - b'a')),
        b'0'..=b'9' => Some(usize::from(byte - b'0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_itself_and_by_its_beginnings() {
        let mut dictionary = Dictionary::new();
        let pill = dictionary.enter("pill", false).unwrap();
        let suicid = dictionary.enter("suicid", true).unwrap();
        let suicide = dictionary.enter("suicide", false).unwrap();
        assert_eq!(dictionary.enter("pill", false), Some(pill));
        assert_eq!(dictionary.enter("é", false), None);
        assert_eq!(dictionary.len(), 4);

        let look_up = |word| -> Vec<Entry> {
            let mut found = Vec::new();
            dictionary.look_up(word, &mut found);
            found
        };
        assert_eq!(look_up("pill"), [pill]);
        assert_eq!(look_up("pil"), Vec::<Entry>::new());
        assert_eq!(look_up("pills"), Vec::<Entry>::new());
        assert_eq!(look_up("suicide"), [suicid, suicide]);
        assert_eq!(look_up("suicidal"), [suicid]);
        assert_eq!(look_up("988"), [NUMBER]);
        assert_eq!(look_up("смерть"), Vec::<Entry>::new());
    }
}
