//! What a training set is made of, and when events happen, counted again by hand.

use genloss_laws::cell::Method;
use genloss_laws::policy::{every, mix_of};
use genloss_laws::prelude::*;
use serde_json::Value;

/// A batch: records, the generation it was made for, real or not.
type Batch = (f64, u32, bool);

/// The batches that the policy's definition puts into T_g.
fn training_set(policy: &Value, n: f64, initial: f64, generation: u32) -> Vec<Batch> {
    let made: Vec<Batch> = (1..=generation).map(|g| (n, g, false)).collect();
    let everything: Vec<Batch> = std::iter::once((initial, 0, true)).chain(made.iter().copied()).collect();
    if generation == 0 {
        return everything;
    }
    match policy["kind"].as_str().expect("a kind") {
        "replace" => vec![made[made.len() - 1]],
        "accumulate" => everything,
        "window" => {
            let batches = policy["batches"].as_u64().expect("batches") as usize;
            let mut last = everything[everything.len().saturating_sub(batches)..].to_vec();
            if policy["keepReal"] == true && !last.contains(&everything[0]) {
                last.push(everything[0]);
            }
            last
        }
        _ => {
            let real = (policy["real"].as_f64().expect("a share") * n).round();
            let born = if policy["source"] == "fixed" { 0 } else { generation };
            vec![(real, born, true), (n - real, generation, false)]
        }
    }
}

#[test]
fn training_sets_are_what_the_policies_say() {
    let cells = [gaussian(), categorical(&[0.5, 0.5]), resampled(&gaussian())];
    for policy in every() {
        if policy["composition"] == "bernoulli" {
            continue;
        }
        for cell in &cells {
            let cell = cell.clone().policy(policy.clone()).n(20).initial(30).generations(7).replicates(3);
            let run = cell.run("n real_share synthetic_share mean_age");
            for generation in 0..=7 {
                let batches = training_set(&policy, 20.0, 30.0, generation);
                let total: f64 = batches.iter().map(|(size, _, _)| size).sum();
                let real: f64 = batches.iter().filter(|(_, _, real)| *real).map(|(size, _, _)| size).sum();
                let age: f64 = batches.iter().map(|(size, born, _)| size * f64::from(generation - born)).sum();
                let expected =
                    [("n", total), ("real_share", real / total), ("synthetic_share", 1.0 - real / total), ("mean_age", age / total)];
                for (name, value) in expected {
                    for found in run.at(generation, name) {
                        assert!((found - value).abs() < 1e-12, "{name} at {generation} of {policy}: {found}, expected {value}");
                    }
                }
            }
        }
    }
}

#[test]
fn bernoulli_sets_have_all_records_and_a_random_share() {
    let policy = mix_of(0.3, "fresh", "bernoulli");
    let run = gaussian().policy(policy).n(20).generations(3).replicates(500).run("n real_share synthetic_share mean_age");
    assert!(run.at(3, "n").iter().all(|&n| n == 20.0) && run.at(3, "mean_age").iter().all(|&age| age == 0.0));
    let shares = run.at(3, "real_share");
    assert!(shares.iter().all(|share| (share * 20.0).fract() == 0.0) && shares.iter().any(|&share| share != shares[0]));
}

/// The first generation that opens `sustain` consecutive ones of a state.
fn first_run(state: &[bool], sustain: usize) -> i32 {
    state.windows(sustain).position(|run| run.iter().all(|&below| below)).map_or(-1, |generation| generation as i32)
}

fn check_events(block: Block, sustain: u32, chains: usize, seen: &mut [usize; 4]) {
    let run = block.columns("early_state late_state variance_ratio").events().run();
    let dates = ["early", "late", "touched", "diverged"].map(|event| run.dates(event));
    for chain in 0..chains {
        let early: Vec<bool> = run.chain(chain, "early_state").iter().map(|&state| state == 1.0).collect();
        let late: Vec<bool> = run.chain(chain, "late_state").iter().map(|&state| state == 1.0).collect();
        let large: Vec<bool> = run.chain(chain, "variance_ratio").iter().map(|&ratio| ratio > 100.0).collect();
        let expected =
            [first_run(&early, sustain as usize), first_run(&late, sustain as usize), first_run(&early, 1), first_run(&large, 1)];
        for (event, (date, expected)) in dates.iter().zip(expected).enumerate() {
            assert_eq!(date[chain], expected, "event {event} of chain {chain}");
            seen[event] += usize::from(expected >= 0);
        }
    }
}

#[test]
fn events_open_sustained_spells() {
    let mut seen = [0; 4];
    for sustain in [1, 3, 10] {
        for method in Method::BOTH {
            for policy in every() {
                let normal = gaussian().n(4).generations(60).replicates(200).policy(policy.clone()).sustain(sustain).by(method);
                check_events(Block::of([normal]), sustain, 200, &mut seen);
                let classes =
                    categorical(&[0.02, 0.02, 0.01, 0.95]).n(30).generations(60).replicates(200).policy(policy).sustain(sustain).by(method);
                check_events(Block::of([classes.clone()]), sustain, 200, &mut seen);
                check_events(Block::of([resampled(&classes)]), sustain, 200, &mut seen);
            }
        }
    }
    println!("events seen: {seen:?}");
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}

/// A chain that can't be fitted stops with its reason, and has no value from there on.
#[test]
fn chains_that_stop_say_why() {
    let cell = gaussian().initial(1).generations(3).replicates(2);
    let run = Block::of([cell]).columns("mean variance n").events().run();
    assert_eq!(run.dates("stopped"), [0, 0]);
    assert_eq!(run.dates("stopped_reason"), [1, 1]);
    assert!((0..4).all(|g| ["mean", "variance"].iter().all(|name| run.at(g, name).iter().all(|x| x.is_nan()))));
}
