//! Which videos a list holds: conditions on what is known of each.

mod parse;

pub use parse::parse;
pub(crate) use parse::status;

/// A condition. What matches is the same in every store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VideoFilter {
    /// Each of these holds. Of none: every video matches.
    All(Vec<VideoFilter>),
    /// One of these holds. Of none: no video matches.
    Any(Vec<VideoFilter>),
    /// The video has this id.
    Id(String),
    /// The video has this ReferenceId.
    Reference(String),
    /// Its status has this wire name.
    Status(String),
    /// Its category is this one.
    CateId(i64),
    /// Its title holds this text; ASCII letters match in either case.
    Title(String),
    /// The same of its description.
    Description(String),
    /// This is one of its tags, letter for letter.
    Tag(String),
    /// When it was registered.
    Created(CreatedRange),
}

/// A range of times, Unix ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreatedRange {
    /// Inclusive.
    pub from_ms: i64,
    /// Exclusive.
    pub until_ms: i64,
}

impl CreatedRange {
    /// All of time.
    pub const ALWAYS: Self = Self {
        from_ms: i64::MIN,
        until_ms: i64::MAX,
    };

    fn within(self, other: Self) -> Self {
        Self {
            from_ms: self.from_ms.max(other.from_ms),
            until_ms: self.until_ms.min(other.until_ms),
        }
    }
}

impl VideoFilter {
    /// A range of times outside of which nothing matches, so that a store need not look there.
    #[must_use]
    pub fn created_range(&self) -> CreatedRange {
        match self {
            Self::Created(range) => *range,
            Self::All(all) => all
                .iter()
                .map(Self::created_range)
                .fold(CreatedRange::ALWAYS, CreatedRange::within),
            _ => CreatedRange::ALWAYS,
        }
    }
}

#[cfg(test)]
mod tests;
