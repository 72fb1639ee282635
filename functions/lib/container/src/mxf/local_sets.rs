//! Sets of properties with local tags of two bytes: SMPTE ST 377-1, 9.3.

use super::klv::{DAMAGED, Label};
use crate::IndexError;

/// Tells one set from all others of a file.
pub(super) type InstanceId = [u8; 16];

/// `InstanceUID`
const INSTANCE: u16 = 0x3c0a;

/// The properties of a set, each with its tag.
pub(super) fn properties(body: &[u8]) -> impl Iterator<Item = Result<(u16, &[u8]), IndexError>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (tag, after) = rest.split_first_chunk::<2>()?;
        let property = || {
            let (size, after) = after.split_first_chunk::<2>()?;
            after.split_at_checked(usize::from(u16::from_be_bytes(*size)))
        };
        let Some((value, after)) = property() else {
            rest = &[];
            return Some(Err(DAMAGED));
        };
        rest = after;
        Some(Ok((u16::from_be_bytes(*tag), value)))
    })
}

/// One set of the header metadata.
#[derive(Debug, Clone)]
pub(super) struct MetadataSet {
    /// What it is of.
    pub(super) kind: u8,
    instance: InstanceId,
    properties: Vec<(u16, Vec<u8>)>,
}

impl MetadataSet {
    pub(super) fn parse(kind: u8, body: &[u8]) -> Result<Self, IndexError> {
        let mut set = Self {
            kind,
            instance: InstanceId::default(),
            properties: Vec::new(),
        };
        for property in properties(body) {
            let (tag, value) = property?;
            if tag == INSTANCE {
                set.instance = value.try_into().map_err(|_| DAMAGED)?;
            } else {
                set.properties.push((tag, value.to_vec()));
            }
        }
        Ok(set)
    }

    pub(super) fn bytes(&self, tag: u16) -> Option<&[u8]> {
        let mut properties = self.properties.iter();
        let property = properties.find(|(its, value)| *its == tag && !value.is_empty());
        property.map(|(_, value)| value.as_slice())
    }

    /// Of so many bytes.
    pub(super) fn array<const N: usize>(&self, tag: u16) -> Option<[u8; N]> {
        self.bytes(tag)?.try_into().ok()
    }

    pub(super) fn label(&self, tag: u16) -> Option<Label> {
        self.array(tag)
    }

    pub(super) fn byte(&self, tag: u16) -> Option<u8> {
        self.array(tag).map(|[byte]| byte)
    }

    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        self.array(tag).map(u32::from_be_bytes)
    }

    pub(super) fn long(&self, tag: u16) -> Option<i64> {
        self.array(tag).map(i64::from_be_bytes)
    }

    /// Numerator and denominator, neither 0.
    pub(super) fn ratio(&self, tag: u16) -> Option<(u32, u32)> {
        let (halves, _) = self.bytes(tag)?.as_chunks::<4>();
        let &[one, other] = halves else {
            return None;
        };
        let (one, other) = (u32::from_be_bytes(one), u32::from_be_bytes(other));
        (one > 0 && other > 0).then_some((one, other))
    }

    /// The sets that it refers to.
    pub(super) fn references(&self, tag: u16) -> &[InstanceId] {
        // How many there are, and the size of each, come first.
        let array = self.bytes(tag).and_then(|array| array.get(8..));
        array.unwrap_or_default().as_chunks().0
    }
}

/// The sets of one partition.
#[derive(Debug, Clone, Default)]
pub(super) struct HeaderMetadata(pub(super) Vec<MetadataSet>);

impl HeaderMetadata {
    pub(super) fn of_kind(&self, kind: u8) -> impl Iterator<Item = &MetadataSet> {
        self.0.iter().filter(move |set| set.kind == kind)
    }

    /// The last of these kinds that is called so.
    pub(super) fn find(&self, instance: &InstanceId, kinds: &[u8]) -> Option<&MetadataSet> {
        let mut sets = self.0.iter().rev();
        sets.find(|set| set.instance == *instance && kinds.contains(&set.kind))
    }
}
