//! Comparing signatures.

use subtle::ConstantTimeEq;

/// Takes as long for a good guess as for a bad one.
pub(super) fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}
