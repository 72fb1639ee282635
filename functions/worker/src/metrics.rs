//! What one message cost, as metrics.

use aws::telemetry::{Metrics, Unit};
use aws_lambda_events::sqs::SqsMessage;
use service::ports::{Clock, SystemClock};
use service::worker::RunReport;

/// The processor time of the decoders that have ended, ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChildCpu(u64);

/// Linux counts processor time for programs in hundredths of a second, whatever it measures in.
const TICK_MS: u64 = 10;

impl ChildCpu {
    pub(crate) fn so_far() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        Self(of_children(&stat).unwrap_or_default() * TICK_MS)
    }

    fn since(self, before: Self) -> u64 {
        self.0.saturating_sub(before.0)
    }
}

/// `cutime` and `cstime` (proc(5)): fields 16 and 17, counted behind the name in parentheses, which
/// may hold spaces.
fn of_children(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(13);
    let (user, system): (u64, u64) = (times.next()?.parse().ok()?, times.next()?.parse().ok()?);
    Some(user + system)
}

pub(crate) fn print_metrics(record: &SqsMessage, report: &RunReport, cold: bool, before: ChildCpu) {
    let metrics = Metrics::new()
        .with("ColdStart", Unit::Count, cold.into())
        .with("QueueDelay", Unit::Milliseconds, queue_delay_ms(record))
        .with("Pictures", Unit::Count, report.pictures)
        .with("Continuations", Unit::Count, report.handed_on.into())
        .with("BytesRead", Unit::Bytes, report.usage.bytes_read)
        .with("BytesWritten", Unit::Bytes, report.usage.bytes_written)
        .with(
            "DecodeCpu",
            Unit::Milliseconds,
            ChildCpu::so_far().since(before),
        );
    metrics.print();
    if let Some(code) = &report.failure {
        let failures = Metrics::new().by("Code", code);
        failures.with("Failures", Unit::Count, 1).print();
    }
}

/// From when the message was sent.
fn queue_delay_ms(record: &SqsMessage) -> u64 {
    let sent = record.attributes.get("SentTimestamp");
    let sent_ms: Option<i64> = sent.and_then(|text| text.parse().ok());
    let delay = sent_ms.map(|sent_ms| SystemClock.now_ms() - sent_ms);
    delay.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::of_children;

    #[test]
    fn the_time_of_children_is_found_behind_any_name() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 100 200 0 0 11 12 130 14 20 0 1 0 5 6 7";
        assert_eq!(of_children(stat), Some(144));
        assert_eq!(of_children(""), None);
    }
}
