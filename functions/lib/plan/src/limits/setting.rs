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
#[error("invalid limit {given:?}: expected NAME=VALUE with VALUE >= 1; NAME is one of {}", names().join(", "))]
pub struct InvalidSetting {
    given: String,
}

impl FromStr for LimitSetting {
    type Err = InvalidSetting;

    fn from_str(given: &str) -> Result<Self, InvalidSetting> {
        let read = || {
            let (name, value) = given.split_once('=')?;
            let budget = Budget::all().find(|budget| budget.name() == Some(name.trim()))?;
            let value = value.trim().parse().ok().filter(|&value| value > 0)?;
            Some(Self { budget, value })
        };
        read().ok_or_else(|| InvalidSetting {
            given: given.to_owned(),
        })
    }
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
    fn nonsense_is_no_setting() {
        for given in [
            "",
            "samples",
            "samples=",
            "samples=0",
            "samples=-1",
            "sample=9",
        ] {
            let error = given.parse::<LimitSetting>().unwrap_err().to_string();
            assert!(error.contains("frame-pixels"), "{error}");
        }
    }
}
