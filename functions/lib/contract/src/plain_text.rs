//! Texts that people read. Programs write back what they read, so one rule holds wherever a text
//! comes from.

/// Whether `text` has no control characters but tabs and line breaks, as paragraphs and lists have
/// them.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}
