//! Promise: a page of another origin shows the pictures of a deployment, and reads them. The browser
//! is Debian's Chromium, the player Shaka; API Gateway's TLS and HTTP/2 are Node's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod account;
mod browser;
mod deployment;
mod page;
mod s3;
mod shown;
