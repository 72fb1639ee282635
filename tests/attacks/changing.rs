//! Streams whose frames change their size or format on the way.
