//! A server that is killed again and again, and one that is stopped in order.
