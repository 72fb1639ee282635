//! Ports that count what they are asked for.

use crate::meter::{Counts, Meter};
use async_trait::async_trait;
use service::model::Message;
use service::ports::{PortResult, Ports, Queue};
use source::{RangeSource, ReadError};
use std::future::Future;
use std::sync::{Arc, Mutex};
use support::hooked_ports::{Down, PortHook, with_hook};

/// Messages that were sent, not yet received.
pub(crate) type Sent = Arc<Mutex<Vec<Message>>>;

struct SentMessages(Sent, Arc<Meter>);

/// `ports`, of which those that a worker uses are counted; what it sends goes to `sent`.
pub(crate) fn counted(ports: &Ports, meter: &Arc<Meter>, sent: &Sent) -> Ports {
    Ports {
        queue: Arc::new(SentMessages(Arc::clone(sent), Arc::clone(meter))),
        ..with_hook(ports, &Counting(Arc::clone(meter)))
    }
}

#[async_trait]
impl Queue for SentMessages {
    async fn send(&self, message: &Message) -> PortResult<()> {
        self.1.count(|counts| counts.sent += 1);
        self.0.lock().unwrap().push(message.clone());
        Ok(())
    }
}

#[derive(Clone)]
struct Counting(Arc<Meter>);

impl PortHook for Counting {
    async fn call<T, E>(
        &self,
        name: &'static str,
        effect: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send,
        E: Down + Send,
    {
        self.0.count(|counts| count(counts, name));
        effect.await
    }

    fn putting(&self, _key: &str, content_type: &'static str) {
        let is_picture = content_type == "image/jpeg";
        self.0
            .count(|counts| counts.pictures += u32::from(is_picture));
    }

    fn opened(&self, file: Arc<dyn RangeSource>) -> Arc<dyn RangeSource> {
        Arc::new(Ranges(file, Arc::clone(&self.0)))
    }
}

fn count(counts: &mut Counts, name: &str) {
    let counted = match name {
        // A list costs as much as a write; a deletion is free.
        "objects.put" | "objects.list" => &mut counts.s3_writes,
        "objects.get" | "objects.size" => &mut counts.s3_reads,
        // What a look at the object itself is.
        "sources.open" => &mut counts.first_ranges,
        name if name.starts_with("jobs.") || name.starts_with("videos.") => &mut counts.table,
        _ => return,
    };
    *counted += 1;
}

/// A file as an object of S3 is one: without a path, read by ranges.
#[derive(Debug)]
struct Ranges(Arc<dyn RangeSource>, Arc<Meter>);

impl RangeSource for Ranges {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.1.count(|counts| match counts.pictures {
            0 => counts.first_ranges += 1,
            _ => counts.ranges += 1,
        });
        self.0.read_at(offset, into)
    }

    fn identity(&self) -> Option<String> {
        self.0.identity()
    }
}
