//! The sprite sheet that the demo asks for.

/// Cells per row.
pub(super) const COLUMNS: u32 = 10;

/// Rows.
pub(super) const LINES: u32 = 6;
