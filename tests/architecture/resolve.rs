//! From a path to the module that defines what it leads to, through whatever re-exports it.

use crate::source_tree::{ModulePath, SourceTree};
use std::collections::BTreeSet;

/// What a name stands for. One may be both a module and an item.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Module(ModulePath),
    /// Defined in that module.
    Item(ModulePath),
}

type Seen = BTreeSet<(ModulePath, String)>;

impl SourceTree {
    /// The modules that define the item at `path`, as `from` names it; none where it is no item of
    /// this crate.
    pub(crate) fn definers(&self, from: &ModulePath, path: &[String]) -> Vec<ModulePath> {
        let meanings = self.follow(from, path, &mut Seen::new());
        let item = |meaning| match meaning {
            Meaning::Item(module) => Some(module),
            Meaning::Module(_) => None,
        };
        meanings.into_iter().filter_map(item).collect()
    }

    fn follow(&self, from: &ModulePath, path: &[String], seen: &mut Seen) -> Vec<Meaning> {
        let Some((first, rest)) = path.split_first() else {
            return vec![Meaning::Module(from.clone())];
        };
        let start = match &**first {
            "crate" => vec![Meaning::Module(Vec::new())],
            "self" => vec![Meaning::Module(from.clone())],
            "super" => {
                let Some((_, above)) = from.split_last() else {
                    return Vec::new();
                };
                return self.inside(&above.to_vec(), rest, seen);
            }
            name => self.named(from, name, seen),
        };
        self.on(start, rest, seen)
    }

    fn inside(&self, module: &ModulePath, rest: &[String], seen: &mut Seen) -> Vec<Meaning> {
        match rest.first() {
            None => vec![Meaning::Module(module.clone())],
            Some(name) if name == "super" => self.follow(module, rest, seen),
            Some(name) => {
                let meanings = self.named(module, name, seen);
                self.on(meanings, &rest[1..], seen)
            }
        }
    }

    /// From what the path so far may mean to what all of it does. What follows an item is a part
    /// of it: a variant, or a function of a type.
    fn on(&self, meanings: Vec<Meaning>, rest: &[String], seen: &mut Seen) -> Vec<Meaning> {
        if rest.is_empty() {
            return meanings;
        }
        let mut found = Vec::new();
        for meaning in &meanings {
            if let Meaning::Module(module) = meaning {
                found.extend(self.inside(module, rest, seen));
            }
        }
        if found.is_empty() {
            found.extend(
                meanings
                    .into_iter()
                    .filter(|m| matches!(m, Meaning::Item(_))),
            );
        }
        found
    }

    /// What `name` means in `module`.
    fn named(&self, path: &ModulePath, name: &str, seen: &mut Seen) -> Vec<Meaning> {
        let Some(module) = self.modules.get(path) else {
            return Vec::new();
        };
        if !seen.insert((path.clone(), name.to_owned())) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let child = [path.as_slice(), &[name.to_owned()]].concat();
        if self.modules.contains_key(&child) {
            found.push(Meaning::Module(child));
        }
        if module.items.contains(name) {
            found.push(Meaning::Item(path.clone()));
        }
        for import in &module.imports {
            if import.name.as_deref() == Some(name) {
                found.extend(self.follow(path, &import.path, seen));
            }
        }
        if found.is_empty() {
            let globs = module.imports.iter().filter(|import| import.name.is_none());
            for glob in globs {
                for meaning in self.follow(path, &glob.path, seen) {
                    if let Meaning::Module(module) = meaning {
                        found.extend(self.named(&module, name, seen));
                    }
                }
            }
        }
        seen.remove(&(path.clone(), name.to_owned()));
        found
    }
}
