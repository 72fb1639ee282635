//! Which file of a crate uses what another one defines.
//!
//! An edge goes to the file that defines an item, whatever path leads there: a module that
//! re-exports what its children define is not on the way. `mod child;` is no edge, nor is a `use`
//! that only re-exports, nor one of a module as such. A child that uses an item of the module above
//! it does have an edge to that, as any other.

use crate::components::Graph;
use crate::source_tree::{ModulePath, SourceTree};
use std::collections::BTreeMap;
use std::path::Path;

/// The edges of a crate, each with one name that makes it.
#[derive(Debug, Default)]
pub(crate) struct ModuleGraph {
    pub(crate) edges: Graph,
    names: BTreeMap<(String, String), String>,
}

impl ModuleGraph {
    /// Of the crate whose root file this is; files are named from its folder on.
    pub(crate) fn of(root: &Path) -> Self {
        let tree = SourceTree::read(root);
        let folder = root.parent().unwrap();
        let mut graph = Self::default();
        for (path, module) in &tree.modules {
            let used = module.imports.iter().filter(|import| !import.is_reexport);
            let used = used
                .filter(|import| import.name.is_some())
                .map(|import| &import.path);
            for named in used.chain(&module.paths) {
                for definer in tree.definers(path, named) {
                    graph.add(&tree, folder, (path, &definer), named);
                }
            }
        }
        graph
    }

    fn add(
        &mut self,
        tree: &SourceTree,
        folder: &Path,
        (from, to): (&ModulePath, &ModulePath),
        named: &[String],
    ) {
        let file = |module: &ModulePath| {
            let file = tree.modules[module].file.strip_prefix(folder).unwrap();
            file.display().to_string()
        };
        let (from, to) = (file(from), file(to));
        if from != to {
            self.edges
                .entry(from.clone())
                .or_default()
                .insert(to.clone());
            let name = named.last().cloned().unwrap_or_default();
            self.names.entry((from, to)).or_insert(name);
        }
    }

    /// The edges from `from`, among `files`, in words.
    pub(crate) fn said<'a>(
        &'a self,
        from: &'a str,
        among: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = String> + 'a {
        let to = self.edges.get(from).into_iter().flatten();
        to.filter(move |to| among(to)).map(move |to| {
            let name = &self.names[&(from.to_owned(), to.clone())];
            format!("{from} -> {to} ({name})")
        })
    }
}
