//! Texts of strangers on a terminal.

use std::borrow::Cow;

/// `text` with each character escaped that a terminal acts upon, such as those that move the
/// cursor, or that changes the order in which others are read. Names of files and answers of
/// servers are such texts.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, acts)
}

/// The same of several lines.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c != '\n' && acts(c))
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match is_escaped(c) {
            true => clean.extend(c.escape_default()),
            false => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

fn acts(c: char) -> bool {
    // Marks and overrides of direction, and separators of lines and paragraphs.
    let directs = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || directs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_upon_is_escaped() {
        assert_eq!(line("a\u{1b}[2Jb\r\n"), "a\\u{1b}[2Jb\\r\\n");
        assert_eq!(line("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(lines("a\nb\u{7}"), "a\nb\\u{7}");
        for plain in ["clip.mp4", "\u{7247}\u{6bb5} \u{e9}.mp4"] {
            assert!(matches!(line(plain), Cow::Borrowed(_)), "{plain}");
        }
    }
}
