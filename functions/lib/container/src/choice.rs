//! Which of several video tracks a player shows.

/// Each one looked at may take as much as an index may: more are not.
pub(crate) const MOST_VIDEOS: usize = 4;

/// Takes tracks as a player prefers them, each with how many pictures it has: the first with
/// several is the one, else the first with one.
#[derive(Debug)]
pub(crate) struct FirstMoving<T> {
    best: Option<(T, usize)>,
}

impl<T> Default for FirstMoving<T> {
    fn default() -> Self {
        Self { best: None }
    }
}

impl<T> FirstMoving<T> {
    /// Whether no other need be looked at.
    pub(crate) fn is_decided_by(&mut self, track: T, pictures: usize) -> bool {
        let known = self.best.as_ref().map_or(0, |&(_, pictures)| pictures);
        if pictures > known {
            self.best = Some((track, pictures));
        }
        pictures > 1
    }

    /// None where no track has a picture.
    pub(crate) fn into_best(self) -> Option<T> {
        self.best.map(|(track, _)| track)
    }
}
