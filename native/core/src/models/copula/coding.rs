//! A table as a copula sees it: every modelled column as bins in order, every bin with a fixed normal score.
//!
//! Text: a bin a category, missing among them. Numbers: see `bins`; a column with missing values has a second coordinate, its presence, so
//! that what is missing follows the other columns without bending the correlations of what is there. Scores are those of the origin for
//! good: the mean of a standard normal number between the quantiles of a bin's edges. Any ascending scores would do, since the learner asks
//! which latent correlation explains them (`series`); fixed ones make every statistic a sum, so that training sets merge exactly.
//!
//! Categories have no order of their own. They get the one in which they go best with the other columns: by their mean of the other
//! columns' scores, each weighed by its correlation with this one, again and again (one-dimensional optimal scaling: Gifi, "Nonlinear
//! Multivariate Analysis" (1990), chapter 4).

use super::bins::Bins;
use crate::error::Error;
use crate::math::{normal_pdf, normal_quantile};
use crate::plan::{Bounds, Margin};
use crate::table::{Table, TableColumn};

/// The code of a missing number.
pub const MISSING: u32 = u32::MAX;

/// Rounds of ordering categories.
const ROUNDS: usize = 6;

/// Share by which the score of an outer bin goes beyond the one before it.
const BEYOND: f64 = 0.1;

/// A modelled column.
#[derive(Clone, Debug)]
pub struct Coded {
    /// Bins of numbers; None for text.
    pub numbers: Option<Bins>,
    /// Of text the code of each bin; empty for numbers.
    pub order: Vec<u32>,
    /// What is fitted.
    pub margin: Margin,
    /// The place of its first bin in the counts; of a column with missing values their count comes after the last.
    pub at: usize,
    /// Bins.
    pub bins: usize,
    /// The coordinate that says whether a number is there, in a column with missing values.
    pub presence: Option<usize>,
    /// Ascending scores of the bins.
    pub scores: Vec<f64>,
    /// The origin's share of each bin among the rows that are not missing.
    pub shares: Vec<f64>,
    /// The origin's share of missing rows.
    pub missing: f64,
}

/// The modelled columns, with the table's rows in bins.
pub struct Coding {
    pub columns: Vec<Coded>,
    /// Bins of all columns, with a place more for each that has missing values.
    pub bins: usize,
    /// Coordinates of the latent law: a column each, and the presences.
    pub coordinates: usize,
    /// Rows of the table in bins, one after the other.
    pub rows: Vec<u32>,
    /// Rows.
    pub n: usize,
}

impl Coding {
    /// Columns of a table; `margins` holds one a column.
    pub fn new(table: &Table, columns: &[usize], margins: &[Margin], bounds: Bounds) -> Result<Coding, Error> {
        let d = columns.len();
        if d == 0 {
            return Err(Error::plan("origin.columns", 0, "at least one column"));
        }
        if margins.len() != d {
            return Err(Error::plan("model.margins", format!("{} margins", margins.len()), format!("{d}, one a modelled column")));
        }
        let n = table.rows();
        let (mut coded, mut rows) = (Vec::with_capacity(d), vec![0; n * d]);
        for (j, (&index, &margin)) in columns.iter().zip(margins).enumerate() {
            let path = format!("origin.columns[{j}]");
            let mut each = rows.iter_mut().skip(j).step_by(d);
            coded.push(match table.column(index)? {
                TableColumn::Numbers(values) => numbers(&path, values, margin, bounds, &mut each)?,
                TableColumn::Codes(codes) => text(codes, &mut each),
            });
        }
        let (mut bins, mut coordinates) = (0, d);
        for column in &mut coded {
            column.at = bins;
            bins += column.bins;
            if column.missing > 0.0 {
                column.presence = Some(coordinates);
                coordinates += 1;
                bins += 1;
            }
        }
        let mut coding = Coding { columns: coded, bins, coordinates, rows, n };
        coding.order_categories();
        Ok(coding)
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Gives the categories of each text column the order in which they go best with the other columns.
    fn order_categories(&mut self) {
        let d = self.width();
        if !self.columns.iter().any(|column| column.numbers.is_none()) || d < 2 {
            return;
        }
        for _ in 0..ROUNDS {
            let correlations = self.correlations();
            for j in 0..d {
                if self.columns[j].numbers.is_none() {
                    self.order_one(j, &correlations[j * d..(j + 1) * d]);
                }
            }
        }
    }

    fn score(&self, row: &[u32], j: usize) -> f64 {
        if row[j] == MISSING { 0.0 } else { self.columns[j].scores[row[j] as usize] }
    }

    /// Mean products of the scores of the columns.
    fn correlations(&self) -> Vec<f64> {
        let d = self.width();
        let (mut sums, mut scores) = (vec![0.0; d * d], vec![0.0; d]);
        for row in self.rows.chunks_exact(d) {
            (0..d).for_each(|j| scores[j] = self.score(row, j));
            for j in 0..d {
                crate::math::matrix::add(&mut sums[j * d..(j + 1) * d], scores[j], &scores);
            }
        }
        sums.iter_mut().for_each(|sum| *sum /= self.n as f64);
        sums
    }

    fn order_one(&mut self, j: usize, weights: &[f64]) {
        let d = self.width();
        let bins = self.columns[j].bins;
        let (mut sums, mut counts) = (vec![0.0; bins], vec![0.0; bins]);
        for row in self.rows.chunks_exact(d) {
            let others = (0..d).filter(|&i| i != j).map(|i| weights[i] * self.score(row, i)).sum::<f64>();
            sums[row[j] as usize] += others;
            counts[row[j] as usize] += 1.0;
        }
        // A mean of few rows says little: it is drawn to that of all, which is 0, by the weight of one row.
        let means: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / (count + 1.0)).collect();
        let mut order: Vec<usize> = (0..bins).collect();
        order.sort_by(|&a, &b| means[a].total_cmp(&means[b]).then(a.cmp(&b)));
        let mut place = vec![0u32; bins];
        order.iter().enumerate().for_each(|(new, &old)| place[old] = new as u32);
        self.rows.iter_mut().skip(j).step_by(d).for_each(|code| *code = place[*code as usize]);
        let column = &mut self.columns[j];
        column.order = order.iter().map(|&old| column.order[old]).collect();
        column.shares = order.iter().map(|&old| column.shares[old]).collect();
        column.scores = scores(&column.shares);
    }
}

fn numbers<'a>(
    path: &str,
    values: &[f64],
    margin: Margin,
    bounds: Bounds,
    into: &mut impl Iterator<Item = &'a mut u32>,
) -> Result<Coded, Error> {
    let data = |value: String, rule: &str| Error { code: "data", ..Error::plan(path, value, rule) };
    if let Some(row) = values.iter().position(|x| x.is_infinite()) {
        return Err(data(values[row].to_string(), "finite or missing numbers").hint(format!("row {} of the column", row + 1)));
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(&least) = sorted.first() else {
        return Err(data("no number at all".into(), "a column with numbers").hint("leave it out of origin.columns"));
    };
    if margin == Margin::LogNormal && !(least > 0.0) {
        return Err(data(format!("a least value of {least}"), "numbers above 0 for a log-normal margin"));
    }
    let bins = Bins::new(&sorted, margin, bounds);
    into.zip(values).for_each(|(code, x)| *code = if x.is_nan() { MISSING } else { bins.of(*x) as u32 });
    let present = sorted.len() as f64;
    let shares: Vec<f64> = bins.rows.iter().map(|rows| rows / present).collect();
    Ok(Coded {
        order: vec![],
        margin,
        at: 0,
        bins: bins.len(),
        presence: None,
        scores: scores(&shares),
        shares,
        missing: (values.len() as f64 - present) / values.len() as f64,
        numbers: Some(bins),
    })
}

/// Categories, the most frequent first for a start.
fn text<'a>(codes: &[u32], into: &mut impl Iterator<Item = &'a mut u32>) -> Coded {
    let classes = codes.iter().max().map_or(0, |&code| code as usize + 1);
    let mut counts: Vec<f64> = vec![0.0; classes];
    codes.iter().for_each(|&code| counts[code as usize] += 1.0);
    let mut order: Vec<u32> = (0..classes as u32).collect();
    order.sort_by(|&a, &b| counts[b as usize].total_cmp(&counts[a as usize]).then(a.cmp(&b)));
    let mut place = vec![0; classes];
    order.iter().enumerate().for_each(|(bin, &code)| place[code as usize] = bin as u32);
    into.zip(codes).for_each(|(bin, &code)| *bin = place[code as usize]);
    let shares: Vec<f64> = order.iter().map(|&code| counts[code as usize] / codes.len() as f64).collect();
    Coded {
        numbers: None,
        order,
        margin: Margin::Empirical,
        at: 0,
        bins: classes,
        presence: None,
        scores: scores(&shares),
        shares,
        missing: 0.0,
    }
}

/// The mean of a standard normal number between the quantiles of each bin's edges; bins beyond all rows go on by steps.
pub fn scores(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    let first = shares.iter().position(|share| *share > 0.0).unwrap_or(0);
    let last = shares.iter().rposition(|share| *share > 0.0).unwrap_or(0);
    let mut below = 0.0;
    let mut from = f64::NEG_INFINITY;
    let mut scores: Vec<f64> = Vec::with_capacity(shares.len());
    for (bin, &share) in shares.iter().enumerate() {
        below += share;
        let to = if bin >= last { f64::INFINITY } else { normal_quantile(below / total) };
        scores.push(if share > 0.0 { (normal_pdf(from) - normal_pdf(to)) * total / share } else { from });
        from = to;
    }
    for k in (0..first).rev() {
        scores[k] = scores[k + 1] - BEYOND;
    }
    for k in last + 1..shares.len() {
        scores[k] = scores[k - 1] + BEYOND;
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn scores_have_mean_0_and_ascend() {
        for shares in [vec![0.0, 0.2, 0.0, 0.5, 0.3, 0.0], vec![1.0], vec![0.5, 0.5], vec![1.0 / 4096.0; 4096]] {
            let scores = scores(&shares);
            let mean: f64 = scores.iter().zip(&shares).map(|(s, p)| s * p).sum();
            assert!(mean.abs() < 1e-12 && scores.windows(2).all(|pair| pair[0] <= pair[1]), "{scores:?}");
            assert!(scores.iter().all(|s| s.is_finite()));
        }
        // Halves of a normal law: -+ sqrt(2 / pi).
        assert!((scores(&[0.5, 0.5])[1] - f64::sqrt(2.0 / std::f64::consts::PI)).abs() < 1e-15);
    }

    /// Categories whose means of a number ascend 2, 0, 1 stand in this order or its mirror image.
    #[test]
    fn categories_stand_as_they_go_with_numbers() {
        let x: Vec<f64> = (0..300).map(f64::from).collect();
        let codes: Vec<u32> = (0..300).map(|i| [2, 0, 1][(i + 7 * (i % 5)) / 113]).collect();
        let table = Table::new(vec![TableColumn::Numbers(Arc::from(x)), TableColumn::Codes(Arc::from(codes.clone()))]).unwrap();
        let coding = Coding::new(&table, &[0, 1], &[Margin::Empirical; 2], Bounds::Natural).unwrap();
        let order = &coding.columns[1].order;
        assert!(order == &[2, 0, 1] || order == &[1, 0, 2], "{order:?}");
        assert!((0..300).all(|i| order[coding.rows[2 * i + 1] as usize] == codes[i]));
    }

    #[test]
    fn missing_numbers_have_a_coordinate_and_a_place() {
        let x: Vec<f64> = (0..40).map(|i| if i % 4 == 0 { f64::NAN } else { f64::from(i) }).collect();
        let table = Table::new(vec![TableColumn::Numbers(Arc::from(x)), TableColumn::Codes(Arc::from(vec![0; 40]))]).unwrap();
        let coding = Coding::new(&table, &[0, 1], &[Margin::Kde; 2], Bounds::Natural).unwrap();
        assert_eq!((coding.coordinates, coding.columns[0].presence, coding.columns[0].missing), (3, Some(2), 0.25));
        assert_eq!((coding.columns[1].at, coding.bins), (coding.columns[0].bins + 1, coding.columns[0].bins + 2));
        assert!((0..40).all(|i| (coding.rows[2 * i] == MISSING) == (i % 4 == 0)));
        let nothing = Table::new(vec![TableColumn::Numbers(Arc::from(vec![f64::NAN; 3]))]).unwrap();
        assert_eq!(Coding::new(&nothing, &[0], &[Margin::Kde], Bounds::Natural).err().unwrap().code, "data");
    }
}
