//! The cut by examples, and against a model that is slow and plain.

mod examples;
mod model;
mod properties;
