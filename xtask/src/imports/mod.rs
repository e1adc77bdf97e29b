//! Who may import whom, and the check that it is so: files import each other in no circle, and imports go down.
//!
//! cargo-modules finds a circle in a crate, but knows no floors and brings rust-analyzer along; dependency-cruiser
//! knows both, but for JavaScript alone, and would make Node a condition of `test --fast`.

mod graph;
mod javascript;
mod rust;

use std::path::Path;

use anyhow::{Result, bail};

use crate::project;

/// Sources that are looked at as a whole.
pub struct Root {
    /// A crate's first file, or a folder of JavaScript.
    pub path: &'static str,
    /// The files and folders beside the first file, by name, from the top: each imports from its own floor and from
    /// those below. The first file is above them all. Nothing where files are in no order but that of their imports.
    floors: Floors,
}

type Floors = &'static [&'static [&'static str]];

pub const ROOTS: [Root; 4] = [
    Root {
        path: "src/lib.rs",
        floors: &[
            &["package", "browser"],
            &["owned"],
            &["session"],
            &["login"],
            &["openid"],
            &["authorization", "resource", "token"],
            &["registration"],
            &["error"],
            &["syntax"],
        ],
    },
    Root {
        path: "pkg",
        floors: &[],
    },
    Root {
        path: "demo-server/src/lib.rs",
        floors: &[
            &["application", "server"],
            &["control", "metadata"],
            &["authorization", "token"],
            &["openid"],
            &["api"],
            &["state"],
            &["http", "options"],
        ],
    },
    Root {
        path: "xtask/src/main.rs",
        floors: &[],
    },
];

impl Root {
    /// Says how many files were read; the error names every circle and every import that goes up.
    pub fn check(&self) -> Result<String> {
        self.check_in(&project::root())
    }

    fn check_in(&self, repository: &Path) -> Result<String> {
        let imports = if self.path.ends_with(".rs") {
            rust::imports(repository, self.path)?
        } else {
            javascript::imports(repository, self.path)?
        };
        let mut problems = graph::circles(&imports);
        if !self.floors.is_empty() {
            problems.extend(graph::wrong_floors(&imports, self.path, self.floors));
        }
        if problems.is_empty() {
            return Ok(format!("{} files", imports.len()));
        }
        bail!(
            "Imports must go down; move what both files need into a lower one, or hand it in.\n{}",
            problems.join("\n")
        )
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A repository of these files, which goes when the test ends.
    struct Tree(PathBuf);

    impl Tree {
        fn new(files: &[(&str, &str)]) -> Result<Self> {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("claviger-imports-{}-{count}", std::process::id());
            let tree = Self(std::env::temp_dir().join(name));
            for (file, text) in files {
                let path = tree.0.join(file);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(path, text)?;
            }
            Ok(tree)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const FLOORS: Floors = &[&["door"], &["left", "right"], &["ground"]];

    /// The note, or the problems without the sentence above them.
    fn checked(path: &'static str, floors: Floors, files: &[(&str, &str)]) -> String {
        let outcome = Tree::new(files).and_then(|tree| Root { path, floors }.check_in(&tree.0));
        match outcome {
            Ok(note) => note,
            Err(error) => {
                let text = format!("{error:#}");
                match text.split_once('\n') {
                    Some((_, problems)) => problems.to_owned(),
                    None => text,
                }
            }
        }
    }

    fn of_rust(files: &[(&str, &str)]) -> String {
        checked("src/lib.rs", &[], files)
    }

    fn with_floors(files: &[(&str, &str)]) -> String {
        let root = ("src/lib.rs", "mod door; mod ground; mod left; mod right;");
        checked("src/lib.rs", FLOORS, &[&[root], files].concat())
    }

    fn of_javascript(files: &[(&str, &str)]) -> String {
        checked("pkg", &[], files)
    }

    #[test]
    fn imports_that_go_down_pass() {
        let files = [
            ("src/door.rs", "use crate::left::Left;"),
            ("src/left/mod.rs", "mod inner; pub use inner::Left;"),
            (
                "src/left/inner.rs",
                "use crate::{ground::G, right::Right}; use std::fmt;",
            ),
            ("src/right.rs", "use crate::ground::*;"),
            ("src/ground.rs", "use core::mem;"),
        ];
        assert_eq!(with_floors(&files), "6 files");
    }

    #[test]
    fn an_import_that_goes_up_names_both_files() {
        let quiet = [("src/door.rs", ""), ("src/right.rs", "")];
        let up = [
            (
                "src/left/mod.rs",
                "mod inner; use crate::door::Door; use crate::Root;",
            ),
            ("src/left/inner.rs", ""),
            ("src/ground.rs", "fn f() { crate::left::inner::g() }"),
        ];
        assert_eq!(
            with_floors(&[quiet.as_slice(), &up].concat()),
            "src/ground.rs -> src/left/inner.rs: ground is below left\n\
             src/left/mod.rs -> src/door.rs: left is below door\n\
             src/left/mod.rs -> src/lib.rs: left is below lib"
        );
    }

    #[test]
    fn of_one_floor_a_circle_alone_is_wrong() {
        let other = [("src/door.rs", ""), ("src/ground.rs", "")];
        let both_ways = [
            ("src/left/mod.rs", "mod a; mod b;"),
            ("src/left/a.rs", "use crate::right::R;"),
            ("src/left/b.rs", ""),
            ("src/right.rs", "use crate::left::b::B;"),
        ];
        assert_eq!(
            with_floors(&[other.as_slice(), &both_ways].concat()),
            "7 files"
        );
        let circle = [
            ("src/left.rs", "use crate::right::R;"),
            ("src/right.rs", "use crate::left::L;"),
        ];
        assert_eq!(
            with_floors(&[other.as_slice(), &circle].concat()),
            "src/left.rs -> src/right.rs -> src/left.rs"
        );
    }

    #[test]
    fn what_stands_on_no_floor_is_told() {
        let files = [
            ("src/lib.rs", "mod ground; mod attic;"),
            ("src/ground.rs", ""),
            ("src/attic.rs", ""),
        ];
        assert_eq!(
            checked("src/lib.rs", FLOORS, &files),
            "src/attic.rs is on no floor; give attic one in xtask/src/imports/mod.rs"
        );
    }

    #[test]
    fn a_circle_is_found_however_a_file_is_named() {
        let circle = "src/a.rs -> src/b/c.rs -> src/a.rs";
        let ways = [
            "use crate::b::c::C;",
            "use super::b::{self, c::C};",
            "use crate::{b::{c as d}};",
            "use crate::b::{self}; fn f() { b::c::g() }",
            "fn f() { use crate::b::c; }",
            "fn f() { crate::b::c::g(); }",
            "fn f(c: crate::b::c::C) {}",
            "fn f(c: Option<crate::b::c::C>) {}",
            "fn f() { format!(\"{}\", [super::b::c::g()]); }",
            "use crate::b; fn f() { b::c::g() }",
            "use crate::b as d; fn f() { print!(\"{}\", d::c::G); }",
            "mod inner { use super::super::b::c::C; }",
            "impl crate::b::c::Trait for A {}",
            "#[cfg(feature = \"code\")] use crate::b::c::C;",
            "#[cfg(not(test))] use crate::b::c::C;",
        ];
        for way in ways {
            let files = [
                ("src/lib.rs", "mod a; mod b;"),
                ("src/a.rs", way),
                ("src/b/mod.rs", "pub mod c;"),
                ("src/b/c.rs", "use crate::a::A;"),
            ];
            assert_eq!(of_rust(&files), circle, "{way}");
        }
    }

    #[test]
    fn what_is_no_import_makes_no_circle() {
        let ways = [
            "pub(super) struct A;",
            "pub(in crate::b) struct A;",
            "use std::b::c::C;",
            "use ::b::c::C;",
            "/// As [`crate::b::c`].\nstruct A;",
            "fn f() { crate::a::g() }",
            "#[cfg(test)] use crate::b::c::C;",
            "#[cfg(test)] mod tests { use crate::b::c::C; }",
            "#[cfg(test)] mod tests;",
            "#[cfg(all(test, feature = \"code\"))] mod tests;",
        ];
        for way in ways {
            let files = [
                ("src/lib.rs", "mod a; mod b;"),
                ("src/a.rs", way),
                ("src/a/tests.rs", "use crate::b::c::C;"),
                ("src/b/mod.rs", "pub mod c;"),
                ("src/b/c.rs", "use crate::a::A;"),
            ];
            assert_eq!(of_rust(&files), "4 files", "{way}");
        }
    }

    #[test]
    fn a_folder_and_its_files_are_a_circle_when_they_need_each_other() {
        let of = |folder, file| {
            let root = ("src/lib.rs", "mod a;");
            of_rust(&[root, ("src/a/mod.rs", folder), ("src/a/b.rs", file)])
        };
        let circle = "src/a/b.rs -> src/a/mod.rs -> src/a/b.rs";
        assert_eq!(of("mod b; fn f() { b::g() }", "use super::f;"), circle);
        // A name alone is a variable, one with colons in front is another crate's.
        for folder in [
            "mod b; fn f(b: u8) -> u8 { b }",
            "mod b; use ::b::B;",
            "mod b; fn f() { ::b::g() }",
        ] {
            assert_eq!(of(folder, "use super::f;"), "3 files", "{folder}");
        }
        let for_the_folder = "pub(super) fn g() {} pub(in crate::a) fn h() {}";
        assert_eq!(of("mod b; use b::g;", for_the_folder), "3 files");
    }

    #[test]
    fn a_module_in_a_file_has_files_of_its_own() {
        let files = [
            ("src/lib.rs", "mod a;"),
            (
                "src/a.rs",
                "mod inner { pub mod deep; } use inner::deep::D;",
            ),
            ("src/a/inner/deep.rs", "use super::super::A;"),
        ];
        assert_eq!(
            of_rust(&files),
            "src/a.rs -> src/a/inner/deep.rs -> src/a.rs"
        );
    }

    #[test]
    fn of_many_circles_the_shortest_is_told_and_each_group() {
        let files = [
            ("src/lib.rs", "mod a; mod b; mod c; mod d; mod e;"),
            ("src/a.rs", "use crate::b::B;"),
            ("src/b.rs", "use crate::c::C;"),
            ("src/c.rs", "use crate::{a::A, b::B};"),
            ("src/d.rs", "use crate::{a::A, e::E};"),
            ("src/e.rs", "use crate::d::D;"),
        ];
        assert_eq!(
            of_rust(&files),
            "src/b.rs -> src/c.rs -> src/b.rs, the shortest circle of 3 files: src/a.rs, src/b.rs, src/c.rs\n\
             src/d.rs -> src/e.rs -> src/d.rs"
        );
    }

    #[test]
    fn what_can_not_be_read_is_told() {
        let missing = [("src/lib.rs", "mod a;")];
        assert_eq!(
            of_rust(&missing),
            "src/lib.rs has a module a, and neither src/a.rs nor src/a/mod.rs is there"
        );
        let broken = [("src/lib.rs", "mod a;"), ("src/a.rs", "use crate::;")];
        assert!(of_rust(&broken).starts_with("src/a.rs is no Rust: "));
        assert!(of_rust(&[]).starts_with("src/lib.rs can't be read: "));
    }

    #[test]
    fn a_circle_of_javascript_is_found() {
        let circle = "pkg/a.js -> pkg/b/c.js -> pkg/a.js";
        let ways = [
            "import { c } from './b/c.js';",
            "import {\n  c,\n} from './b/c.js';",
            "import \"./b/c.js\";",
            "export * from './b/c.js';",
            "export { c } from '../pkg/b/c.js';",
            "const c = await import('./b/c.js');",
        ];
        for way in ways {
            let files = [
                ("pkg/a.js", way),
                ("pkg/b/c.js", "import { a } from '../a.js';"),
            ];
            assert_eq!(of_javascript(&files), circle, "{way}");
        }
    }

    #[test]
    fn javascript_that_goes_down_passes() {
        let text = "// import { b } from './b.js';\n\
                    /** @type {import('./b.js').B} */\n\
                    import init from './wasm/glue.js';\n\
                    import { call } from 'claviger:glue';\n\
                    export const b = 'made from ./b.js';\n\
                    export { init };\n\
                    export {\n  b as c,\n};\n";
        let files = [
            ("pkg/a.js", text),
            ("pkg/b.js", "import { a } from './a.js';"),
            ("pkg/wasm/glue.js", "import { b } from '../b.js';"),
            ("pkg/index.d.ts", "import './b.js';"),
        ];
        assert_eq!(of_javascript(&files), "2 files");
    }

    #[test]
    fn javascript_that_can_not_be_followed_is_told() {
        let told = |text| of_javascript(&[("pkg/a.js", text)]);
        assert_eq!(
            told("import { b } from './b.js';"),
            "pkg/a.js imports ./b.js, which is not there"
        );
        assert_eq!(
            told("import { b } from 'claviger:variant';"),
            "pkg/a.js imports claviger:variant, and what the build puts there can't be followed; import a file"
        );
        assert_eq!(
            told("const b = await import(name);"),
            "pkg/a.js: write out what `const b = await import(name);` imports, so that it can be followed"
        );
        assert_eq!(
            told("import b\nfrom b;"),
            "pkg/a.js: write out what `from b;` imports, so that it can be followed"
        );
    }
}
