//! Records in the order that kernels read them: blocks of 512 points, in each coordinate after coordinate, sixteen points a row.

use crate::random::lanes::LANES;

/// Sixteen points of one coordinate.
pub type Row = [f64; LANES];

/// Rows of a whole block.
pub const ROWS: usize = 32;

/// Records with their weights. Spare places repeat the last record with weight 0.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// Coordinates of a record.
    pub width: usize,
    /// Records.
    pub points: usize,
    /// Sum of the weights.
    pub total: f64,
    values: Vec<Row>,
    weights: Vec<Row>,
}

/// One block: row r of coordinate j is `values[j * weights.len() + r]`.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Coordinates.
    pub values: &'a [Row],
    /// Weights.
    pub weights: &'a [Row],
}

impl Blocks {
    /// Takes records of `width` coordinates, row by row, each with its weight (1 where none is given).
    pub fn fill(&mut self, records: &[f64], weights: Option<&[f64]>, width: usize) {
        let points = records.len() / width;
        let rows = points.div_ceil(LANES);
        (self.width, self.points) = (width, points);
        self.values.resize(rows * width, [0.0; LANES]);
        self.weights.resize(rows, [0.0; LANES]);
        for row in 0..rows {
            let (start, height) = self.place(row / ROWS);
            for lane in 0..LANES {
                let point = row * LANES + lane;
                let record = &records[point.min(points - 1) * width..][..width];
                for (j, &value) in record.iter().enumerate() {
                    self.values[start * width + j * height + row - start][lane] = value;
                }
                self.weights[row][lane] = if point >= points { 0.0 } else { weights.map_or(1.0, |weights| weights[point]) };
            }
        }
        self.total = weights.map_or(points as f64, |weights| weights[..points].iter().sum());
    }

    /// The first row of a block and how many it has.
    fn place(&self, block: usize) -> (usize, usize) {
        let start = block * ROWS;
        (start, ROWS.min(self.weights.len() - start))
    }

    /// How many blocks there are.
    pub fn count(&self) -> usize {
        self.weights.len().div_ceil(ROWS)
    }

    /// A block by its number.
    pub fn block(&self, block: usize) -> Block<'_> {
        let (start, height) = self.place(block);
        Block { values: &self.values[start * self.width..][..height * self.width], weights: &self.weights[start..][..height] }
    }

    /// Coordinate `j` of a record.
    pub fn value(&self, point: usize, j: usize) -> f64 {
        let row = point / LANES;
        let (start, height) = self.place(row / ROWS);
        self.values[start * self.width + j * height + row - start][point % LANES]
    }

    /// The weight of a record.
    pub fn weight(&self, point: usize) -> f64 {
        self.weights[point / LANES][point % LANES]
    }

    /// A record.
    pub fn record(&self, point: usize) -> Vec<f64> {
        (0..self.width).map(|j| self.value(point, j)).collect()
    }

    /// Whether all records and weights are finite.
    pub fn finite(&self) -> bool {
        self.values.iter().chain(&self.weights).all(|row| row.iter().all(|x| x.is_finite()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back() {
        let records: Vec<f64> = (0..3 * 1130).map(f64::from).collect();
        let weights: Vec<f64> = (0..1130).map(|i| f64::from(i % 7)).collect();
        let mut blocks = Blocks::default();
        blocks.fill(&records, Some(&weights), 3);
        assert_eq!((blocks.count(), blocks.points, blocks.total), (3, 1130, weights.iter().sum()));
        for point in [0, 15, 16, 511, 512, 1023, 1024, 1129] {
            assert_eq!(blocks.record(point), records[3 * point..3 * point + 3]);
            assert_eq!(blocks.weight(point), weights[point]);
        }
        // 1130 = 2 * 512 + 106: seven rows, of which six places are spare.
        assert_eq!(blocks.block(2).weights.len(), 7);
        assert_eq!(blocks.block(2).weights[6][10..], [0.0; 6]);
        assert_eq!(blocks.block(2).values[6][15], records[3 * 1129]);
        blocks.fill(&[5.0], None, 1);
        assert_eq!((blocks.count(), blocks.total, blocks.value(0, 0)), (1, 1.0, 5.0));
    }
}
