//! Log lines as JSON: one flat object each, with the fields of every span around the event.

use crate::field_name::{api_spelling, is_metadata};
use serde_json::{Map, Value, json};
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Formats an event as one line.
pub(crate) struct JsonLine;

impl<S> FormatEvent<S, JsonFields> for JsonLine
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
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let metadata = event.metadata();
        line.insert("Time".to_owned(), time.into());
        line.insert("Level".to_owned(), metadata.level().as_str().into());
        line.insert("Target".to_owned(), metadata.target().into());
        let mut fields = EventFields(Map::new());
        for span in context
            .event_scope()
            .into_iter()
            .flat_map(|s| s.from_root())
        {
            let extensions = span.extensions();
            let formatted = extensions.get::<FormattedFields<JsonFields>>();
            let of_span = formatted.and_then(|json| serde_json::from_str(&json.fields).ok());
            let of_span: Map<String, Value> = of_span.unwrap_or_default();
            fields.0.extend(of_span);
        }
        event.record(&mut fields);
        let fields = fields.0.into_iter();
        let fields = fields.filter(|(name, _)| !is_metadata(name));
        line.extend(fields.map(|(name, value)| (api_spelling(&name), value)));
        writeln!(writer, "{}", Value::Object(line))
    }
}

/// The fields of one event.
struct EventFields(Map<String, Value>);

impl EventFields {
    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for EventFields {
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
    use crate::captured::CapturedLog;

    #[test]
    fn a_line_has_the_fields_of_all_spans_as_the_api_spells_them() {
        let log = CapturedLog::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .fmt_fields(JsonFields::new())
            .event_format(JsonLine)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let call = tracing::info_span!("call", requestId = "f");
            let _call = call.enter();
            let job = tracing::info_span!("job", job_id = "j", video_id = tracing::field::Empty);
            let _job = job.enter();
            job.record("video_id", "v\"");
            tracing::warn!(delay_s = 3, error = %"no\n", "will try again");
        });
        let text = log.text();
        assert_eq!(text.lines().count(), 1);
        let mut line: Value = serde_json::from_str(&text).unwrap();
        assert!(line.as_object_mut().unwrap().remove("Time").is_some());
        let expected = json!({
            "Level": "WARN", "Target": "logging::json::tests", "FunctionRequestId": "f", "JobId": "j", "VideoId": "v\"",
            "Message": "will try again", "DelayS": 3, "Error": "no\n",
        });
        assert_eq!(line, expected);
    }
}
