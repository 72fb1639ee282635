//! Numbers for Prometheus.
//!
//! Labels have few values, whatever clients send: a name that is no action counts as `unknown`.

use embedded::{Store, StoreStatistics};
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use service::api::{AnsweredCall, CallObserver};
use service::ports::{Clock, SystemClock};
use service::worker::RunReport;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long what the database counted holds.
const COUNTS_HOLD_FOR: Duration = Duration::from_secs(1);

/// A scrape comes with what is known by then.
const PATIENCE: Duration = Duration::from_secs(2);

/// What statuses there are, so that each is told from the start.
const STATUSES: [&str; 4] = ["Queued", "Processing", "Success", "Fail"];

/// Of a call whose name is no action.
const UNKNOWN: &str = "unknown";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    action: &'static str,
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LaneLabel {
    lane: &'static str,
}

type Seconds = Counter<f64, AtomicU64>;

/// All numbers of a server. Clones are the same.
#[derive(Clone)]
pub(crate) struct ServerMetrics(Arc<Numbers>);

struct Numbers {
    registry: Registry,
    /// When the database was last counted.
    counted: Mutex<Option<Instant>>,
    calls: Family<CallLabels, Counter>,
    call_seconds: Seconds,
    pictures: Counter,
    delivery_failures: Counter,
    decoder_cpu: Seconds,
    jobs: Family<StatusLabel, Gauge>,
    queue_waiting: Family<LaneLabel, Gauge>,
    queue_in_flight: Family<LaneLabel, Gauge>,
    queue_age: Family<LaneLabel, Gauge<f64, AtomicU64>>,
    deliveries_open: Gauge,
    deliveries_failing: Gauge,
    deliveries_given_up: Gauge,
}

impl ServerMetrics {
    pub(crate) fn new(ffmpeg_version: &str) -> Self {
        let mut numbers = Numbers {
            registry: Registry::with_prefix("vod_snapshot"),
            counted: Mutex::default(),
            calls: Family::default(),
            call_seconds: Seconds::default(),
            pictures: Counter::default(),
            delivery_failures: Counter::default(),
            decoder_cpu: Seconds::default(),
            jobs: Family::default(),
            queue_waiting: Family::default(),
            queue_in_flight: Family::default(),
            queue_age: Family::default(),
            deliveries_open: Gauge::default(),
            deliveries_failing: Gauge::default(),
            deliveries_given_up: Gauge::default(),
        };
        numbers.register(ffmpeg_version);
        Self(Arc::new(numbers))
    }

    /// A run of a worker has ended.
    pub(crate) fn count_run(&self, report: &RunReport) {
        self.0.pictures.inc_by(report.pictures);
    }

    /// An attempt to deliver an event has failed.
    pub(crate) fn count_failed_delivery(&self) {
        self.0.delivery_failures.inc();
    }

    /// All numbers as text, with what is in the store now.
    pub(crate) async fn text(&self, store: &Store) -> String {
        let mut counted = self.0.counted.lock().await;
        if counted.is_none_or(|at| at.elapsed() >= COUNTS_HOLD_FOR)
            && let Ok(Ok(statistics)) = timeout(PATIENCE, store.statistics()).await
        {
            self.0.set(&statistics);
            *counted = Some(Instant::now());
        }
        let cpu = decoder::children_time().as_secs_f64();
        let cpu_now = self.0.decoder_cpu.inner();
        cpu_now.store(cpu.to_bits(), Ordering::Relaxed);
        let mut text = String::new();
        // Nothing fails where strings are written to.
        let _ = prometheus_text::encode(&mut text, &self.0.registry);
        text
    }
}

impl Numbers {
    fn register(&mut self, ffmpeg_version: &str) {
        let registry = &mut self.registry;
        let build = Info::new([
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("ffmpeg", ffmpeg_version.to_owned()),
        ]);
        registry.register("build", "The program and its decoder", build);
        registry.register("api_calls", "Answered calls", self.calls.clone());
        registry.register(
            "api_call_seconds",
            "Time in which calls were answered",
            self.call_seconds.clone(),
        );
        registry.register(
            "pictures",
            "Pictures of jobs that succeeded since the start",
            self.pictures.clone(),
        );
        registry.register(
            "decoder_cpu_seconds",
            "Processor time of decoders that have ended",
            self.decoder_cpu.clone(),
        );
        registry.register("jobs", "Jobs in the store", self.jobs.clone());
        registry.register(
            "queue_messages",
            "Messages that wait for a worker",
            self.queue_waiting.clone(),
        );
        registry.register(
            "queue_in_flight",
            "Messages that are being worked on",
            self.queue_in_flight.clone(),
        );
        registry.register(
            "queue_oldest_age_seconds",
            "How long the oldest waiting message has waited",
            self.queue_age.clone(),
        );
        registry.register(
            "deliveries_open",
            "Events that a subscriber is still to get",
            self.deliveries_open.clone(),
        );
        registry.register(
            "deliveries_failing",
            "Open deliveries with a failed attempt",
            self.deliveries_failing.clone(),
        );
        registry.register(
            "deliveries_given_up",
            "Events that a subscriber never got",
            self.deliveries_given_up.clone(),
        );
        registry.register(
            "delivery_attempts_failed",
            "Failed attempts to deliver an event since the start",
            self.delivery_failures.clone(),
        );
    }

    fn set(&self, statistics: &StoreStatistics) {
        for status in STATUSES {
            let found = statistics.jobs.iter().find(|(name, _)| name == status);
            let label = StatusLabel {
                status: status.to_owned(),
            };
            let count = found.map_or(0, |(_, count)| *count);
            self.jobs.get_or_create(&label).set(gauge(count));
        }
        let now_ms = SystemClock.now_ms();
        for queue in &statistics.queue {
            let label = LaneLabel { lane: queue.lane };
            let age_ms = queue.oldest_sent_ms.map_or(0, |sent_ms| now_ms - sent_ms);
            self.queue_waiting
                .get_or_create(&label)
                .set(gauge(queue.waiting));
            self.queue_in_flight
                .get_or_create(&label)
                .set(gauge(queue.in_flight));
            self.queue_age
                .get_or_create(&label)
                .set(age_ms.max(0) as f64 / 1000.0);
        }
        self.deliveries_open.set(gauge(statistics.deliveries_open));
        self.deliveries_failing
            .set(gauge(statistics.deliveries_failing));
        self.deliveries_given_up
            .set(gauge(statistics.deliveries_given_up));
    }
}

impl CallObserver for ServerMetrics {
    fn answered(&self, call: &AnsweredCall<'_>) {
        let labels = CallLabels {
            action: call.action.map_or(UNKNOWN, |action| action.name()),
            code: call.code.to_owned(),
        };
        self.0.calls.get_or_create(&labels).inc();
        self.0.call_seconds.inc_by(call.took.as_secs_f64());
    }
}

fn gauge(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
