//! What an installer says, in one line.

/// Of the lines in which an installer says what is wrong, without a stack trace: the first, in one, for the same may go
/// wrong with each package. Its last line when none has its mark.
pub fn complaint(text: &str, mark: &str) -> String {
    let errors: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix(mark))
        .take_while(|line| !line.starts_with(' '))
        .take(3)
        .collect();
    match errors.as_slice() {
        [] => text
            .trim_end()
            .lines()
            .last()
            .unwrap_or("nothing")
            .to_owned(),
        errors => errors.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_one_line() {
        let text = "Reading package lists...\nE: Unable to locate package puma\nE: No luck\n";
        let lines = "Unable to locate package puma No luck";
        assert_eq!(complaint(text, "E: "), lines);
        let traced =
            "npm error code E1\nnpm error no network\nnpm error     at main.js\nnpm error a log";
        assert_eq!(complaint(traced, "npm error "), "code E1 no network");
        assert_eq!(complaint("E: a\nE: b\nE: c\nE: d\n", "E: "), "a b c");
        assert_eq!(complaint("one\ntwo\n\n", "E: "), "two");
        assert_eq!(complaint("", "E: "), "nothing");
    }
}
