//! What came of all files, by container.

use crate::job::Ending;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, Row>,
}

#[derive(Default)]
struct Row {
    files: u32,
    ends: BTreeMap<String, u32>,
    /// Compared with plain decoding, and true.
    compared: (u32, u32),
    longest: Duration,
}

impl Table {
    pub(crate) fn note(
        &mut self,
        row: &str,
        ending: &Ending,
        took: Duration,
        compared: Option<bool>,
    ) {
        let row = self.rows.entry(row.to_owned()).or_default();
        row.files += 1;
        row.longest = row.longest.max(took);
        if let Some(is_true) = compared {
            row.compared.0 += 1;
            row.compared.1 += u32::from(is_true);
        }
        let end = match ending {
            Ending::Pictures(_) => "Success",
            Ending::Code(failure) => failure.code.name(),
            Ending::Wrong(_) => "WRONG",
        };
        *row.ends.entry(end.to_owned()).or_default() += 1;
    }

    /// How many were compared with plain decoding, and how many of them are true.
    pub(crate) fn compared(&self) -> (u32, u32) {
        let each = self.rows.values().map(|row| row.compared);
        each.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends: BTreeSet<&String> = self.rows.values().flat_map(|row| row.ends.keys()).collect();
        writeln!(f, "{:12} files longest  true of compared  {ends:?}", "")?;
        let mut all = Row::default();
        for (name, row) in &self.rows {
            row.line(f, name, &ends)?;
            all.add(row);
        }
        all.line(f, "all", &ends)
    }
}

impl Row {
    fn line(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        ends: &BTreeSet<&String>,
    ) -> fmt::Result {
        let (compared, is_true) = self.compared;
        let seconds = self.longest.as_secs_f64();
        write!(
            f,
            "{name:12} {:5} {seconds:5.1} s {is_true:9}/{compared:<6}",
            self.files
        )?;
        for end in ends {
            write!(f, " {:6}", self.ends.get(*end).unwrap_or(&0))?;
        }
        writeln!(f)
    }

    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.longest = self.longest.max(other.longest);
        self.compared.0 += other.compared.0;
        self.compared.1 += other.compared.1;
        for (end, count) in &other.ends {
            *self.ends.entry(end.clone()).or_default() += count;
        }
    }
}
