//! `ContentEncodings`: whether frames are compressed or encrypted. RFC 9559, 5.1.4.1.31.

use super::ebml::elements;
use super::ids;
use crate::IndexError;

/// What is done to the frames of a track.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameEncoding {
    #[default]
    None,
    /// `WebM` Encryption: the first byte of each frame tells whether it is encrypted.
    Signalled,
    /// Encrypted, and nothing tells which frames are not.
    Encrypted,
    Compressed,
}

impl FrameEncoding {
    pub(super) fn parse(encodings: &[u8]) -> Result<Self, IndexError> {
        let mut found = Self::None;
        for encoding in elements(encodings) {
            let encoding = encoding?;
            if encoding.id != ids::CONTENT_ENCODING {
                continue;
            }
            found = match (found, Self::of_one(encoding.body)?) {
                (Self::None, one) => one,
                // Which is applied first is nothing that common files need.
                (Self::Compressed, Self::Compressed) => Self::Compressed,
                _ => Self::Encrypted,
            };
        }
        Ok(found)
    }

    fn of_one(encoding: &[u8]) -> Result<Self, IndexError> {
        const FRAMES: u64 = 1;
        const AES: u64 = 5;
        let (mut scope, mut is_encryption, mut algorithm) = (FRAMES, false, 0);
        for element in elements(encoding) {
            let element = element?;
            match element.id {
                ids::CONTENT_ENCODING_SCOPE => scope = element.unsigned()?,
                ids::CONTENT_ENCODING_TYPE => is_encryption |= element.unsigned()? == 1,
                ids::CONTENT_ENCRYPTION => {
                    is_encryption = true;
                    for setting in elements(element.body) {
                        let setting = setting?;
                        if setting.id == ids::CONTENT_ENC_ALGO {
                            algorithm = setting.unsigned()?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(match (is_encryption, algorithm, scope) {
            (false, ..) => Self::Compressed,
            (true, AES, FRAMES) => Self::Signalled,
            // Not the frames, but what a decoder starts with; or not as `WebM` does it.
            (true, ..) => Self::Encrypted,
        })
    }
}
