//! Logs go to stderr, as text or as JSON with the fields of every span around.

use crate::cli::LogFormat;
use contract::redacted;
use std::io::{self, IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Starts logging for this process; `RUST_LOG` overrides the level.
pub(crate) fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_ansi(colours)
        .with_env_filter(filter)
        .with_writer(|| Redacting(io::stderr()));
    // A second start in one process (tests) keeps the first.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Takes what lets callers in out of the URLs of each line, whoever wrote it. A line comes in
/// one piece.
struct Redacting<W>(W);

impl<W: Write> Write for Redacting<W> {
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
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_line_has_the_secrets_of_a_url_however_it_is_logged() {
        let (text, json) = (Kept::default(), Kept::default());
        let url = "https://user:SECRET@host/v/a.jpg?Expires=1&Signature=SECRET";
        let say = || tracing::info!(url, cause = %format!("{url:?} is bad"), "of {url}");
        let writer = text.clone();
        let lines = tracing_subscriber::fmt().with_writer(move || Redacting(writer.clone()));
        tracing::subscriber::with_default(lines.finish(), say);
        let writer = json.clone();
        let lines = tracing_subscriber::fmt().with_writer(move || Redacting(writer.clone()));
        tracing::subscriber::with_default(lines.json().finish(), say);
        for kept in [text, json] {
            let kept = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert!(!kept.contains("SECRET") && !kept.contains("user"), "{kept}");
            assert_eq!(
                kept.matches("https://host/v/a.jpg?...").count(),
                3,
                "{kept}"
            );
        }
    }
}
