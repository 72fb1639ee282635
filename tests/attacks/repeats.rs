//! Submits that are answered late, or sent again.
