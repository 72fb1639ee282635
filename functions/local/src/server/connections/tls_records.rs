//! Where the records of TLS end in the bytes of a connection (RFC 8446, 5.1).

/// Bytes before each record: its type, its version, and the length of what follows.
const HEADER_BYTES: usize = 5;

/// Follows the records of one direction by their lengths alone.
#[derive(Debug, Default)]
pub(super) struct TlsRecords {
    /// Bytes of the header at hand that were seen.
    header_bytes: usize,
    /// The length in that header, as far as it was seen.
    length: u16,
    /// Bytes of the record at hand that are still to come.
    missing_bytes: usize,
}

impl TlsRecords {
    /// More bytes came.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            if self.missing_bytes > 0 {
                let count = self.missing_bytes.min(bytes.len());
                self.missing_bytes -= count;
                bytes = bytes.get(count..).unwrap_or_default();
                continue;
            }
            self.header_bytes += 1;
            if self.header_bytes > HEADER_BYTES - 2 {
                self.length = self.length << 8 | u16::from(first);
            }
            if self.header_bytes == HEADER_BYTES {
                let missing_bytes = usize::from(self.length);
                *self = Self {
                    missing_bytes,
                    ..Self::default()
                };
            }
            bytes = rest;
        }
    }

    /// Whether a record has begun and not ended.
    pub(super) fn is_within_one(&self) -> bool {
        self.header_bytes > 0 || self.missing_bytes > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_where_their_lengths_say_however_they_are_cut() {
        let mut bytes = vec![22, 3, 3, 0, 2, 1, 2, 20, 3, 3, 0, 0, 23, 3, 3, 1, 0];
        bytes.extend([7; 256]);
        let ends = [7, 12, bytes.len()];
        for piece in [1, 2, 3, 7, 300] {
            let mut records = TlsRecords::default();
            let mut seen = 0;
            for part in bytes.chunks(piece) {
                records.follow(part);
                seen += part.len();
                assert_eq!(
                    !records.is_within_one(),
                    ends.contains(&seen),
                    "{piece}: {seen}"
                );
            }
        }
    }
}
