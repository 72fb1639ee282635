//! The wire contract of ApsaraVideo VOD 2017-03-21 as this service speaks it. No I/O.

pub mod snapshot;
