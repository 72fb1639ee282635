//! Promise: the picture of a time point is the frame that a player shows at that time, for
//! every codec and container, and a hostile file is only ever an error.

mod corpus;
mod numbered;
mod recipes;
