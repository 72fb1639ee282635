//! Files that are exchanged between the look at them and the reading.
