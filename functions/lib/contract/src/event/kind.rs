//! What an event tells of, by its wire names.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventType {
    /// A snapshot job has ended.
    SnapshotComplete,
    /// A job of an animated image has ended.
    DynamicImageComplete,
    /// A file became a video without a call.
    FileUploadComplete,
    /// An upload by URL has ended.
    UploadByURLComplete,
}

impl EventType {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SnapshotComplete => "SnapshotComplete",
            Self::DynamicImageComplete => "DynamicImageComplete",
            Self::FileUploadComplete => "FileUploadComplete",
            Self::UploadByURLComplete => "UploadByURLComplete",
        }
    }
}

/// How what an event tells of has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// Well.
    Success,
    /// With an ErrorCode.
    Fail,
}

impl EventStatus {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for EventStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
