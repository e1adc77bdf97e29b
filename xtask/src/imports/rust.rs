//! Which file of a crate imports which: by `use`, or by a path that it writes out. What is there for tests alone may
//! look at anything, and is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Item, ItemMod, ItemUse, Macro, Meta, Token, UseTree, VisRestricted};

use crate::imports::graph::Imports;

/// From the crate's root, such as `["token", "request"]`.
type ModulePath = Vec<String>;

/// Follows the `mod` lines from the crate's first file.
pub fn imports(repository: &Path, root: &str) -> Result<Imports> {
    let mut tree = Crate::default();
    let mut waiting = vec![(root.to_owned(), ModulePath::new())];
    while let Some((file, module)) = waiting.pop() {
        let text = fs::read_to_string(repository.join(&file))
            .with_context(|| format!("{file} can't be read"))?;
        let parsed = syn::parse_file(&text).with_context(|| format!("{file} is no Rust"))?;
        let mut reader = Reader {
            module: module.clone(),
            ..Reader::default()
        };
        reader.visit_file(&parsed);
        let folder = folder_of_modules(&file, file == root);
        for child in reader.children {
            // Modules within modules have folders, too.
            let names = child.get(module.len()..).unwrap_or_default().join("/");
            let candidates = [
                format!("{folder}/{names}.rs"),
                format!("{folder}/{names}/mod.rs"),
            ];
            let Some(found) = candidates
                .iter()
                .find(|file| repository.join(file).is_file())
            else {
                let [file_of_its_own, first_of_a_folder] = candidates;
                bail!(
                    "{file} has a module {names}, and neither {file_of_its_own} nor {first_of_a_folder} is there"
                );
            };
            waiting.push((found.clone(), child));
        }
        for inline in reader.inline {
            tree.modules.insert(inline, file.clone());
        }
        tree.modules.insert(module, file);
        tree.uses.extend(reader.uses);
        tree.paths.extend(reader.paths);
    }
    Ok(tree.imports())
}

fn folder_of_modules(file: &str, is_root: bool) -> &str {
    match file.strip_suffix("/mod.rs") {
        Some(folder) => folder,
        None if is_root => file.rsplit_once('/').map_or(".", |(folder, _)| folder),
        None => file.strip_suffix(".rs").unwrap_or(file),
    }
}

/// A path as it is written.
struct Written {
    /// The module in which it stands.
    module: ModulePath,
    segments: Vec<String>,
}

#[derive(Default)]
struct Crate {
    /// The file of each module.
    modules: BTreeMap<ModulePath, String>,
    /// Each with the name that it brings.
    uses: Vec<(Written, String)>,
    paths: Vec<Written>,
}

/// What modules are called where they were brought by `use`.
type Names = BTreeMap<(ModulePath, String), ModulePath>;

impl Crate {
    fn imports(&self) -> Imports {
        let files = self.modules.values();
        let mut imports: Imports = files.map(|file| (file.clone(), [].into())).collect();
        let mut names = Names::new();
        let mut add = |from: &ModulePath, to: &ModulePath| {
            if let (Some(from), Some(to)) = (self.file(from), self.file(to))
                && from != to
            {
                imports.entry(from.clone()).or_default().insert(to.clone());
            }
        };
        for (written, name) in &self.uses {
            if let Some(path) = self.resolve(written, &names) {
                add(&written.module, &path);
                if self.modules.contains_key(&path) {
                    names.insert((written.module.clone(), name.clone()), path);
                }
            }
        }
        for written in &self.paths {
            if let Some(path) = self.resolve(written, &names) {
                add(&written.module, &path);
            }
        }
        imports
    }

    /// From the crate's root; nothing where the path leads into another crate.
    fn resolve(&self, written: &Written, names: &Names) -> Option<ModulePath> {
        let mut base = written.module.clone();
        let mut rest = written.segments.iter();
        let first = rest.next()?;
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => drop(base.pop()),
            _ => {
                base.push(first.clone());
                if !self.modules.contains_key(&base) {
                    base = names.get(&(written.module.clone(), first.clone()))?.clone();
                }
            }
        }
        for segment in rest {
            if segment == "super" {
                base.pop();
            } else if segment != "self" {
                base.push(segment.clone());
            }
        }
        Some(base)
    }

    /// Of the innermost module on the path.
    fn file(&self, path: &ModulePath) -> Option<&String> {
        (0..=path.len())
            .rev()
            .find_map(|length| self.modules.get(path.get(..length)?))
    }
}

#[derive(Default)]
struct Reader {
    /// The module that is read.
    module: ModulePath,
    /// Modules in this file.
    inline: Vec<ModulePath>,
    /// Modules in files of their own.
    children: Vec<ModulePath>,
    uses: Vec<(Written, String)>,
    paths: Vec<Written>,
}

impl Reader {
    fn written(&self, segments: Vec<String>) -> Written {
        Written {
            module: self.module.clone(),
            segments,
        }
    }

    fn read_use(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &Ident| [before, &[text(name)]].concat();
        match tree {
            UseTree::Path(path) => self.read_use(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, before);
                }
            }
            UseTree::Glob(_) => {
                let written = self.written(before.to_vec());
                self.uses.push((written, String::new()));
            }
            UseTree::Name(name) => {
                // `use a::{self}` brings `a`.
                let brought = match (text(&name.ident).as_str(), before.last()) {
                    ("self", Some(last)) => last.clone(),
                    (own, _) => own.to_owned(),
                };
                let written = self.written(with(&name.ident));
                self.uses.push((written, brought));
            }
            UseTree::Rename(rename) => {
                let written = self.written(with(&rename.ident));
                self.uses.push((written, text(&rename.rename)));
            }
        }
    }

    /// One name alone may be anything.
    fn add_path(&mut self, segments: Vec<String>) {
        if segments.len() > 1 {
            let written = self.written(segments);
            self.paths.push(written);
        }
    }

    /// The paths in a macro's arguments, which need not be Rust.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add_path(std::mem::take(&mut path));
                    }
                    path.push(text(&name));
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.add_path(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.read_tokens(group.stream());
                    }
                }
            }
        }
        self.add_path(path);
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item(&mut self, item: &'a Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        self.module.push(text(&module.ident));
        if let Some((_, items)) = &module.content {
            self.inline.push(self.module.clone());
            for item in items {
                self.visit_item(item);
            }
        } else if module.attrs.iter().any(|it| it.path().is_ident("path")) {
            // A table of another crate's, which imports nothing.
            self.inline.push(self.module.clone());
        } else {
            self.children.push(self.module.clone());
        }
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        // With colons in front it is another crate's.
        if item.leading_colon.is_none() {
            self.read_use(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter();
            self.add_path(segments.map(|segment| text(&segment.ident)).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        self.visit_path(&call.path);
        self.read_tokens(call.tokens.clone());
    }

    // Who may see an item imports nothing.
    fn visit_vis_restricted(&mut self, _: &'a VisRestricted) {}
}

fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args().is_ok_and(|meta| needs_test(&meta))
}

/// `test`, or `all` of some conditions of which it is one.
fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|conditions| conditions.iter().any(needs_test)),
        _ => false,
    }
}
