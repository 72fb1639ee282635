//! Where decoding can begin.

/// What happens to a decoder that is given this sample after samples of another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RandomAccess {
    /// It forgets all that came before.
    Idr,
    /// It shows the right pictures only if nothing came before.
    RecoveryPoint,
    /// It cannot begin here, whatever the container says.
    None,
}
