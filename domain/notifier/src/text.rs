//! Words of others, made fit for a line.

use kernel::text::is_invisible;
use unicode_segmentation::UnicodeSegmentation;

/// One line of `text`, of `most` characters at the most, an ellipsis included.
pub(crate) fn line(text: &str, most: usize) -> String {
    // More than this is cut anyhow; nobody is to have us read a book.
    let seen =
        text.chars().take(most * 8).map(|char| if char.is_whitespace() { ' ' } else { char });
    let seen: String = seen.filter(|char| !char.is_control() && !is_invisible(*char)).collect();
    let words = seen.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most { words } else { cut(&words, most - 1) + "…" }
}

/// The first characters, as people see them, that have `most` code points at the most.
fn cut(text: &str, most: usize) -> String {
    let mut kept = String::new();
    let mut count = 0;
    for grapheme in text.graphemes(true) {
        count += grapheme.chars().count();
        if count > most {
            break;
        }
        kept += grapheme;
    }
    if kept.is_empty() { text.chars().take(most).collect() } else { kept.trim_end().to_owned() }
}
