//! A client for each region that a bucket turns out to be in.
//!
//! S3 answers a call to the wrong region with 301 or 400, and names the right one in a header
//! ("Making requests to a bucket in another Region", `x-amz-bucket-region`). The SDK hands that answer
//! on: following it would need another signature.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::config::http::HttpResponse;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tracing::info;

/// The client of each bucket: that of this deployment's region, until S3 names another.
pub(crate) struct RegionalClients {
    own: Client,
    elsewhere: Mutex<HashMap<String, Client>>,
}

impl RegionalClients {
    pub(crate) fn new(own: Client) -> Self {
        Self {
            own,
            elsewhere: Mutex::default(),
        }
    }

    /// Clones share their connections.
    pub(crate) fn of(&self, bucket: &str) -> Client {
        let known = self.elsewhere.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        known.get(bucket).unwrap_or(&self.own).clone()
    }

    /// Whether `answer` names another region than the bucket was looked for in; it is known from
    /// now on.
    pub(crate) fn learn(&self, bucket: &str, answer: Option<&HttpResponse>) -> bool {
        let Some(region) = answer.and_then(region_in) else {
            return false;
        };
        let asked = self.of(bucket);
        if asked.config().region().map(Region::as_ref) == Some(region) {
            return false;
        }
        info!(bucket, region, "a bucket of another region");
        let config = asked.config().to_builder();
        let config = config.region(Region::new(region.to_owned())).build();
        let mut known = self
            .elsewhere
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(bucket.to_owned(), Client::from_conf(config));
        true
    }
}

/// A 403 has the header too, and is no matter of regions.
fn region_in(answer: &HttpResponse) -> Option<&str> {
    let elsewhere = matches!(answer.status().as_u16(), 301 | 307 | 400);
    let region = answer.headers().get("x-amz-bucket-region");
    region.filter(|region| elsewhere && !region.is_empty())
}
