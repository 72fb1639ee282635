//! The expression that has ffmpeg let wanted frames through.

use std::fmt::Write;

/// What frames are told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectBy {
    /// Presentation time, ticks.
    Pts,
    /// Number from the start of decoding.
    Number,
}

/// Few enough for the longest argument that a system takes (128 KB).
pub const MOST_TERMS: usize = 2000;

/// This many comparisons in a row are as cheap as going one level deeper.
const LEAF: usize = 4;

/// How frames are counted where nothing else tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameNumbers {
    /// The frame that each filter graph begins with; filters count from there.
    pub graphs: Vec<usize>,
    /// So many frames are listed before the first that comes.
    pub lost: usize,
}

impl FrameNumbers {
    /// With none lost.
    #[must_use]
    pub fn begun_at(graphs: &[usize]) -> Self {
        Self {
            graphs: graphs.to_vec(),
            lost: 0,
        }
    }
}

/// The wanted frames of one run.
///
/// By time, the filter lets through just those. By number it can do so only where one filter
/// graph sees all frames. ffmpeg builds another one for frames of another size or format, which
/// counts from 0 again: frames that have a wanted number in another graph are then let through
/// too, and dropped here.
#[derive(Debug, Clone)]
pub struct FrameSelection {
    /// What frames are told by.
    pub by: SelectBy,
    /// Of each wanted frame, rising.
    pub values: Vec<i64>,
    /// What the filter compares with, rising: for numbers, those within each graph.
    passing: Vec<i64>,
}

impl FrameSelection {
    /// `times` rise.
    pub fn by_times(times: Vec<i64>) -> Self {
        Self {
            by: SelectBy::Pts,
            passing: times.clone(),
            values: times,
        }
    }

    /// `frames` rise. Those that are lost have numbers below 0, which no frame has.
    pub fn by_numbers(frames: &[usize], numbers: &FrameNumbers) -> Self {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let frames = frames.iter();
        let values: Vec<i64> = frames
            .map(|&frame| number(frame) - number(numbers.lost))
            .collect();
        let in_graph = |&value: &i64| {
            let graphs = &numbers.graphs;
            let begun = graphs.partition_point(|&begin| number(begin) <= value);
            value
                - begun
                    .checked_sub(1)
                    .map_or(0, |graph| number(graphs[graph]))
        };
        let mut passing: Vec<i64> = values.iter().map(in_graph).collect();
        passing.sort_unstable();
        passing.dedup();
        Self {
            by: SelectBy::Number,
            values,
            passing,
        }
    }

    /// For ffmpeg's `select` filter: not 0 for what passes.
    pub fn expression(&self) -> String {
        expression(self.by, &self.passing)
    }

    /// Whether the filter lets a frame through. `value` is its time, or its number within its
    /// graph.
    pub fn passes(&self, value: i64) -> bool {
        self.passing.binary_search(&value).is_ok()
    }

    /// Whether it may let through more frames than are wanted.
    pub fn lets_others_through(&self) -> bool {
        self.passing != self.values
    }
}

/// An expression for ffmpeg's `select` filter that is not 0 for exactly `values`, which rise.
/// Each frame costs a walk down a binary tree, so that many values cost little.
fn expression(by: SelectBy, values: &[i64]) -> String {
    let mut text = String::new();
    write_tree(by, values, &mut text);
    text
}

fn write_tree(by: SelectBy, values: &[i64], text: &mut String) {
    let name = match by {
        SelectBy::Pts => "pts",
        SelectBy::Number => "n",
    };
    if values.len() <= LEAF {
        for (nth, value) in values.iter().enumerate() {
            let plus = if nth > 0 { "+" } else { "" };
            // Writing to a string can't fail.
            let _ = write!(text, "{plus}eq({name},{value})");
        }
        return;
    }
    let (low, high) = values.split_at(values.len() / 2);
    let _ = write!(text, "if(lt({name},{}),", high[0]);
    write_tree(by, low, text);
    text.push(',');
    write_tree(by, high, text);
    text.push(')');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_compared_in_a_row_and_many_in_a_tree() {
        assert_eq!(expression(SelectBy::Number, &[0, 7]), "eq(n,0)+eq(n,7)");
        assert_eq!(
            expression(SelectBy::Pts, &[-5, 1, 2, 3, 4, 5]),
            "if(lt(pts,3),eq(pts,-5)+eq(pts,1)+eq(pts,2),eq(pts,3)+eq(pts,4)+eq(pts,5))"
        );
    }

    #[test]
    fn a_graph_built_on_the_way_counts_from_0() {
        let one = FrameSelection::by_numbers(&[3, 7], &FrameNumbers::begun_at(&[0]));
        assert_eq!(one.expression(), "eq(n,3)+eq(n,7)");
        assert!(!one.lets_others_through());
        let two = FrameSelection::by_numbers(&[1, 3, 4, 7], &FrameNumbers::begun_at(&[0, 4, 6]));
        assert_eq!(two.expression(), "eq(n,0)+eq(n,1)+eq(n,3)");
        assert!(two.lets_others_through());
        assert_eq!(two.values, [1, 3, 4, 7]);
    }

    #[test]
    fn frames_that_are_lost_have_no_number() {
        let numbers = FrameNumbers {
            lost: 2,
            ..FrameNumbers::begun_at(&[0, 3])
        };
        let selection = FrameSelection::by_numbers(&[1, 2, 6], &numbers);
        assert_eq!(selection.values, [-1, 0, 4]);
        assert_eq!(selection.expression(), "eq(n,-1)+eq(n,0)+eq(n,1)");
    }

    #[test]
    fn the_most_terms_fit_an_argument() {
        let values: Vec<i64> = (0..i64::try_from(MOST_TERMS).unwrap())
            .map(|n| n * 1001 + 1_000_000_000_000)
            .collect();
        assert!(expression(SelectBy::Pts, &values).len() < 120_000);
    }
}
