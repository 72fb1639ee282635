//! What is done of a job that goes on in another run.

use super::cell_strip::CellStrip;
use crate::model::VideoInfo;
use artifacts::manifest::{PictureEntry, SheetEntry, Usage};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// As much of a manifest as there is yet. A picture is done once it, and the sheet it is on, are
/// given away.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Which content of the file was read: another one is begun anew.
    #[serde(default)]
    pub(crate) source: Option<String>,
    /// Of the file that was read: another file is begun anew.
    pub(crate) facts: Option<VideoInfo>,
    /// How often the video had to be listed anew.
    pub(crate) relists: u32,
    /// How often it was divided into parts.
    #[serde(default)]
    pub(crate) divisions: u32,
    /// Why it is not divided again, where what is left is.
    #[serde(default)]
    pub(crate) one_run_reason: Option<String>,
    /// Frames that give no picture; the numbers of all others follow from them.
    pub(crate) damaged: BTreeSet<usize>,
    /// By the number of the shot, from 0.
    pub(crate) pictures: BTreeMap<usize, PictureEntry>,
    /// Whole sheets.
    pub(crate) sheets: Vec<SheetEntry>,
    /// Of a part: cells of sheets that others have cells of, too.
    #[serde(default)]
    pub(crate) strips: Vec<CellStrip>,
    /// Every object written, in this run or before.
    pub(crate) written: BTreeSet<String>,
    /// What the runs so far used.
    pub(crate) usage: Usage,
}

impl Checkpoint {
    /// How many files of the job are there.
    pub(crate) fn files(&self) -> usize {
        let pictures = self.pictures.values();
        pictures.filter(|picture| picture.key.is_some()).count() + self.sheets.len()
    }

    /// What holds of it where files are numbered anew.
    pub(crate) fn renumbered(&mut self) {
        self.pictures.clear();
        self.sheets.clear();
        self.strips.clear();
    }

    /// Takes over what another run has done of the same file beside this.
    pub(crate) fn add(&mut self, other: Self) {
        self.source = self.source.take().or(other.source);
        self.facts = self.facts.take().or(other.facts);
        self.relists = self.relists.max(other.relists);
        self.one_run_reason = self.one_run_reason.take().or(other.one_run_reason);
        self.damaged.extend(other.damaged);
        self.pictures.extend(other.pictures);
        self.sheets.extend(other.sheets);
        self.strips.extend(other.strips);
        self.sheets.sort_by_key(|sheet| sheet.index);
        self.sheets.dedup_by_key(|sheet| sheet.index);
        self.written.extend(other.written);
        self.usage.add(other.usage);
    }

    /// Keeps only what was done of the shots before `first`, and the sheets that hold no other.
    pub(crate) fn forget_from(&mut self, first: usize) {
        let later = self.pictures.split_off(&first);
        let sheets: BTreeSet<_> = later.values().filter_map(|entry| entry.sheet).collect();
        self.sheets.retain(|sheet| !sheets.contains(&sheet.index));
        let sheets: BTreeSet<_> = self.sheets.iter().map(|sheet| sheet.index).collect();
        let is_whole = |entry: &PictureEntry| entry.sheet.is_none_or(|at| sheets.contains(&at));
        self.pictures.retain(|_, entry| is_whole(entry));
    }

    /// Forgets what was done of another file, or of other content of it: only what was written and
    /// used still counts.
    pub(crate) fn begin_anew_unless(&mut self, facts: &VideoInfo, source: Option<String>) {
        let other_source = self.source.is_some() && self.source != source;
        let before = self.facts.as_ref();
        if other_source || before.is_some_and(|before| !before.are_those_of(facts)) {
            *self = Self {
                usage: self.usage,
                written: std::mem::take(&mut self.written),
                ..Self::default()
            };
        }
        (self.facts, self.source) = (Some(facts.clone()), source);
    }

    /// Whether less is left to do than after `before`.
    pub(crate) fn is_ahead_of(&self, before: &Self) -> bool {
        // What was done of another file is none of it.
        let same = |facts: &VideoInfo| {
            let own = self.facts.as_ref();
            self.source == before.source && own.is_some_and(|own| own.are_those_of(facts))
        };
        let anew = before.facts.as_ref().is_some_and(|facts| !same(facts));
        let learnt = |this: &Self| (this.relists as usize, this.damaged.len());
        anew || learnt(self) > learnt(before) || self.pictures.len() > before.pictures.len()
    }
}
