//! Uploads by URL: their records on the table, their files in a bucket of their own, and the way to
//! the URLs.

mod bucket;
mod client;
mod records;

pub(crate) use bucket::UploadBucket;
pub use client::PinnedClient;
pub(crate) use records::UploadItems;
