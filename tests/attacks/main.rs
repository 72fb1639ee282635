//! Attacks on a running server and its workers, one file for each kind. Each one broke something
//! once. All of them are bounded and stay on loopback addresses.

mod arguments;
mod changing;
mod connections;
mod folders;
mod hosts;
mod index;
mod kills;
mod leftovers;
mod places;
mod receivers;
mod repeats;
mod setup;
mod signatures;
mod soak;
mod swapped;
mod upgrade;
mod waits;
