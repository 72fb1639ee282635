//! Signed calls with a twist, and what a refused one costs.
