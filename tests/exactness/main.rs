//! Promise: the picture of a time point is the frame that a player shows at that time, for
//! every codec and container, and a hostile file is only ever an error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod clocks;
mod colour_crop;
mod colour_fields;
mod colour_hdr;
mod colour_light;
mod colour_matrices;
mod colour_patches;
mod colours;
mod corpus;
mod encrypted;
mod failures;
mod late_sound;
mod layers;
mod long_group;
mod moving_pictures;
mod numbered;
mod orientation;
mod recipes;
mod scrambled;
mod sparse;
mod streams;
