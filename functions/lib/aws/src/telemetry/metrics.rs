//! Metrics in CloudWatch's embedded format: a line of JSON that says which of its members are
//! metrics. No call, no agent.

use serde_json::{Map, Value, json};
use service::model::UnixMs;
use service::ports::{Clock, SystemClock};
use std::io::Write;

/// Of all metrics of the service; `FunctionName` tells deployments apart.
const NAMESPACE: &str = "vod-snapshot";

/// CloudWatch's names of what a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Count,
    Bytes,
    Milliseconds,
}

/// Numbers of one moment.
#[derive(Debug, Clone)]
pub struct Metrics {
    dimensions: Vec<(&'static str, String)>,
    numbers: Vec<(&'static str, Unit, u64)>,
}

impl Metrics {
    /// Of this function.
    #[must_use]
    pub fn new() -> Self {
        let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        Self {
            dimensions: vec![("FunctionName", function)],
            numbers: Vec::new(),
        }
    }

    /// Also by this; each value becomes a metric of its own, so there must be few.
    #[must_use]
    pub fn by(mut self, name: &'static str, value: &str) -> Self {
        self.dimensions.push((name, value.to_owned()));
        self
    }

    /// With this number.
    #[must_use]
    pub fn with(mut self, name: &'static str, unit: Unit, number: u64) -> Self {
        self.numbers.push((name, unit, number));
        self
    }

    /// Writes the line on standard output, where Lambda takes it from.
    pub fn print(&self) {
        let line = format!("{}\n", self.line(SystemClock.now_ms()));
        // Who reads no metrics loses no job.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }

    fn line(&self, now_ms: UnixMs) -> Value {
        let names: Vec<_> = self.dimensions.iter().map(|(name, _)| *name).collect();
        let metrics = self.numbers.iter();
        let metrics: Vec<_> = metrics
            .map(|(name, unit, _)| json!({"Name": name, "Unit": format!("{unit:?}")}))
            .collect();
        let directive = json!({
            "Timestamp": now_ms,
            "CloudWatchMetrics": [
                {"Namespace": NAMESPACE, "Dimensions": [names], "Metrics": metrics}
            ],
        });
        let mut line = Map::from_iter([("_aws".to_owned(), directive)]);
        let said = |(name, value): &(&str, String)| ((*name).to_owned(), json!(value));
        line.extend(self.dimensions.iter().map(said));
        let counted = |(name, _, number): &(&str, Unit, u64)| ((*name).to_owned(), json!(number));
        line.extend(self.numbers.iter().map(counted));
        Value::Object(line)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_which_members_are_metrics() {
        let metrics = Metrics {
            dimensions: vec![("FunctionName", "f".to_owned())],
            numbers: Vec::new(),
        };
        let metrics = metrics.by("Code", "Bad").with("Failures", Unit::Count, 1);
        let expected = json!({
            "_aws": {
                "Timestamp": 5,
                "CloudWatchMetrics": [{
                    "Namespace": "vod-snapshot",
                    "Dimensions": [["FunctionName", "Code"]],
                    "Metrics": [{"Name": "Failures", "Unit": "Count"}],
                }],
            },
            "FunctionName": "f", "Code": "Bad", "Failures": 1,
        });
        assert_eq!(metrics.line(5), expected);
    }
}
