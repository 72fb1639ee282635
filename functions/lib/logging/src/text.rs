//! Fields of a line for people: the message, then `Name=value` with the API's names.

use crate::field_name::{api_spelling, is_metadata};
use std::fmt::{self, Debug};
use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

/// Formats the fields of events and spans. Control characters are escaped: a value often comes
/// from a client, and must neither start a new line nor colour the terminal.
pub(crate) fn text_fields() -> impl for<'w> FormatFields<'w> + 'static {
    debug_fn(
        |writer: &mut Writer<'_>, field: &Field, value: &dyn Debug| {
            write_field(writer, field.name(), value)
        },
    )
    .delimited(" ")
}

fn write_field(writer: &mut Writer<'_>, name: &str, value: &dyn Debug) -> fmt::Result {
    if is_metadata(name) {
        return Ok(());
    }
    if name != "message" {
        write!(writer, "{}=", api_spelling(name))?;
    }
    for character in format!("{value:?}").chars() {
        match character.is_control() {
            true => write!(writer, "{}", character.escape_default())?,
            false => writer.write_char(character)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captured::CapturedLog;

    #[test]
    fn a_line_for_people_has_the_names_of_the_api_and_no_control_character() {
        let log = CapturedLog::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .without_time()
            .with_ansi(false)
            .with_target(false)
            .fmt_fields(text_fields())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let job = tracing::info_span!("job", job_id = "j\n", video_id = tracing::field::Empty);
            let _job = job.enter();
            job.record("video_id", "v");
            tracing::warn!(delay_s = 3, error = %"no\n\u{1b}[31m", "will try\nagain");
        });
        assert_eq!(
            log.text(),
            " WARN job{JobId=\"j\\n\" VideoId=\"v\"}: will try\\nagain DelayS=3 Error=no\\n\\u{1b}[31m\n"
        );
    }
}
