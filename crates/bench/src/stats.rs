//! Order statistics by nearest rank: every number that is printed was really measured.

/// What is told of a number of repetitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// What the code takes when nothing comes between.
    pub min: f64,
    /// The lower quartile.
    pub p25: f64,
    /// The median.
    pub p50: f64,
}

impl Summary {
    /// The summary of at least one value; of none it is three times NaN.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let sorted = sorted(values);
        Self { min: rank(&sorted, 0), p25: rank(&sorted, 25), p50: rank(&sorted, 50) }
    }
}

/// The median of at least one value, the lower one of two; of none it is NaN.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    rank(&sorted(values), 50)
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

fn rank(sorted: &[f64], percent: usize) -> f64 {
    let at = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_values_that_were_there() {
        let summary = Summary::of([9.0, 1.0, 5.0, 3.0, 7.0]);
        assert_eq!(summary, Summary { min: 1.0, p25: 3.0, p50: 5.0 });
        assert!((median([4.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median([]).is_nan());
    }
}
