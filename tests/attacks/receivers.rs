//! Receivers of events that never answer, beside healthy ones.
