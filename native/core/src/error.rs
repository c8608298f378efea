//! The core's one error: path, value, rule and hint, for a person to act on.

use std::fmt;

use serde::Serialize;

/// What went wrong: `plan` (a setting), `data` (a table), `interrupted` (the control word), `native` (a panic that was caught).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Error {
    /// The kind of failure.
    pub code: &'static str,
    /// The setting, as `cells[0].model.estimator`.
    pub path: String,
    /// What was found there.
    pub value: String,
    /// What was expected.
    pub rule: String,
    /// What to do.
    pub hint: String,
}

impl Error {
    /// A setting that breaks a rule.
    pub fn plan(path: impl Into<String>, value: impl fmt::Display, rule: impl Into<String>) -> Error {
        Error { code: "plan", path: path.into(), value: value.to_string(), rule: rule.into(), hint: String::new() }
    }

    /// The control word asked to stop.
    pub fn interrupted() -> Error {
        Error {
            code: "interrupted",
            path: "control".into(),
            value: "cancelled".into(),
            rule: "a run that was not cancelled".into(),
            hint: "run again to go on".into(),
        }
    }

    /// Adds advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.path, self.rule, self.value)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

impl std::error::Error for Error {}
