//! Data folders that somebody else prepared.
