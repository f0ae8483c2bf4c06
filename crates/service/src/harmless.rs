//! Other people's text on one's own terminal.
//!
//! A terminal obeys what it shows: ESC begins sequences that clear the screen, name the window or
//! answer into the keyboard's buffer, U+009B does so without an ESC, and a newline begins a line
//! that somebody else seems to have said. So each such character becomes a picture of itself:
//! U+2400 to U+2421 for those of ASCII, U+FFFD for the rest.

use std::borrow::Cow;

/// What is shown in place of a character, `None` when it is harmless itself. A tab is.
fn picture(c: char) -> Option<char> {
    match c {
        '\t' => None,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        // C1 controls; separators of lines and paragraphs; what turns the direction of what follows.
        '\u{80}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// Appends a text in its harmless form. It may become three times as long.
pub fn push_harmless(out: &mut Vec<u8>, text: &str) {
    let mut clean = 0;
    for (at, c) in text.char_indices() {
        if let Some(picture) = picture(c) {
            out.extend_from_slice(&text.as_bytes()[clean..at]);
            out.extend_from_slice(picture.encode_utf8(&mut [0; 4]).as_bytes());
            clean = at + c.len_utf8();
        }
    }
    out.extend_from_slice(&text.as_bytes()[clean..]);
}

/// Bytes from the network as a text that can be printed: what is not UTF-8 is shown as U+FFFD.
/// Nothing is copied as long as nothing has to be replaced.
pub fn harmless(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if text.chars().all(|c| picture(c).is_none()) {
        return text;
    }
    text.chars().map(|c| picture(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        for (text, shown) in [
            ("plain, 中文 and 🙂", "plain, 中文 and 🙂"),
            ("a\tb", "a\tb"),
            ("\x1b[2Jx", "␛[2Jx"),
            ("one\n管理员 说:two\r", "one␊管理员 说:two␍"),
            ("\0\x07\x7f", "␀␇␡"),
            ("\u{9b}31m\u{2028}\u{202e}", "\u{fffd}31m\u{fffd}\u{fffd}"),
        ] {
            let mut out = Vec::new();
            push_harmless(&mut out, text);
            assert_eq!(str::from_utf8(&out), Ok(shown));
            assert_eq!(harmless(text.as_bytes()), shown);
        }
        assert_eq!(harmless(b"a\xffb"), "a\u{fffd}b");
    }
}
