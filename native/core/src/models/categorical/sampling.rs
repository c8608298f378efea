//! Changed laws of classes: a bias, a temperature, the most probable classes only; in this order.

use std::borrow::Cow;

use crate::counts::Counts;
use crate::error::Error;
use crate::math;
use crate::plan::Sampling;

/// How the law that is sampled from differs from the model's.
#[derive(Clone, Debug, Default)]
pub struct ClassSampling {
    bias: Option<Vec<f64>>,
    temperature: Option<f64>,
    top_k: Option<usize>,
    top_p: Option<f64>,
}

impl ClassSampling {
    /// Of a plan's stage, for so many classes.
    pub fn new(sampling: &Sampling, classes: usize) -> Result<ClassSampling, Error> {
        sampling.only(&["temperature", "bias", "topK", "topP"], "model of classes")?;
        if let Some(bias) = sampling.bias.as_ref().filter(|bias| bias.len() != classes) {
            return Err(Error::plan(
                "stages.sampling.bias",
                format!("{} factors", bias.len()),
                format!("one for each of the {classes} classes"),
            ));
        }
        if sampling.bias.as_ref().is_some_and(|bias| bias.iter().all(|&factor| factor == 0.0)) {
            return Err(Error::plan("stages.sampling.bias", "all 0", "a factor above 0"));
        }
        Ok(ClassSampling {
            bias: sampling.bias.clone(),
            temperature: sampling.temperature,
            top_k: sampling.top_k.map(|k| usize::try_from(k).unwrap_or(usize::MAX)),
            top_p: sampling.top_p,
        })
    }

    /// The changed weights; those of a chain whose classes are all ruled out are zero.
    pub fn change<'a>(&self, law: &'a Counts) -> Cow<'a, Counts> {
        if self.bias.is_none() && self.temperature.is_none() && self.top_k.is_none() && self.top_p.is_none() {
            return Cow::Borrowed(law);
        }
        let mut changed = law.clone();
        for chain in 0..changed.counts.first().map_or(0, |row| row.len()) {
            let mut weights: Vec<f64> = law.chain(chain).collect();
            self.change_one(&mut weights);
            changed.counts.iter_mut().zip(weights).for_each(|(row, weight)| row[chain] = weight);
        }
        Cow::Owned(changed)
    }

    fn change_one(&self, weights: &mut [f64]) {
        if let Some(bias) = &self.bias {
            weights.iter_mut().zip(bias).for_each(|(w, factor)| *w *= factor);
        }
        if let Some(temperature) = self.temperature {
            let most = weights.iter().copied().fold(0.0, f64::max);
            weights.iter_mut().filter(|w| **w > 0.0).for_each(|w| *w = math::pow(*w / most, 1.0 / temperature));
        }
        if self.top_k.is_none() && self.top_p.is_none() {
            return;
        }
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
        let wanted = self.top_p.unwrap_or(1.0) * weights.iter().sum::<f64>() * (1.0 - 1e-12);
        let mut mass = 0.0;
        let held = order.iter().take_while(|&&k| {
            let open = mass < wanted;
            mass += weights[k];
            open
        });
        let held = held.count();
        let kept = held.min(self.top_k.unwrap_or(usize::MAX)).max(1);
        order[kept.min(order.len())..].iter().for_each(|&k| weights[k] = 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(sampling: Sampling, weights: &[f64]) -> Vec<f64> {
        let mut weights = weights.to_vec();
        ClassSampling::new(&sampling, weights.len()).unwrap().change_one(&mut weights);
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|w| w / sum).collect()
    }

    #[test]
    fn the_most_probable_classes_stay() {
        let p = [0.1, 0.5, 0.15, 0.25];
        assert_eq!(changed(Sampling { top_k: Some(2), ..Sampling::default() }, &p), [0.0, 2.0 / 3.0, 0.0, 1.0 / 3.0]);
        assert_eq!(changed(Sampling { top_p: Some(0.75), ..Sampling::default() }, &p), [0.0, 2.0 / 3.0, 0.0, 1.0 / 3.0]);
        assert_eq!(changed(Sampling { top_p: Some(0.76), ..Sampling::default() }, &p)[0], 0.0);
        assert_eq!(changed(Sampling { top_p: Some(1e-9), ..Sampling::default() }, &p), [0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_temperature_is_a_power_and_a_bias_a_factor() {
        let p = changed(Sampling { temperature: Some(0.5), ..Sampling::default() }, &[0.2, 0.0, 0.8]);
        assert!((p[0] - 1.0 / 17.0).abs() < 1e-15 && p[1] == 0.0);
        let biased = Sampling { bias: Some(vec![3.0, 1.0]), ..Sampling::default() };
        assert_eq!(changed(biased, &[0.25, 0.75]), [0.5, 0.5]);
    }
}
