//! Streams that change on the way, and clocks that are not clean: each picture is the one that
//! its own frame makes. What is right is known from how the clip was made; the judge says the
//! same from a plain decode.

mod aspects;
mod check;
mod clocks;
mod colour_changes;
mod crops;
mod descriptions;
mod edits;
mod formats;
mod fragments;
mod headers;
mod judged;
mod layers;
mod lost;
mod make;
mod recordings;
mod repeats;
mod resized;
mod resized_vp9;
mod sizes;
mod sprites;
mod turns;
