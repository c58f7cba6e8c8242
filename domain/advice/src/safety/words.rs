//! A text as plain words: lower case, without diacritics, punctuation and disguise.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Who has written a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A person, perhaps in disguise: `k1ll`, `s u i c i d e`. Punctuation means nothing.
    Person,
    /// A language model: `400mg` are two words, and a phrase ends with its sentence.
    Model,
}

/// The words of a text, in their order.
pub(super) struct Words {
    /// Their letters, with nothing between two words.
    letters: String,
    words: Vec<Word>,
}

struct Word {
    start: usize,
    opens: bool,
    /// How many characters stand before it, up to the word before.
    apart: usize,
}

/// What follows an apostrophe in English without being a word: don't, I'm, he'd.
const ENDINGS: [&str; 7] = ["t", "s", "m", "d", "re", "ve", "ll"];

/// So many letters that stand alone are a word that was pulled apart.
const PULLED_APART: usize = 3;

impl Words {
    /// The words of `text`.
    pub(super) fn read(text: &str, reading: Reading) -> Self {
        let person = reading == Reading::Person;
        let mut read = Self { letters: String::with_capacity(text.len()), words: Vec::new() };
        let (mut opens, mut apart, mut inside, mut number) = (true, 1, false, false);

        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            let disguised = if person && inside { disguised(c, rest) } else { None };
            let c = disguised.unwrap_or(c);

            if c.is_alphanumeric() {
                let is_number = c.is_ascii_digit();
                if !inside || (!person && number != is_number) {
                    read.words.push(Word { start: read.letters.len(), opens, apart });
                    (opens, apart, inside) = (false, 0, true);
                }
                number = is_number;
                fold(c, &mut read.letters);
            } else if !(is_silent(c) || inside && is_apostrophe(c) && has_ending(rest)) {
                let ends =
                    ".!?;:\n\u{2026}".contains(c) && !rest.starts_with(char::is_alphanumeric);
                opens |= ends && !person;
                apart += 1;
                inside = false;
            }
        }

        if person {
            read.put_together();
            read.undisguise();
        }
        read
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Each word, and whether it opens a sentence.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        self.words.iter().enumerate().map(|(i, word)| {
            let end = self.words.get(i + 1).map_or(self.letters.len(), |next| next.start);
            (&self.letters[word.start..end], word.opens)
        })
    }

    /// Makes one word of letters that stand alone, as in `s u i c i d e`.
    fn put_together(&mut self) {
        let ends = self.words.iter().skip(1).map(|word| word.start).chain([self.letters.len()]);
        let alone: Vec<bool> =
            self.words.iter().zip(ends).map(|(word, end)| end - word.start == 1).collect();
        let mut keep = vec![true; alone.len()];
        let mut first = 0;
        while first < alone.len() {
            let mut next = first + 1;
            while alone[first] && next < alone.len() && alone[next] && self.words[next].apart == 1 {
                next += 1;
            }
            if next - first >= PULLED_APART {
                keep[first + 1..next].fill(false);
            }
            first = next;
        }
        let mut keep = keep.into_iter();
        self.words.retain(|_| keep.next().unwrap_or(true));
    }

    /// Reads digits among letters as the letters that they look like.
    fn undisguise(&mut self) {
        let is_digit = |c: char| c.is_ascii_digit();
        if !self.letters.contains(is_digit) {
            return;
        }
        let plain: String = self
            .iter()
            .flat_map(|(word, _)| {
                let mixed = word.contains(is_digit) && !word.chars().all(is_digit);
                word.chars().map(move |c| if mixed { looks_like(c) } else { c })
            })
            .collect();
        self.letters = plain;
    }
}

/// One word in the same form, for what is compared with them; none, if `text` is not one word.
pub(super) fn one(text: &str) -> Option<String> {
    let read = Words::read(text, Reading::Model);
    (read.len() == 1).then_some(read.letters)
}

/// Appends the plain letters of `c`, which is a letter or a digit.
fn fold(c: char, letters: &mut String) {
    if c.is_ascii() {
        letters.push(c.to_ascii_lowercase());
        return;
    }
    decompose_compatible(c, |c| match c {
        c if c.is_ascii() => letters.push(c.to_ascii_lowercase()),
        'ß' | 'ẞ' => letters.push_str("ss"),
        'æ' | 'Æ' => letters.push_str("ae"),
        'œ' | 'Œ' => letters.push_str("oe"),
        'ł' | 'Ł' => letters.push('l'),
        'ø' | 'Ø' => letters.push('o'),
        'đ' | 'Đ' => letters.push('d'),
        'ı' => letters.push('i'),
        c if is_combining_mark(c) => {}
        c => letters.extend(c.to_lowercase()),
    });
}

/// What is not seen, or belongs to the letter before.
fn is_silent(c: char) -> bool {
    let format = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    !c.is_ascii() && (format || is_combining_mark(c))
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '＇')
}

fn has_ending(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    ENDINGS.iter().any(|ending| ending.eq_ignore_ascii_case(&rest[..end]))
}

/// The letter that a sign inside a word stands for, as in `su!cide`.
fn disguised(c: char, rest: &str) -> Option<char> {
    let letter = match c {
        '@' => 'a',
        '$' => 's',
        '!' | '|' => 'i',
        _ => return None,
    };
    rest.starts_with(char::is_alphanumeric).then_some(letter)
}

fn looks_like(digit: char) -> char {
    match digit {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(text: &str) -> String {
        let read = Words::read(text, Reading::Person);
        read.iter().map(|(word, _)| word).collect::<Vec<_>>().join(" ")
    }

    fn model(text: &str) -> String {
        let read = Words::read(text, Reading::Model);
        let mark = |(word, opens)| if opens { format!("^{word}") } else { String::from(word) };
        read.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_plain() {
        assert_eq!(person("  Zażółć GĘŚLĄ,  jaźń! "), "zazolc gesla jazn");
        assert_eq!(person("Straße Œuvre Ærø ﬁn"), "strasse oeuvre aero fin");
        assert_eq!(person("e\u{301}te\u{ad} zero\u{200b}width"), "ete zerowidth");
        assert_eq!(person(""), "");
        assert_eq!(person("… ?! 🙂"), "");
        assert_eq!(person("умереть"), "умереть");
    }

    #[test]
    fn an_apostrophe_joins_in_english_and_parts_elsewhere() {
        assert_eq!(person("don't don’t I'D they´re"), "dont dont id theyre");
        assert_eq!(person("j'ai envie d’en finir l'"), "j ai envie d en finir l");
    }

    #[test]
    fn a_disguise_is_taken_off() {
        assert_eq!(person("k1ll mys3lf"), "kill myself");
        assert_eq!(person("sui$ide @home su!cide!"), "suiside home suicide");
        assert_eq!(person("s u i c i d e note"), "suicide note");
        assert_eq!(person("k-i-l-l m-y-s-e-l-f"), "killmyself");
        assert_eq!(person("k i l l   m y"), "kill m y");
        assert_eq!(person("988 call at 7"), "988 call at 7");
        assert_eq!(person("plan b or c"), "plan b or c");
    }

    #[test]
    fn a_model_writes_numbers_and_sentences() {
        assert_eq!(model("Take 400mg. Then rest: 1.5 l!"), "^take 400 mg ^then rest ^1 5 l");
        assert_eq!(one("n'as"), None);
        assert_eq!(one("Don't").as_deref(), Some("dont"));
    }
}
