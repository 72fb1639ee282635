//! What keeps the code as it is laid out: which crate may use which, no circles between the
//! modules of a crate, no crate that holds too much, `unsafe` in one crate only.

mod arrows;
mod circles;
mod components;
mod module_graph;
mod paths;
mod resolve;
mod sizes;
mod source_tree;
mod unsafe_code;
