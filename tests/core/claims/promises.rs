//! What the documents promise, sentence by sentence.

/// The sentences of these tables, lists and declarations are promises.
const PLACES: [(&str, &str, Read); 6] = [
    (
        "README.md",
        include_str!("../../../README.md"),
        Read::Rows("## The rules it keeps"),
    ),
    (
        "SECURITY.md",
        include_str!("../../../SECURITY.md"),
        Read::Bullets("## Guarantees"),
    ),
    (
        "pkg/index.d.ts",
        include_str!("../../../pkg/index.d.ts"),
        Read::Declarations,
    ),
    (
        "pkg/openid.d.ts",
        include_str!("../../../pkg/openid.d.ts"),
        Read::Declarations,
    ),
    (
        "pkg/implicit.d.ts",
        include_str!("../../../pkg/implicit.d.ts"),
        Read::Declarations,
    ),
    (
        "pkg/wasm.d.ts",
        include_str!("../../../pkg/wasm.d.ts"),
        Read::Declarations,
    ),
];

/// How a file makes its promises.
#[derive(Clone, Copy)]
enum Read {
    /// The second cells of a section's table.
    Rows(&'static str),
    /// A section's list.
    Bullets(&'static str),
    /// Of doc comments, what is thrown, and every sentence that says `never`, `nothing` or `nobody`.
    Declarations,
}

/// Sentences with such a word that ask something of the reader, or tell what somebody else does.
pub(super) const OTHERS: [&str; 7] = [
    "Such a credential is as good as its owner's password: use it where its owner is the one who runs the \
     program, and never put one into a page that others load.",
    "It comes from outside: show it as text, never as HTML.",
    "A server on another origin must expose the header by CORS (`Access-Control-Expose-Headers: \
     WWW-Authenticate`), or there is nothing to read.",
    "Text, never HTML; it comes from outside.",
    "Who the user is: OpenID Connect Core 1.0 for `createClient`, as an add-on that a page without it pays \
     nothing for.",
    "What `openid` is; it has nothing for a program to call.",
    "Who signed in: unique and never given to somebody else, for this issuer.",
];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Promise {
    pub(super) source: &'static str,
    pub(super) place: String,
    pub(super) text: String,
}

/// Every promise, and every sentence of `OTHERS` as it was found.
pub(super) fn promises() -> (Vec<Promise>, Vec<Promise>) {
    let all = PLACES.iter().flat_map(|&(source, text, read)| {
        let found: Vec<(String, String)> = match read {
            Read::Rows(heading) => rows(section(text, heading)),
            Read::Bullets(heading) => bullets(section(text, heading)),
            Read::Declarations => declarations(text),
        };
        found.into_iter().map(move |(place, text)| Promise {
            source,
            place,
            text,
        })
    });
    all.partition(|promise| !OTHERS.contains(&promise.text.as_str()))
}

/// What stands below a heading, up to the next.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("{heading}\n")).unwrap();
    rest.split("\n## ").next().unwrap_or_default()
}

fn rows(section: &str) -> Vec<(String, String)> {
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.flat_map(|(name, text)| of(name, sentences(text.trim_end_matches(" |"))))
        .collect()
}

fn bullets(section: &str) -> Vec<(String, String)> {
    let bullets = section
        .lines()
        .filter_map(|line| line.strip_prefix("- **")?.split_once("**"));
    bullets
        .flat_map(|(name, text)| of(name, sentences(&format!("{name}{text}"))))
        .collect()
}

fn declarations(text: &str) -> Vec<(String, String)> {
    let comments = text.split("/**").skip(1);
    comments
        .filter_map(|rest| rest.split_once("*/"))
        .flat_map(|(comment, code)| of(declared(code), promises_of_comment(comment)))
        .collect()
}

fn of(place: &str, promises: Vec<String>) -> Vec<(String, String)> {
    promises
        .into_iter()
        .map(|promise| (place.to_owned(), promise))
        .collect()
}

/// The name of what a comment is about.
fn declared(code: &str) -> &str {
    const WORDS: [&str; 7] = [
        "export",
        "readonly",
        "function",
        "interface",
        "class",
        "type",
        "const",
    ];
    let line = code.trim_start().lines().next().unwrap_or_default();
    let mut words = line.split_whitespace();
    let word = words.find(|word| !WORDS.contains(word)).unwrap_or_default();
    let mut names = word.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    match names.next() {
        None | Some("" | "import") => "the package",
        Some(name) => name,
    }
}

fn promises_of_comment(comment: &str) -> Vec<String> {
    let mut promises = Vec::new();
    for part in parts(comment) {
        if part.starts_with("@throws ") {
            promises.push(part);
            continue;
        }
        let is_promise = |sentence: &String| {
            let words = sentence.split(|it: char| !it.is_ascii_alphabetic());
            words
                .map(str::to_ascii_lowercase)
                .any(|word| ["never", "nothing", "nobody"].contains(&word.as_str()))
        };
        promises.extend(sentences(&part).into_iter().filter(is_promise));
    }
    promises
}

/// The paragraphs, items and tags of a comment but for its examples, each in one line.
fn parts(comment: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_example = false;
    for line in comment.lines() {
        let line = line.trim().trim_start_matches('*').trim();
        if line.starts_with('@') {
            is_example = line.starts_with("@example");
        }
        if is_example {
            continue;
        }
        if line.is_empty() || line.starts_with("- ") || line.starts_with('@') {
            parts.push(String::new());
        }
        let part = parts.last_mut().unwrap();
        if !part.is_empty() {
            part.push(' ');
        }
        part.push_str(line.trim_start_matches("- "));
    }
    parts.iter().map(|part| linked(part)).collect()
}

/// A link to a name is the name, as code.
fn linked(part: &str) -> String {
    let mut pieces = part.split("{@link ");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        format!("{text}`{}", piece.replacen('}', "`", 1))
    })
}

fn sentences(text: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for piece in text.trim().split(". ") {
        let begins = piece.chars().next().unwrap_or_default();
        let is_next = begins.is_ascii_uppercase() || begins == '`';
        match sentences.last_mut() {
            Some(last) => {
                last.push('.');
                if is_next {
                    sentences.push(piece.to_owned());
                } else {
                    last.push(' ');
                    last.push_str(piece);
                }
            }
            None if piece.is_empty() => {}
            None => sentences.push(piece.to_owned()),
        }
    }
    sentences
}
