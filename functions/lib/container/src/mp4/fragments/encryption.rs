//! Which samples of a fragment are encrypted.

use crate::IndexError;
use crate::mp4::descriptions::SampleDescriptions;
use crate::mp4::groups;
use crate::mp4::protection;
use crate::mp4::tables::runs::RunLengths;

/// The groups of type `seig` that a `traf` has, sample by sample.
#[derive(Debug, Default)]
pub(super) struct EncryptedRuns<'a> {
    runs: Option<RunLengths<'a>>,
    described: Vec<bool>,
}

impl<'a> EncryptedRuns<'a> {
    pub(super) fn of(traf: &'a [u8]) -> Result<Self, IndexError> {
        Ok(Self {
            runs: groups::runs(traf, *b"seig")?.map(RunLengths::of),
            described: protection::seig_groups(traf)?,
        })
    }

    /// Whether the next sample is encrypted.
    pub(super) fn step(
        &mut self,
        descriptions: &SampleDescriptions<'_>,
        description: u32,
    ) -> Result<bool, IndexError> {
        let group = self.runs.as_mut().and_then(RunLengths::step).unwrap_or(0);
        descriptions.is_encrypted(description, group, &self.described)
    }
}
