//! The expression that lets only wanted frames through.

use std::fmt::Write;

/// What frames are told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Presentation time, ticks.
    Pts,
    /// Number from the start of decoding.
    Number,
}

/// Few enough for the longest argument that a system takes (128 KB).
pub(super) const MOST_TERMS: usize = 2000;

/// This many comparisons in a row are as cheap as going one level deeper.
const LEAF: usize = 4;

/// An expression for ffmpeg's `select` filter that is not 0 for exactly `values`, which rise.
/// Each frame costs a walk down a binary tree, so that many values cost little.
pub(super) fn expression(by: By, values: &[i64]) -> String {
    let mut text = String::new();
    write_tree(by, values, &mut text);
    text
}

fn write_tree(by: By, values: &[i64], text: &mut String) {
    let name = match by {
        By::Pts => "pts",
        By::Number => "n",
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
        assert_eq!(expression(By::Number, &[0, 7]), "eq(n,0)+eq(n,7)");
        assert_eq!(
            expression(By::Pts, &[-5, 1, 2, 3, 4, 5]),
            "if(lt(pts,3),eq(pts,-5)+eq(pts,1)+eq(pts,2),eq(pts,3)+eq(pts,4)+eq(pts,5))"
        );
    }

    #[test]
    fn the_most_terms_fit_an_argument() {
        let values: Vec<i64> = (0..MOST_TERMS as i64)
            .map(|n| n * 1001 + 1_000_000_000_000)
            .collect();
        assert!(expression(By::Pts, &values).len() < 120_000);
    }
}
