//! The origin as records: where real ones come from, and what each column of a model's records is compared with.

use super::Column;
use crate::error::Error;
use crate::family::Group;
use crate::measures::diversity;
use crate::measures::tails::{LEVELS, rare_classes};
use crate::models::multivariate_gaussian::{Learning, MultivariateGaussian};
use crate::models::ready::Given;
use crate::plan;
use crate::random::alias::Alias;
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::rows::{Recorded, words};
use crate::table::TableColumn;
use crate::truth::Truth;

/// One column of the origin.
pub enum Coordinate {
    /// A law on the line.
    Number(Box<Truth>),
    /// Classes.
    Class(Classes),
}

/// A law of classes.
pub struct Classes {
    pub probabilities: Vec<f64>,
    /// Least probable classes of mass at most 0.05, 0.01, 0.001, with that mass.
    pub regions: [(Vec<usize>, f64); 3],
    pub heterozygosity: f64,
}

impl Classes {
    fn new(probabilities: Vec<f64>) -> Classes {
        let regions = LEVELS.map(|p| {
            let classes = rare_classes(&probabilities, p);
            let mass = classes.iter().map(|&k| probabilities[k]).sum();
            (classes, mass)
        });
        Classes { regions, heterozygosity: diversity::heterozygosity(probabilities.iter().copied()), probabilities }
    }

    fn of_codes(codes: &[u32]) -> Classes {
        let classes = codes.iter().max().map_or(0, |&code| code as usize + 1);
        let mut shares = vec![0.0; classes];
        codes.iter().for_each(|&code| shares[code as usize] += 1.0);
        shares.iter_mut().for_each(|share| *share /= codes.len() as f64);
        Classes::new(shares)
    }
}

/// Where real records come from.
enum Real {
    /// The one law on the line.
    Line,
    /// The normal law in several dimensions.
    Space,
    /// The one law of classes.
    Classes(Alias),
    /// Rows of a table, one after the other.
    Rows(Vec<f64>),
}

/// The origin of a model's records.
pub struct Origin {
    pub columns: Vec<Column>,
    pub coordinates: Vec<Coordinate>,
    /// Columns of numbers together, where there are several and nothing else, and none of them follows from others.
    pub space: Option<Box<MultivariateGaussian>>,
    /// The table's columns that the model's columns are.
    pub places: Vec<usize>,
    real: Real,
}

impl Origin {
    /// The origin of a cell.
    pub fn new(given: &Given) -> Result<Origin, Error> {
        match &given.cell.origin {
            plan::Origin::Categorical { probabilities } => {
                if !probabilities.iter().all(|p| *p >= 0.0 && p.is_finite()) || !(probabilities.iter().sum::<f64>() > 0.0) {
                    return Err(Error::plan("origin.probabilities", format!("{probabilities:?}"), "probabilities that add up to 1"));
                }
                let total: f64 = probabilities.iter().sum();
                let classes = Classes::new(probabilities.iter().map(|p| p / total).collect());
                Ok(Origin::of(vec![Coordinate::Class(classes)], None, vec![0], Real::Classes(Alias::new(probabilities))))
            }
            plan::Origin::MultivariateGaussian { dimensions, mean, covariance } if *dimensions > 1 => {
                let law = MultivariateGaussian::normal(*dimensions, mean.as_deref(), covariance.as_deref(), Learning::MOMENTS)?;
                let coordinates =
                    (0..*dimensions).map(|k| Truth::gaussian(law.mean[k], law.sd[k]).map(|law| Coordinate::Number(Box::new(law))));
                let coordinates = coordinates.collect::<Result<Vec<_>, Error>>()?;
                Ok(Origin::of(coordinates, Some(Box::new(law)), (0..*dimensions).collect(), Real::Space))
            }
            plan::Origin::Table { table, columns } => Origin::rows(given, *table, columns),
            origin => match Truth::of(origin)? {
                Some(truth) => Ok(Origin::of(vec![Coordinate::Number(Box::new(truth))], None, vec![0], Real::Line)),
                None => Err(given.mismatch("module", "a law on the line, a normal one, classes, or columns of a table")),
            },
        }
    }

    fn rows(given: &Given, table: usize, places: &[usize]) -> Result<Origin, Error> {
        let table = given.table(table)?;
        if places.is_empty() {
            return Err(Error::plan("origin.columns", "none", "at least one column"));
        }
        let columns = places.iter().map(|&place| table.column(place)).collect::<Result<Vec<_>, Error>>()?;
        let coordinate = |column: &&TableColumn| match column {
            TableColumn::Numbers(values) => Truth::point_or_rows(values).map(|truth| Coordinate::Number(Box::new(truth))),
            TableColumn::Codes(codes) => Ok(Coordinate::Class(Classes::of_codes(codes))),
        };
        let coordinates = columns.iter().map(coordinate).collect::<Result<Vec<_>, Error>>()?;
        let value = |column: &TableColumn, row: usize| match column {
            TableColumn::Numbers(values) => values[row],
            TableColumn::Codes(codes) => f64::from(codes[row]),
        };
        let rows = (0..table.rows()).flat_map(|row| columns.iter().map(move |column| value(column, row))).collect();
        let numbers: Vec<_> =
            columns.iter().filter_map(|c| if let TableColumn::Numbers(values) = c { Some(values.clone()) } else { None }).collect();
        let together = numbers.len() > 1 && numbers.len() == columns.len();
        let space = if together { MultivariateGaussian::rows(&numbers, Learning::MOMENTS).ok().map(Box::new) } else { None };
        Ok(Origin::of(coordinates, space, places.to_vec(), Real::Rows(rows)))
    }

    fn of(coordinates: Vec<Coordinate>, space: Option<Box<MultivariateGaussian>>, places: Vec<usize>, real: Real) -> Origin {
        let column = |coordinate: &Coordinate| match coordinate {
            Coordinate::Number(_) => Column::Number,
            Coordinate::Class(classes) => Column::Class(classes.probabilities.len()),
        };
        Origin { columns: coordinates.iter().map(column).collect(), coordinates, space, places, real }
    }

    /// All rows, where the origin is a table.
    pub fn table(&self) -> Option<&[f64]> {
        if let Real::Rows(rows) = &self.real { Some(rows) } else { None }
    }

    /// Appends n new real records, in the data's units.
    pub fn draw(&self, n: usize, group: &mut Group, chain: usize, into: &mut Vec<f64>) {
        let from = into.len();
        match &self.real {
            Real::Line => {
                let Some(Coordinate::Number(truth)) = self.coordinates.first() else { return };
                into.resize(from + n, 0.0);
                truth.fill(group, chain, Purpose::RealChunk, &mut into[from..]);
                into[from..].iter_mut().for_each(|x| *x = truth.place + truth.scale * *x);
            }
            Real::Space => {
                let Some(law) = &self.space else { return };
                law.real_rows(chain, n, group, into);
                let d = self.columns.len();
                into[from..].iter_mut().enumerate().for_each(|(i, x)| *x = law.mean[i % d] + law.sd[i % d] * *x);
            }
            Real::Classes(alias) => {
                into.resize(from + n, 0.0);
                words(group, chain, Purpose::RealChunk, &mut into[from..], |word| f64::from(alias.draw(word)));
            }
            Real::Rows(rows) => {
                let width = self.columns.len();
                let mut chosen = vec![0.0; n];
                words(group, chain, Purpose::RealChunk, &mut chosen, |word| below(word, (rows.len() / width) as u64) as f64);
                chosen.into_iter().for_each(|row| into.extend_from_slice(&rows[row as usize * width..(row as usize + 1) * width]));
            }
        }
    }

    /// Means and sds of the columns, where all are numbers.
    pub fn centre(&self) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let units = self.coordinates.iter().map(|coordinate| match coordinate {
            Coordinate::Number(truth) => Ok((truth.place, truth.scale)),
            Coordinate::Class(_) => Err(Error::plan("stages.selection", "classes", "records that can be put in order")),
        });
        Ok(units.collect::<Result<Vec<_>, Error>>()?.into_iter().unzip())
    }
}
