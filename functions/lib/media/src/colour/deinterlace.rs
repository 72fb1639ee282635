//! Interlaced frames made whole.

/// Makes a progressive frame out of the first field of each interlaced one, and passes the
/// others through untouched.
///
/// Neighbours are of no use: only wanted frames get here, and a picture must be a function of its
/// frame alone. `estdif` looks at one frame only, along the slope of edges. But it holds each
/// frame back until the next one, and asks that one whether to work at all; so every frame is
/// sent twice (`telecine` with four fields a frame does that and no more), and the first answer of
/// the two is kept. Chroma of interlaced 4:2:0 lies where that of progressive frames lies once
/// each plane is made whole by itself: the scaler needs not know.
pub(super) const FILTERS: &str =
    "telecine=pattern=4,estdif=mode=frame:deint=interlaced,select='not(mod(n,2))'";
