//! Three by three matrices.

pub(crate) type Matrix = [[f64; 3]; 3];

pub(crate) const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

pub(crate) fn apply(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| (0..3).map(|at| row[at] * vector[at]).sum())
}

/// `left` after `right`.
pub(crate) fn product(left: &Matrix, right: &Matrix) -> Matrix {
    let column = |at: usize| apply(left, right.map(|row| row[at]));
    let columns = [column(0), column(1), column(2)];
    [0, 1, 2].map(|row: usize| columns.map(|column| column[row]))
}

/// Of a matrix that has one.
pub(crate) fn inverse(of: &Matrix) -> Matrix {
    let cofactor = |row: usize, column: usize| {
        let (r1, r2) = ((row + 1) % 3, (row + 2) % 3);
        let (c1, c2) = ((column + 1) % 3, (column + 2) % 3);
        of[r1][c1] * of[r2][c2] - of[r1][c2] * of[r2][c1]
    };
    let determinant: f64 = (0..3).map(|at| of[0][at] * cofactor(0, at)).sum();
    [0, 1, 2].map(|row| [0, 1, 2].map(|column| cofactor(column, row) / determinant))
}

pub(crate) fn rounded(matrix: &Matrix) -> [[f32; 3]; 3] {
    matrix.map(|row| row.map(|value| value as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let matrix = [[2.0, -1.0, 0.5], [0.25, 3.0, 1.0], [0.0, 0.125, -4.0]];
        for undone in [
            product(&inverse(&matrix), &matrix),
            product(&matrix, &inverse(&matrix)),
        ] {
            let off = |row: usize, at: usize| (undone[row][at] - IDENTITY[row][at]).abs();
            assert!((0..3).all(|row| (0..3).all(|at| off(row, at) < 1e-12)));
        }
    }
}
