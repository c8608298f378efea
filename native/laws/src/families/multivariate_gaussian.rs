//! A normal law in several dimensions.

use genloss_core::models::multivariate_gaussian::{Learning, MultivariateGaussian};
use genloss_core::plan::{self, Covariance, Estimator};
use serde_json::json;

use super::Law::Of;
use super::{ALL, BOTH, Budget, Draw, Move, Row, Truth, Variant};
use crate::cell::of;
use crate::special::{lower, pdf, upper};
use crate::sums::{Sums, of_records};

/// The row.
pub fn row() -> Row {
    let model =
        |estimator: &str, covariance: &str| json!({ "kind": "multivariate-gaussian", "estimator": estimator, "covariance": covariance });
    let origin = |mean: [f64; 3], scale: f64| {
        let covariance = [[4.0, 1.2, -0.6], [1.2, 1.0, 0.3], [-0.6, 0.3, 9.0]].map(|row| row.map(|x: f64| x * scale * scale));
        json!({ "kind": "multivariate-gaussian", "dimensions": 3, "mean": mean, "covariance": covariance })
    };
    let correlated = move |estimator: &str| of(origin([1.0, -2.0, 10.0], 1.0), model(estimator, "full"));
    let line = || of(json!({ "kind": "multivariate-gaussian", "dimensions": 1 }), model("mle", "full"));
    let columns = "fit_log_det variance_ratio mean_shift partial_variance";
    let truth = |column, value, sd| ["mle", "unbiased"].map(|e| Truth { cell: correlated(e), column, value, sd, methods: ALL });
    let same = "variance_ratio variance_min mean_shift tail_p01 kl_forward";
    let moved = |mean, scale, scaled| Move {
        from: of(origin([0.0; 3], 1.0), model("mle", "full")),
        to: of(origin(mean, scale), model("mle", "full")),
        same,
        scaled,
        methods: BOTH,
    };
    let diagonal = of(json!({ "kind": "multivariate-gaussian", "dimensions": 3 }), model("unbiased", "diagonal"));
    let budget =
        |cell| Budget { cell, columns: "variance_ratio mean_shift", value: |x| 3.0 * x[0] + x[1] * x[1], expected: 3.0, methods: BOTH };
    Row {
        kind: "multivariate-gaussian",
        cells: vec![
            Variant { cell: correlated("unbiased"), columns, methods: BOTH },
            Variant { cell: correlated("mle"), columns, methods: BOTH },
            Variant { cell: diagonal, columns, methods: BOTH },
        ],
        costly: false,
        rows: None,
        draws: Of(vec![
            // The squared distance of a record to the mean, in units of the covariance: chi-square of three.
            Draw {
                cell: super::one_real(correlated("mle")),
                columns: "mean_shift",
                methods: BOTH,
                uniform: |run| run.at(0, "mean_shift").iter().map(|r| 2.0 * upper(*r) + 2.0 * r * pdf(*r)).collect(),
            },
            // In one dimension, by its absolute value.
            Draw {
                cell: super::one_of_a_model(line()),
                columns: "mean_shift variance_ratio",
                methods: BOTH,
                uniform: |run| {
                    let (m, v) = (run.at(0, "mean_shift"), run.at(0, "variance_ratio"));
                    let within = |(x, (m, v)): (&f64, (&f64, &f64))| lower((x - m) / f64::sqrt(*v)) - lower((-x - m) / f64::sqrt(*v));
                    run.at(1, "mean_shift").iter().zip(m.iter().zip(&v)).map(within).collect()
                },
            },
        ]),
        recovers: Of([truth("variance_ratio", 1.0, f64::sqrt(2.0 / 3.0)), truth("mean_shift", 0.0, f64::sqrt(3.0))]
            .into_iter()
            .flatten()
            .collect()),
        moves: Of(vec![
            moved([-40.0, 3.0, 0.5], 1.0, &[("partial_variance", 1.0)]),
            moved([0.0; 3], 7.0, &[("w2", 7.0), ("partial_variance", 1.0)]),
        ]),
        sums: Of(sums),
        budget: Of(vec![budget(correlated("mle"))]),
        constant_memory: Of(vec![correlated("unbiased")]),
    }
}

fn sums() -> Vec<Sums> {
    let family = |estimator, covariance| {
        let learning = Learning { estimator, covariance, method: plan::Method::Draws };
        let origin = [vec![4.0, 1.2, -0.6], vec![1.2, 1.0, 0.3], vec![-0.6, 0.3, 9.0]];
        MultivariateGaussian::normal(3, Some(&[1e6, -2.0, 10.0]), Some(&origin), learning).expect("a family")
    };
    let columns = ["mean_shift", "variance_ratio", "variance_min", "fit_log_det", "partial_variance"];
    [(Estimator::Mle, Covariance::Full), (Estimator::Unbiased, Covariance::Full), (Estimator::Mle, Covariance::Diagonal)]
        .into_iter()
        .flat_map(|(estimator, covariance)| of_records(&family(estimator, covariance), &columns))
        .collect()
}
