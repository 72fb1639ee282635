//! Every answer as the wire spells it.
