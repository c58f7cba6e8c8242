//! The inverse of a Gram matrix that grows and shrinks by one row at a time.

/// `(K + λ I)⁻¹` for a kernel matrix `K`, row by row in one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Gram {
    size: usize,
    inverse: Vec<f64>,
}

impl Gram {
    /// The inverse times `x`.
    pub(super) fn solve(&self, x: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.inverse.chunks_exact(self.size.max(1)).map(|row| dot(row, x)));
    }

    /// Enters a new last row: its kernel with itself and the noise, and with the others already solved for.
    pub(super) fn push(&mut self, with_others: &[f64], solved: &[f64], itself: f64, least: f64) {
        let (old, new) = (self.size, self.size + 1);
        let schur = (itself - dot(with_others, solved)).max(least);
        let mut inverse = Vec::with_capacity(new * new);
        for (row, a) in solved.iter().enumerate() {
            let before = &self.inverse[row * old..][..old];
            inverse.extend(before.iter().zip(solved).map(|(x, b)| x + a * b / schur));
            inverse.push(-a / schur);
        }
        inverse.extend(solved.iter().map(|a| -a / schur));
        inverse.push(1.0 / schur);
        (self.size, self.inverse) = (new, inverse);
    }

    /// Takes the first row away.
    pub(super) fn pop(&mut self) {
        let Some(new) = self.size.checked_sub(1) else { return };
        let corner = self.inverse.first().copied().unwrap_or(1.0);
        let first: Vec<f64> = self.inverse.get(1..self.size).unwrap_or_default().to_vec();
        let mut inverse = Vec::with_capacity(new * new);
        for (row, a) in self.inverse.chunks_exact(self.size).skip(1).zip(&first) {
            inverse.extend(row[1..].iter().zip(&first).map(|(x, b)| x - a * b / corner));
        }
        (self.size, self.inverse) = (new, inverse);
    }
}

/// In eight lanes that do not wait for each other.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}
