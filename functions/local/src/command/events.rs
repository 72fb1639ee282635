//! `vod-snapshot events`

use crate::cli::EventsArgs;
use crate::console;
use crate::error::CommandError;
use embedded::EventLog;
use std::time::Duration;

/// How often --follow looks for new events.
const POLL_EVERY: Duration = Duration::from_millis(200);

pub(super) async fn run(arguments: EventsArgs) -> Result<(), CommandError> {
    let log = EventLog::open_read_only(&arguments.data)?;
    let mut after = 0;
    loop {
        let events = log.events_after(after, 100)?;
        let is_empty = events.is_empty();
        for (sequence, event) in events {
            after = sequence;
            let line = String::from_utf8_lossy(&event.body);
            if !console::write_line(&line).map_err(CommandError::Stdout)? {
                return Ok(());
            }
        }
        if is_empty && !arguments.follow {
            return Ok(());
        }
        if is_empty {
            tokio::time::sleep(POLL_EVERY).await;
        }
    }
}
