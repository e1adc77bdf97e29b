//! What is wrong with imports: circles, and imports that go up.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::{astar, tarjan_scc};
use petgraph::graphmap::DiGraphMap;

/// Every file, by its path in the repository, with those that it imports.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

type Graph<'a> = DiGraphMap<&'a str, ()>;

/// The shortest circle of each group of files that import each other.
pub fn circles(imports: &Imports) -> Vec<String> {
    let edges = imports
        .iter()
        .flat_map(|(from, to)| to.iter().map(|to| (from.as_str(), to.as_str())));
    let graph = Graph::from_edges(edges);
    let mut circles: Vec<String> = tarjan_scc(&graph)
        .into_iter()
        .filter_map(|mut group| {
            group.sort_unstable();
            let circle = group
                .iter()
                .filter_map(|file| circle_through(&graph, file))
                .min_by_key(Vec::len)?;
            let text = circle.join(" -> ");
            Some(if circle.len() > group.len() {
                text
            } else {
                format!(
                    "{text}, the shortest circle of {} files: {}",
                    group.len(),
                    group.join(", ")
                )
            })
        })
        .collect();
    circles.sort_unstable();
    circles
}

/// Begins and ends with the file.
fn circle_through<'a>(graph: &Graph<'a>, file: &'a str) -> Option<Vec<&'a str>> {
    let back = graph
        .neighbors(file)
        .filter_map(|next| astar(graph, next, |at| at == file, |_| 1, |_| 0));
    let (_, back) = back.min_by_key(|(length, _)| *length)?;
    Some([&[file], back.as_slice()].concat())
}

/// What imports from a floor above its own, and what stands on none. The root is above them all.
pub fn wrong_floors(imports: &Imports, root: &str, floors: &[&[&str]]) -> Vec<String> {
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Counted from the top, where the root is.
    let floor = |file: &str| {
        let place = place(file, folder);
        let named = floors.iter().position(|floor| floor.contains(&place));
        if file == root {
            Some(0)
        } else {
            named.map(|at| at + 1)
        }
    };
    let mut problems = Vec::new();
    for (from, targets) in imports {
        let below = place(from, folder);
        let Some(own) = floor(from) else {
            problems.push(format!(
                "{from} is on no floor; give {below} one in xtask/src/imports/mod.rs"
            ));
            continue;
        };
        for to in targets {
            if floor(to).is_some_and(|other| other < own) {
                let above = place(to, folder);
                problems.push(format!("{from} -> {to}: {below} is below {above}"));
            }
        }
    }
    problems
}

/// The file or folder beside the root in which a file is, by name.
fn place<'a>(file: &'a str, folder: &str) -> &'a str {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let inside = inside.trim_start_matches('/');
    match inside.split_once('/') {
        Some((place, _)) => place,
        None => inside.strip_suffix(".rs").unwrap_or(inside),
    }
}
