//! The form of `docs/claims.md`, for the core's tests and for `cargo xtask test`.

/// A row: a promise, and the names of the tests that prove it.
pub(crate) struct Claim<'a> {
    /// The file that makes the promise.
    pub(crate) source: &'a str,
    /// Where in the file: a row, a bullet or a declaration.
    pub(crate) place: &'a str,
    pub(crate) promise: &'a str,
    pub(crate) tests: Vec<&'a str>,
}

/// The rows `| place | promise | tests |`, below a heading that names the file.
pub(crate) fn claims(document: &str) -> Vec<Claim<'_>> {
    let mut source = "";
    let mut claims = Vec::new();
    for line in document.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            source = heading;
        }
        let Some(row) = line.strip_prefix("| ") else {
            continue;
        };
        let row = row.trim_end_matches('|').trim_end();
        let (place, rest) = row.split_once(" | ").unwrap_or((row, ""));
        let (promise, tests) = rest.rsplit_once(" | ").unwrap_or((rest, ""));
        if place != "where" {
            claims.push(Claim {
                source,
                place,
                promise,
                // What stands between two backticks.
                tests: tests.split('`').skip(1).step_by(2).collect(),
            });
        }
    }
    claims
}
