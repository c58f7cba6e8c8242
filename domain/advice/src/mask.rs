//! What identifies somebody is taken out of a title before it leaves the house.

use regex::Regex;

/// What is masked, the first that fits: links before addresses, addresses before numbers.
const MASKS: [(&str, &str); 5] = [
    (r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.\p{L}{2,}/\S*", "(link)"),
    (r"[^\s@<>]+@[^\s@<>]*[\w]", "(e-mail)"),
    (r"(?i)\b[\w-]+(?:\.[\w-]+)*\.\p{L}{2,}\b", "(link)"),
    (r"[+(]{0,2}\d(?:[\s()/.\p{Pd}]{0,4}\d){6,}", "(phone)"),
    (r"\d{5,}", "(number)"),
];

/// Masks texts.
#[derive(Clone, Debug)]
pub(crate) struct Mask(Vec<(Regex, &'static str)>);

impl Mask {
    /// # Errors
    /// When an expression is none; a test reads them.
    pub(crate) fn new() -> Result<Self, regex::Error> {
        let masks = MASKS.into_iter();
        masks
            .map(|(regex, word)| Ok((Regex::new(regex)?, word)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// `text` without e-mail addresses, phone numbers, links and long numbers.
    pub(crate) fn apply(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (regex, word)| {
            regex.replace_all(&text, *word).into_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static MASK: LazyLock<Mask> = LazyLock::new(|| Mask::new().unwrap());

    fn masked(text: &str) -> String {
        MASK.apply(text)
    }

    #[test]
    fn what_identifies_is_masked() {
        for (title, expected) in [
            ("Mail ana.b+x@example.org about rent", "Mail (e-mail) about rent"),
            ("Call +49 (0)30 123-4567 today", "Call (phone) today"),
            ("Call 0170/1234567", "Call (phone)"),
            ("Ring 555 123 4567.", "Ring (phone)."),
            ("Read https://example.org/a?b=c#d now", "Read (link) now"),
            ("see www.example.org", "see (link)"),
            ("Look at example.org/private/7", "Look at (link)"),
            ("Invoice 20261121", "Invoice (phone)"),
            ("Customer 12345", "Customer (number)"),
            ("Call 030 / 12 34 56 7", "Call (phone)"),
            ("Call 030\u{2014}12\u{2014}34\u{2014}56", "Call (phone)"),
            ("Call 030\u{2011}12\u{2011}34\u{2011}56", "Call (phone)"),
            ("Log in to portal.mybank.example", "Log in to (link)"),
            ("Ask ana@intranet", "Ask (e-mail)"),
            ("Ask o'brien@example.org.", "Ask (e-mail)."),
            ("IBAN DE89370400440532013000", "IBAN DE(phone)"),
            ("Pay ٠١٢٣٤ now", "Pay (number) now"),
        ] {
            assert_eq!(masked(title), expected);
        }
    }

    #[test]
    fn what_is_everyday_stays() {
        for title in [
            "Buy 2 apples and 12 eggs",
            "Tax return 2025",
            "Meet at 10:30 in room 4.12",
            "Chapter 3.2, pages 10-24",
            "Send v1.2.3 of the report",
        ] {
            assert_eq!(masked(title), title);
        }
    }

    proptest! {
        /// Whatever stands around it, no address, link or long number gets out.
        #[test]
        fn fuzz_mask(before in r"\PC{0,30}", after in r"\PC{0,30}", number in "[0-9]{5,20}") {
            let mail = format!("{before} secret@example.org {after}");
            prop_assert!(!masked(&mail).contains("secret@"));
            let link = format!("{before} https://example.org/secret {after}");
            prop_assert!(!masked(&link).contains("/secret"));
            let long = masked(&format!("{before}{number}{after}"));
            let digits = long.split(|char: char| !char.is_ascii_digit());
            prop_assert!(digits.map(str::len).max() < Some(5));
        }
    }
}
