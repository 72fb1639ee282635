//! A data folder of the last release.
