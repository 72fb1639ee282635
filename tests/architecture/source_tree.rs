//! The modules of a crate, as the compiler finds them from its root file. Whatever is compiled for
//! tests alone is left out.

use crate::paths::{Import, references};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::{Attribute, Item, ItemMod, Meta};

/// The names from the crate's root down; the root's own is empty.
pub(crate) type ModulePath = Vec<String>;

/// One module, in a file of its own or inside another's.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Where it stands.
    pub(crate) file: PathBuf,
    /// What it defines, but for modules.
    pub(crate) items: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    /// The paths that its code names.
    pub(crate) paths: BTreeSet<Vec<String>>,
}

/// One crate.
#[derive(Debug, Default)]
pub(crate) struct SourceTree {
    pub(crate) modules: BTreeMap<ModulePath, Module>,
    /// Without those of tests.
    pub(crate) lines: usize,
}

impl SourceTree {
    /// From `src/lib.rs` or `src/main.rs`.
    pub(crate) fn read(root: &Path) -> Self {
        let mut tree = Self::default();
        let folder = root.parent().unwrap().to_owned();
        tree.read_file(root, &folder, Vec::new());
        tree
    }

    /// `children` is where its modules lie.
    fn read_file(&mut self, file: &Path, children: &Path, path: ModulePath) {
        let text = fs::read_to_string(file).unwrap();
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.lines += text.lines().count();
        self.add(file, children, path, parsed.items);
    }

    fn add(&mut self, file: &Path, children: &Path, path: ModulePath, items: Vec<Item>) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        for item in items {
            if is_for_tests(attributes(&item)) {
                let (from, to) = (item.span().start().line, item.span().end().line);
                self.lines -= to + 1 - from;
                continue;
            }
            match item {
                Item::Mod(inner) => self.descend(file, children, &path, inner),
                item => {
                    module.items.extend(name(&item));
                    references(&item, &mut module);
                }
            }
        }
        self.modules.insert(path, module);
    }

    fn descend(&mut self, file: &Path, children: &Path, path: &ModulePath, inner: ItemMod) {
        let name = inner.ident.to_string();
        let folder = children.join(&name);
        let path = [path.as_slice(), std::slice::from_ref(&name)].concat();
        if let Some((_, items)) = inner.content {
            return self.add(file, &folder, path, items);
        }
        let beside = children.join(format!("{name}.rs"));
        let own = match beside.is_file() {
            true => beside,
            false => folder.join("mod.rs"),
        };
        self.read_file(&own, &folder, path);
    }
}

/// Whether an item is compiled for tests, fuzzing or documentation alone.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        let said = list.tokens.to_string();
        let words = ["test", "doc", "\"fuzz\"", "\"suite\""];
        let mut parts = said.split(|c: char| !c.is_alphanumeric() && c != '"');
        let negated = said.contains("not");
        list.path.is_ident("cfg") && !negated && parts.any(|part| words.contains(&part))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
