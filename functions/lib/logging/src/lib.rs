//! One log format for every program of the workspace.
//!
//! **Purpose.** The functions on AWS and the server on one machine run the same code. Whoever
//! reads their logs searches both in the same way.
//!
//! **Promise.**
//! - [`LogFormat::Json`] writes one flat JSON object per line: `Time`, `Level`, `Target`,
//!   `Message`, and the fields of the event and of every span around it.
//! - Fields are spelled as the API spells them, in both formats: a search for a `JobId`,
//!   `VideoId` or `RequestId` that an answer contained finds every line about it.
//! - No line contains a user, password or query of a URL, whoever logged it
//!   ([`contract::redacted`]).
//! - No text that a client sent starts a line of its own.
//!
//! **Non-goals.** No metrics, no files, no rotation: lines go to a stream that the environment
//! collects.
//!
//! ```
//! logging::start(logging::LogFormat::Json, std::io::stdout);
//! tracing::info!(job_id = "a1", "accepted");
//! // {"Time":"...","Level":"INFO","Target":"rust_out","Message":"accepted","JobId":"a1"}
//! ```

mod field_name;
mod json;
mod redacting;
mod text;

#[cfg(test)]
mod captured;

use json::JsonLine;
use redacting::RedactingWriter;
use std::io;
use text::text_fields;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text {
        /// Whether levels have terminal colours.
        has_colours: bool,
    },
    /// One JSON object per line.
    Json,
}

/// Starts logging for this process, to the stream that `stream` opens. `RUST_LOG` overrides the
/// level, of everything or of single modules (`info,media=debug`). A second start has no effect.
pub fn start<W>(format: LogFormat, stream: fn() -> W)
where
    W: io::Write + 'static,
{
    let levels = levels(std::env::var("RUST_LOG").ok().as_deref());
    let lines = tracing_subscriber::fmt::layer().with_writer(move || RedactingWriter(stream()));
    let registry = tracing_subscriber::registry();
    let _ = match format {
        LogFormat::Text { has_colours } => {
            let lines = lines.with_ansi(has_colours).fmt_fields(text_fields());
            registry.with(lines.with_filter(levels)).try_init()
        }
        LogFormat::Json => {
            let lines = lines.fmt_fields(JsonFields::new()).event_format(JsonLine);
            registry.with(lines.with_filter(levels)).try_init()
        }
    };
}

/// By module only: filters by field would need a regular expression engine.
fn levels(setting: Option<&str>) -> Targets {
    let setting = setting.filter(|text| !text.trim().is_empty());
    let levels = setting.and_then(|text| text.parse().ok());
    levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn rust_log_sets_the_level_of_all_modules_or_of_some() {
        let enabled = |setting, module, level| levels(setting).would_enable(module, &level);
        for unusable in [None, Some(""), Some("media=nonsense")] {
            assert!(enabled(unusable, "media", Level::INFO), "{unusable:?}");
            assert!(!enabled(unusable, "media", Level::DEBUG), "{unusable:?}");
        }
        let setting = Some("warn,media=debug");
        assert!(enabled(setting, "media::video", Level::DEBUG));
        assert!(!enabled(setting, "service", Level::INFO));
    }
}
