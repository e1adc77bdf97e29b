//! The city's issues, each reported by one account.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::state::accounts::Account;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

struct Issue {
    id: u64,
    reporter: u32,
    status: &'static str,
    summary: String,
    description: String,
    address: String,
    created_at: SystemTime,
    updated_at: SystemTime,
}

pub struct Issues(Vec<Issue>);

/// A new issue, as checked.
#[derive(Debug, PartialEq)]
pub struct Report {
    pub summary: String,
    pub description: String,
    pub address: String,
}

impl Report {
    /// The fields of a JSON object, or what is wrong with each.
    pub fn read(json: &Value) -> Result<Self, Value> {
        let mut errors = serde_json::Map::new();
        let mut field = |name: &str, required: bool, longest: usize| {
            let problem = match json.get(name) {
                Some(Value::String(text)) => {
                    let text = text.trim();
                    if required && text.is_empty() {
                        "can't be blank".to_owned()
                    } else if text.chars().count() > longest {
                        format!("is too long (at most {longest} characters)")
                    } else {
                        return text.to_owned();
                    }
                }
                None | Some(Value::Null) if required => "can't be blank".to_owned(),
                None | Some(Value::Null) => return String::new(),
                Some(_) => "must be text".to_owned(),
            };
            errors.insert(name.to_owned(), json!([problem]));
            String::new()
        };
        let report = Self {
            summary: field("summary", true, 120),
            description: field("description", false, 2000),
            address: field("address", true, 200),
        };
        if errors.is_empty() {
            Ok(report)
        } else {
            Err(Value::Object(errors))
        }
    }
}

impl Issues {
    pub fn seeded() -> Self {
        let now = SystemTime::now();
        let issue =
            |id, reporter, status, [summary, description, address]: [&str; 3], made, changed| {
                Issue {
                    id,
                    reporter,
                    status,
                    summary: summary.to_owned(),
                    description: description.to_owned(),
                    address: address.to_owned(),
                    created_at: now - Duration::from_secs(made),
                    updated_at: now - Duration::from_secs(changed),
                }
            };
        Self(vec![
            issue(
                1001,
                1,
                "Closed",
                [
                    "Street light out at the crossing",
                    "The light over the zebra crossing has been dark for a week, right by the school.",
                    "Orchard Street 12",
                ],
                41 * DAY,
                33 * DAY,
            ),
            issue(
                1002,
                2,
                "Open",
                [
                    "Bus shelter glass broken",
                    "One pane is missing and there are splinters on the bench.",
                    "Station Road, stop C",
                ],
                12 * DAY,
                12 * DAY,
            ),
            issue(
                1003,
                1,
                "Acknowledged",
                [
                    "Deep pothole in the cycle lane",
                    "About a hand deep and as wide as the lane. Bicycles swerve into the traffic.",
                    "Canal Street, by number 48",
                ],
                9 * DAY,
                6 * DAY,
            ),
            issue(
                1004,
                1,
                "Open",
                [
                    "Overflowing bin in the playground",
                    "Not emptied since the weekend, and the wind carries it onto the grass.",
                    "Linden Park, north gate",
                ],
                2 * DAY,
                2 * DAY,
            ),
            issue(
                1005,
                1,
                "Open",
                [
                    "Blocked storm drain",
                    "Leaves cover the grate, and the corner floods whenever it rains.",
                    "Mill Lane and Third Avenue",
                ],
                5 * HOUR,
                5 * HOUR,
            ),
        ])
    }

    /// An account's own issues, newest first.
    pub fn of(&self, account: &Account) -> Vec<Value> {
        let own = self
            .0
            .iter()
            .rev()
            .filter(|issue| issue.reporter == account.id);
        own.map(|issue| issue.to_json(account)).collect()
    }

    pub fn add(&mut self, account: &Account, report: Report) -> Value {
        let now = SystemTime::now();
        let issue = Issue {
            id: self.0.last().map_or(1, |issue| issue.id + 1),
            reporter: account.id,
            status: "Open",
            summary: report.summary,
            description: report.description,
            address: report.address,
            created_at: now,
            updated_at: now,
        };
        let json = issue.to_json(account);
        self.0.push(issue);
        json
    }
}

impl Issue {
    fn to_json(&self, reporter: &Account) -> Value {
        let time = |time| humantime::format_rfc3339_seconds(time).to_string();
        json!({
            "id": self.id,
            "status": self.status,
            "summary": self.summary,
            "description": self.description,
            "address": self.address,
            "created_at": time(self.created_at),
            "updated_at": time(self.updated_at),
            "reporter": { "id": reporter.id, "name": reporter.name },
        })
    }
}
