//! What a test looks at and sets: the requests that came, and how long answers wait.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

/// A log keeps the newest requests.
const MOST: usize = 1000;

#[derive(Default)]
pub struct Log(VecDeque<Value>);

impl Log {
    pub fn push(&mut self, entry: Value) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    pub fn entries(&self) -> &VecDeque<Value> {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// How long each of the token endpoint's next answers waits.
#[derive(Default)]
pub struct Delays(VecDeque<Duration>);

impl Delays {
    pub fn next(&mut self) -> Duration {
        self.0.pop_front().unwrap_or_default()
    }

    /// What was set before no longer counts.
    pub fn set(&mut self, delay: Duration, answers: usize) {
        self.0 = vec![delay; answers].into();
    }
}
