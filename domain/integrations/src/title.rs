//! A title as plain text: whatever a stranger wrote, made fit to stand alone on a page.

use kernel::text::{is_invisible, is_joiner, is_stacking};

/// The longest title that is kept, in characters.
pub(crate) const MAX_CHARS: usize = 500;

/// How much of a title is looked at: room for addresses behind links.
const MAX_RAW_CHARS: usize = 2_000;

/// How deep emphasis is unwrapped; what lies deeper stays as it was written.
const MAX_DEPTH: u8 = 4;

/// How many marks may be stacked on a letter.
const MAX_STACKED: usize = 3;

/// Emphasis of Markdown, the longer first.
const MARKS: [&[char]; 7] =
    [&['*', '*', '*'], &['*', '*'], &['_', '_'], &['~', '~'], &['*'], &['_'], &['`']];

/// `raw` without control, invisible and direction-changing characters, and without Markdown: a link
/// becomes its text, emphasis goes. At most `max_chars` characters, on one line; it can be empty.
pub(crate) fn plain(raw: &str, max_chars: usize) -> String {
    let visible = visible(raw);
    let words = unmarked(&visible, 0);
    let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= max_chars {
        return text;
    }
    let mut cut: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().trim_end_matches(is_joiner).len());
    cut.push('…');
    cut
}

/// Drops what cannot be seen, and makes one space of any white space.
fn visible(raw: &str) -> Vec<char> {
    let raw: Vec<char> = raw.chars().take(MAX_RAW_CHARS).collect();
    let mut kept: Vec<char> = Vec::with_capacity(raw.len());
    let mut stacked = 0;
    for (index, &char) in raw.iter().enumerate() {
        stacked = if is_stacking(char) { stacked + 1 } else { 0 };
        if char.is_whitespace() || char.is_control() {
            if kept.last().is_some_and(|last| *last != ' ') {
                kept.push(' ');
            }
        } else if is_joiner(char) {
            // Persian words and families of emoji need joiners; nothing else does.
            let joins = |char: Option<&char>| char.is_some_and(|char| is_joined(*char));
            if joins(kept.last()) && joins(raw.get(index + 1)) {
                kept.push(char);
            }
        } else if !is_invisible(char) && stacked <= MAX_STACKED {
            kept.push(char);
        }
    }
    kept
}

/// Takes Markdown's links and emphasis away. A search for an end that fails is not begun again: the time
/// taken grows with the length only.
fn unmarked(chars: &[char], depth: u8) -> String {
    let mut text = String::with_capacity(chars.len());
    let mut ended = [false; MARKS.len()];
    let mut at = 0;
    'next: while at < chars.len() {
        if depth < MAX_DEPTH {
            if let Some((inside, length)) = link(&chars[at..]) {
                text.push_str(&unmarked(inside, depth + 1));
                at += length;
                continue;
            }
            for (mark, ended) in MARKS.iter().zip(&mut ended) {
                if *ended || !chars[at..].starts_with(mark) || !opens(chars, at, mark.len()) {
                    continue;
                }
                let start = at + mark.len();
                match end(chars, start + 1, mark) {
                    Some(end) => {
                        text.push_str(&unmarked(&chars[start..end], depth + 1));
                        at = end + mark.len();
                        continue 'next;
                    }
                    None => *ended = true,
                }
            }
        }
        text.push(chars[at]);
        at += 1;
    }
    text
}

/// The text of `[text](address)` that `chars` begin with, and how long all of it is.
fn link(chars: &[char]) -> Option<(&[char], usize)> {
    if *chars.first()? != '[' {
        return None;
    }
    let end = 1 + chars[1..].iter().position(|char| matches!(char, '[' | ']'))?;
    let inside = &chars[1..end];
    if inside.iter().all(|char| *char == ' ') || !chars[end..].starts_with(&[']', '(']) {
        return None;
    }
    let mut open = 1;
    for (index, char) in chars[end + 2..].iter().enumerate() {
        match char {
            '(' => open += 1,
            ')' => open -= 1,
            ' ' => return None,
            _ => {}
        }
        if open == 0 {
            return Some((inside, end + 2 + index + 1));
        }
    }
    None
}

/// Emphasis begins before a word, and not within one: `2*3*4` and `snake_case` stay.
fn opens(chars: &[char], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    let after = chars.get(at + length);
    before.is_none_or(|char| !char.is_ascii_alphanumeric())
        && after.is_some_and(|char| *char != ' ' && *char != chars[at])
}

/// Where `mark` ends an emphasis, from `from` on.
fn end(chars: &[char], from: usize, mark: &[char]) -> Option<usize> {
    (from..chars.len()).find(|&at| {
        chars[at..].starts_with(mark)
            && chars[at - 1] != ' '
            && chars.get(at + mark.len()).is_none_or(|char| !char.is_ascii_alphanumeric())
    })
}

/// What a joiner may stand beside: letters of other scripts, emoji and their variants.
fn is_joined(char: char) -> bool {
    !char.is_ascii()
        && !char.is_whitespace()
        && !char.is_control()
        && !is_invisible(char)
        && !is_joiner(char)
}

#[cfg(test)]
mod tests;
