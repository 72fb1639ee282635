//! SHA-256 of files.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// In lower-case hex.
pub(super) fn sha256(file: &mut impl Read) -> io::Result<String> {
    let mut sum = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => sum.update(&block[..read]),
        }
    }
    Ok(hex::encode(sum.finalize()))
}

pub(super) fn expect_sha256(file: &mut impl Read, expected: &str, what: &str) -> io::Result<()> {
    let found = sha256(file)?;
    if found == expected {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{what} has the checksum {found}, not {expected}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_refused() {
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        expect_sha256(&mut &b"abc"[..], sum, "x").unwrap();
        let error = expect_sha256(&mut &b"abd"[..], sum, "the wheel").unwrap_err();
        assert!(
            error.to_string().contains("the wheel has the checksum"),
            "{error}"
        );
    }
}
