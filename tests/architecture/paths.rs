//! What an item names: its imports, and every path in its code, macros included.

use crate::source_tree::Module;
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, UseTree, Visibility};

/// One name, or all of a module's, that a `use` brings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// None: all of them.
    pub(crate) name: Option<String>,
    pub(crate) path: Vec<String>,
    /// Whether others may import it from here. By itself that uses nothing.
    pub(crate) is_reexport: bool,
}

/// Adds what `item` names to `module`.
pub(crate) fn references(item: &Item, module: &mut Module) {
    References(module).visit_item(item);
}

struct References<'a>(&'a mut Module);

impl<'ast> Visit<'ast> for References<'_> {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        imports(
            &item.tree,
            &mut Vec::new(),
            is_reexport,
            &mut self.0.imports,
        );
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        let names = segments.map(|segment| segment.ident.to_string());
        self.0.paths.insert(names.collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    // Who may see an item uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

impl References<'_> {
    /// Names joined by `::`.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(ident.to_string());
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => self.end(&mut path),
            }
            colons = 0;
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            self.0.paths.insert(std::mem::take(path));
        }
    }
}

fn imports(tree: &UseTree, before: &mut Vec<String>, is_reexport: bool, all: &mut Vec<Import>) {
    let mut add = |name: Option<&str>, path: Vec<String>| {
        let name = name.map(str::to_owned);
        all.push(Import {
            name,
            path,
            is_reexport,
        });
    };
    let joined = |last: String| match &*last {
        "self" => before.clone(),
        _ => [before.as_slice(), &[last]].concat(),
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            imports(&path.tree, before, is_reexport, all);
            before.pop();
        }
        UseTree::Name(name) => {
            let path = joined(name.ident.to_string());
            add(path.last().cloned().as_deref(), path);
        }
        UseTree::Rename(rename) => {
            add(
                Some(&rename.rename.to_string()),
                joined(rename.ident.to_string()),
            );
        }
        UseTree::Glob(_) => add(None, before.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                imports(tree, before, is_reexport, all);
            }
        }
    }
}
