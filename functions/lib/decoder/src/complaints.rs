//! stub
/// Kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// d
    Damage,
    /// m
    MissingReference,
}
/// stub
#[must_use]
pub fn complaint(line: &str) -> Option<Complaint> {
    if line.contains("error while decoding MB")
        || line.contains("corrupt decoded frame")
        || line.contains("concealing")
    {
        return Some(Complaint::Damage);
    }
    if line.contains("eference picture missing") || line.contains("Missing reference") {
        return Some(Complaint::MissingReference);
    }
    None
}
