//! Which samples of a fragment are encrypted.

use crate::IndexError;
use crate::mp4::descriptions::SampleDescriptions;
use crate::mp4::groups::GroupNumbers;
use crate::mp4::protection::SeigDescriptions;

/// The groups of type `seig` that a `traf` has, sample by sample.
#[derive(Debug, Default)]
pub(super) struct EncryptedRuns<'a> {
    groups: Option<GroupNumbers<'a>>,
    described: SeigDescriptions,
}

impl<'a> EncryptedRuns<'a> {
    pub(super) fn of(traf: &'a [u8]) -> Result<Self, IndexError> {
        Ok(Self {
            groups: GroupNumbers::of(traf, *b"seig")?,
            described: SeigDescriptions::of(traf)?,
        })
    }

    /// Whether the next sample is encrypted.
    pub(super) fn step(
        &mut self,
        descriptions: &SampleDescriptions<'_>,
        description: u32,
    ) -> Result<bool, IndexError> {
        let group = self.groups.as_mut().and_then(GroupNumbers::step);
        descriptions.is_encrypted(description, group, &self.described)
    }
}
