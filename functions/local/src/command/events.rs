//! `vod-snapshot events`

use crate::cli::Events;
use crate::error::Error;
use embedded::EventLog;
use std::time::Duration;

/// How often a followed log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(super) async fn run(arguments: Events) -> Result<(), Error> {
    let log = EventLog::open_read_only(&arguments.data)?;
    let mut after = 0;
    loop {
        let events = log.events_after(after, 100)?;
        let none = events.is_empty();
        for (sequence, event) in events {
            after = sequence;
            if !super::print(&String::from_utf8_lossy(&event.body)) {
                return Ok(());
            }
        }
        if none && !arguments.follow {
            return Ok(());
        }
        if none {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
