//! What one parameter is.

use crate::http_url;

/// One parameter of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The wire name.
    pub name: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: Required,
    /// What holds where it is not there, as it would be written.
    pub default: Option<&'static str>,
    /// What it means, for people.
    pub doc: &'static str,
}

/// Whether a parameter must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// It need not.
    No,
    /// It must: without it `Missing{name}`.
    Always,
    /// One of `set` must: without any, MissingParameter names `named`.
    OneOf {
        /// What satisfies.
        set: &'static [&'static str],
        /// What the refusal names.
        named: &'static [&'static str],
    },
}

/// What the value of a parameter looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Decimal digits.
    Long {
        /// Inclusive.
        min: u64,
        /// Inclusive; none: what a signed 64-bit number holds.
        max: Option<u64>,
        /// Such as `px`; empty for mere numbers.
        unit: &'static str,
    },
    /// Decimal digits, with a `-` before them where it is negative.
    SignedLong,
    /// A Long that SDKs declare as a string.
    LongText {
        /// Inclusive.
        min: u64,
        /// Inclusive.
        max: u64,
        /// Such as `px`; empty for mere numbers.
        unit: &'static str,
    },
    /// A Long from 1 to the most snapshots of a job.
    Count,
    /// One of these words, in this case.
    Word(&'static [&'static str]),
    /// Text.
    Text {
        /// UTF-8.
        max_bytes: usize,
    },
    /// An http(s) URL.
    HttpUrl {
        /// UTF-8.
        max_bytes: usize,
    },
    /// The id of something here. A text that can't be one is the id of nothing.
    Id,
    /// The caller's own id: `[A-Za-z0-9_-]`, 6 to 64.
    ReferenceId,
    /// A text that the caller makes up for a call and its retries: `[A-Za-z0-9_-]`, 1 to 64.
    ClientToken,
    /// JSON in a string.
    Json {
        /// UTF-8; none: as much as a request may hold.
        max_bytes: Option<usize>,
    },
    /// A JSON array of Longs, or `X.1`, `X.2`...
    Longs {
        /// The most items.
        max_items: usize,
        /// Of each item.
        unit: &'static str,
    },
}

impl Kind {
    /// The rule in a sentence; empty where anything goes.
    #[must_use]
    pub fn rule(self, limits: &Limits) -> String {
        match self {
            Self::Long { min, max, unit } => integer(min, max, unit),
            Self::SignedLong => "It must be an integer.".to_owned(),
            Self::LongText { min, max, unit } => integer(min, Some(max), unit),
            Self::Count => integer(1, Some(u64::from(limits.max_snapshots)), ""),
            Self::Word(words) => format!("It must be {}.", words.join(" or ")),
            Self::Text { max_bytes }
            | Self::Json {
                max_bytes: Some(max_bytes),
            } => {
                format!("It must have at most {max_bytes} bytes.")
            }
            Self::HttpUrl { max_bytes } => format!("It {}", http_url::rule(max_bytes)),
            Self::Id | Self::Json { max_bytes: None } => String::new(),
            Self::ReferenceId => "It must be 6 to 64 of A-Z, a-z, 0-9, _ and -.".to_owned(),
            Self::ClientToken => "It must be 1 to 64 of A-Z, a-z, 0-9, _ and -.".to_owned(),
            Self::Longs { max_items, unit } => {
                format!(
                    "It must be a JSON array of at most {max_items} integers of 0 {unit} or more."
                )
            }
        }
    }
}

fn integer(min: u64, max: Option<u64>, unit: &str) -> String {
    let range = match max {
        Some(max) => format!("from {min} to {max} {unit}"),
        None => format!("of {min} {unit} or more"),
    };
    // "of 0 s or more", but "of 0 or more".
    format!(
        "It must be an integer {}.",
        range.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

/// What a deployment allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most snapshots that one job may ask for.
    pub max_snapshots: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_snapshots: 20_000,
        }
    }
}
