//! A conversation in lines: one JSON object in, at most one out.

use std::io::{self, BufRead, ErrorKind, Read, Write};

use serde_json::json;

/// The longest line that is read, in bytes.
const LONGEST: usize = 16 << 20;

/// Asks `answer` for each line until the input ends. A line that is malformed is answered by what is wrong with it, and
/// the conversation goes on. Every answer is flushed; that nobody listens any more is no error.
pub(crate) fn converse(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(&str) -> Result<Option<String>, String>,
) -> io::Result<()> {
    let mut line = Vec::new();
    while let Some(is_whole) = read(&mut input, &mut line)? {
        let answered = match std::str::from_utf8(&line) {
            _ if !is_whole => Err(format!("the line is longer than {LONGEST} bytes")),
            Err(_) => Err("the line is not UTF-8".to_owned()),
            Ok(text) => answer(text.trim()),
        };
        let text = match answered {
            Ok(None) => continue,
            Ok(Some(text)) => text,
            Err(error) => json!({ "error": error }).to_string(),
        };
        match writeln!(output, "{text}").and_then(|()| output.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}

/// Reads the next line; tells whether it is whole. `None` at the end.
fn read(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let most = LONGEST as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.len() <= LONGEST || line.ends_with(b"\n") {
        return Ok(Some(true));
    }
    input.skip_until(b'\n')?;
    Ok(Some(false))
}
