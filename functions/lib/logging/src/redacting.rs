//! A writer that removes secrets of URLs from each line.

use contract::redacted;
use std::io::{self, Write};

/// Redacts each URL in each write. `tracing-subscriber` writes a line in one piece.
pub(crate) struct RedactingWriter<W>(pub(crate) W);

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(redacted::text(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captured::CapturedLog;
    use crate::json::JsonLine;
    use crate::text::text_fields;
    use tracing_subscriber::fmt::format::JsonFields;

    #[test]
    fn no_line_has_the_secrets_of_a_url_however_it_is_logged() {
        let (text, json) = (CapturedLog::default(), CapturedLog::default());
        let url = "https://user:SECRET@host/v/a.jpg?Expires=1&Signature=SECRET";
        let log = || tracing::info!(url, cause = %format!("{url:?} is bad"), "of {url}");
        let writer = text.clone();
        let lines = tracing_subscriber::fmt()
            .with_writer(move || RedactingWriter(writer.clone()))
            .fmt_fields(text_fields());
        tracing::subscriber::with_default(lines.finish(), log);
        let writer = json.clone();
        let lines = tracing_subscriber::fmt()
            .with_writer(move || RedactingWriter(writer.clone()))
            .fmt_fields(JsonFields::new())
            .event_format(JsonLine);
        tracing::subscriber::with_default(lines.finish(), log);
        for captured in [text.text(), json.text()] {
            assert!(
                !captured.contains("SECRET") && !captured.contains("user"),
                "{captured}"
            );
            let kept = captured.matches("https://host/v/a.jpg?...").count();
            assert_eq!(kept, 3, "{captured}");
        }
    }
}
