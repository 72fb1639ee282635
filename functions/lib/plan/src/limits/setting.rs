//! One limit set otherwise.

use super::{Budget, Limits};
use std::str::FromStr;
use thiserror::Error;

/// One limit set otherwise, written as `NAME=VALUE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSetting {
    budget: Budget,
    value: u64,
}

impl LimitSetting {
    pub(super) fn apply(self, limits: &mut Limits) {
        self.budget.set(limits, self.value);
    }
}

impl Limits {
    /// The same, but for these.
    #[must_use]
    pub fn with(mut self, settings: impl IntoIterator<Item = LimitSetting>) -> Self {
        for setting in settings {
            setting.apply(&mut self);
        }
        self
    }
}

/// A text that is not a [`LimitSetting`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid limit {given:?}: expected NAME=VALUE with VALUE >= 1, of bytes also with a unit such as 500MB or 1GiB; NAME is one of {}", names().join(", "))]
pub struct InvalidSetting {
    given: String,
}

impl FromStr for LimitSetting {
    type Err = InvalidSetting;

    fn from_str(given: &str) -> Result<Self, InvalidSetting> {
        let read = || {
            let (name, value) = given.split_once('=')?;
            let budget = Budget::all().find(|budget| budget.name() == Some(name.trim()))?;
            let value = number(value.trim(), budget).filter(|&value| value > 0)?;
            Some(Self { budget, value })
        };
        read().ok_or_else(|| InvalidSetting {
            given: given.to_owned(),
        })
    }
}

/// What may follow a number of bytes: powers of a thousand, and of 1024.
const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("KB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("TIB", 1 << 40),
];

/// A whole number; where it is one of bytes, perhaps with a unit.
fn number(text: &str, budget: Budget) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start().to_ascii_uppercase() {
        unit if unit.is_empty() => 1,
        _ if !budget.name()?.ends_with("-bytes") => return None,
        unit => UNITS.iter().find(|(name, _)| *name == unit)?.1,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

fn names() -> Vec<&'static str> {
    Budget::all().filter_map(Budget::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_budget_is_set_by_its_own_name_and_no_other() {
        for budget in Budget::all() {
            let Some(name) = budget.name() else { continue };
            let limits = Limits::default().with([format!("{name}=7").parse().unwrap()]);
            let changed =
                Budget::all().filter(|other| other.of(&limits) != other.of(&Limits::default()));
            assert_eq!(changed.collect::<Vec<_>>(), [budget]);
            assert_eq!(budget.of(&limits), 7);
        }
    }

    #[test]
    fn a_size_is_written_with_its_unit() {
        for (given, bytes) in [
            ("copied-bytes=1GB", 1_000_000_000),
            ("copied-bytes=1GiB", 1 << 30),
            ("copied-bytes=500 mb", 500_000_000),
            ("memory-bytes=64KiB", 64 << 10),
            ("index-memory-bytes=7b", 7),
            ("input-bytes=2TB", 2_000_000_000_000),
        ] {
            let limits = Limits::default().with([given.parse().unwrap()]);
            let name = given.split_once('=').unwrap().0;
            let budget = Budget::all().find(|budget| budget.name() == Some(name));
            assert_eq!(budget.unwrap().of(&limits), bytes, "{given}");
        }
    }

    #[test]
    fn nonsense_is_no_setting() {
        for given in [
            "",
            "samples",
            "samples=",
            "samples=0",
            "samples=-1",
            "sample=9",
            "samples=1GB",
            "cpu-seconds=1KB",
            "copied-bytes=GB",
            "copied-bytes=1XB",
            "copied-bytes=1.5GB",
            "copied-bytes=99999999999TB",
            "copied-bytes=0GB",
        ] {
            let error = given.parse::<LimitSetting>().unwrap_err().to_string();
            assert!(error.contains("frame-pixels"), "{error}");
        }
    }
}
