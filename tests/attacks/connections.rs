//! Clients that keep silent, dribble, or never read.
