//! Strongly connected components (Tarjan, 1972).

use std::collections::{BTreeMap, BTreeSet};

pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The components of more than one node.
pub(crate) fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let mut search = Search {
        graph,
        order: BTreeMap::new(),
        low: BTreeMap::new(),
        stack: Vec::new(),
        found: Vec::new(),
    };
    for node in graph.keys() {
        if !search.order.contains_key(&**node) {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'a> {
    graph: &'a Graph,
    /// When each node was visited.
    order: BTreeMap<&'a str, usize>,
    /// The first visited that each can reach.
    low: BTreeMap<&'a str, usize>,
    stack: Vec<&'a str>,
    found: Vec<BTreeSet<String>>,
}

impl<'a> Search<'a> {
    fn visit(&mut self, node: &'a str) {
        let place = self.order.len();
        self.order.insert(node, place);
        self.low.insert(node, place);
        self.stack.push(node);
        for next in self.graph.get(node).into_iter().flatten() {
            let reached = match self.order.get(&**next) {
                None => {
                    self.visit(next);
                    self.low[&**next]
                }
                Some(&place) if self.stack.contains(&&**next) => place,
                Some(_) => continue,
            };
            let low = self.low[node].min(reached);
            self.low.insert(node, low);
        }
        if self.low[node] != place {
            return;
        }
        let from = self.stack.iter().position(|&open| open == node).unwrap();
        let component = self.stack.split_off(from);
        if component.len() > 1 {
            self.found
                .push(component.into_iter().map(str::to_owned).collect());
        }
    }
}

#[test]
fn nodes_that_reach_each_other_are_a_circle_and_no_others() {
    let edges = [
        ("a", "b"),
        ("b", "c"),
        ("c", "a"),
        ("c", "d"),
        ("d", "e"),
        ("f", "a"),
    ];
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph
            .entry(from.to_owned())
            .or_default()
            .insert(to.to_owned());
    }
    assert_eq!(
        circles(&graph),
        [BTreeSet::from(["a", "b", "c"].map(str::to_owned))]
    );
}
