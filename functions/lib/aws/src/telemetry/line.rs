//! Log lines: one flat JSON object each, with the fields of every span around.
//!
//! Fields are spelled as the API spells them, so that a search for a `JobId`, `VideoId` or
//! `RequestId` finds what both functions said.

use serde_json::{Map, Value, json};
use service::ports::{Clock, SystemClock};
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging for this process; `RUST_LOG` overrides the level, of all or of some modules
/// (`info,media=debug`). A second start keeps the first.
pub fn start_logging() {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stdout)
        .fmt_fields(JsonFields::new())
        .event_format(Line);
    let levels = levels(std::env::var("RUST_LOG").ok().as_deref());
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(levels))
        .try_init();
}

/// By targets alone: filters by fields would bring an engine of regular expressions along.
fn levels(said: Option<&str>) -> Targets {
    let said = said.filter(|text| !text.trim().is_empty());
    let said = said.and_then(|text| text.parse().ok());
    said.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
}

struct Line;

impl<S> FormatEvent<S, JsonFields> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Map::new();
        let now = contract::time::utc_time(SystemClock.now_ms());
        line.insert("Time".to_owned(), now.into());
        line.insert("Level".to_owned(), event.metadata().level().as_str().into());
        let mut fields = Fields(Map::new());
        for span in context
            .event_scope()
            .into_iter()
            .flat_map(|s| s.from_root())
        {
            let extensions = span.extensions();
            let told = extensions.get::<FormattedFields<JsonFields>>();
            let told = told.and_then(|told| serde_json::from_str(&told.fields).ok());
            let told: Map<String, Value> = told.unwrap_or_default();
            fields.0.extend(told);
        }
        event.record(&mut fields);
        let named = fields.0.into_iter();
        line.extend(named.map(|(name, value)| (spelled(&name), value)));
        // Whoever wrote it, an error of the SDK too: no line has what lets callers in.
        let line = Value::Object(line).to_string();
        writeln!(writer, "{}", contract::redacted::text(&line))
    }
}

/// `job_id` as `JobId`. What the runtime says of the call in hand has a name of its own: it
/// numbers calls of the function, the API numbers requests.
fn spelled(name: &str) -> String {
    match name {
        "requestId" => "FunctionRequestId".to_owned(),
        "xrayTraceId" => "TraceId".to_owned(),
        _ => name.split('_').map(capital).collect(),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
    })
}

/// The fields of one event.
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, json!(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, json!(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, json!(format!("{value:?}")));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn levels_are_said_of_all_or_of_some() {
        let enabled = |said, of, level| levels(said).would_enable(of, &level);
        for unsaid in [None, Some(""), Some("media=nonsense")] {
            assert!(enabled(unsaid, "media", tracing::Level::INFO), "{unsaid:?}");
            assert!(
                !enabled(unsaid, "media", tracing::Level::DEBUG),
                "{unsaid:?}"
            );
        }
        let said = Some("warn,media=debug");
        assert!(enabled(said, "media::ffmpeg", tracing::Level::DEBUG));
        assert!(!enabled(said, "service", tracing::Level::INFO));
    }

    #[test]
    fn a_line_has_the_fields_of_all_spans_as_the_api_spells_them() {
        let out = Kept::default();
        let writer = out.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .fmt_fields(JsonFields::new())
            .event_format(Line)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let call = tracing::info_span!("call", requestId = "f");
            let _call = call.enter();
            let job = tracing::info_span!("job", job_id = "j", video_id = tracing::field::Empty);
            let _job = job.enter();
            job.record("video_id", "v\"");
            tracing::warn!(delay_s = 3, error = %"no\n", "will try again");
        });
        let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1);
        let mut line: Value = serde_json::from_str(&text).unwrap();
        assert!(line.as_object_mut().unwrap().remove("Time").is_some());
        let expected = json!({
            "Level": "WARN", "FunctionRequestId": "f", "JobId": "j", "VideoId": "v\"",
            "Message": "will try again", "DelayS": 3, "Error": "no\n",
        });
        assert_eq!(line, expected);
    }
}
