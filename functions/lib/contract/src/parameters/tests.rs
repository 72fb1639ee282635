use super::*;

#[test]
fn names_are_unique_and_defaults_keep_their_own_rules() {
    for action in Action::ALL {
        let mut seen = std::collections::HashSet::new();
        for parameter in of(action) {
            assert!(seen.insert(parameter.name), "{action:?} {}", parameter.name);
            assert!(!parameter.doc.is_empty());
            if let (Kind::Word(words), Some(default)) = (parameter.kind, parameter.default) {
                assert!(words.contains(&default), "{action:?} {}", parameter.name);
            }
        }
    }
}

#[test]
fn rules_read_as_sentences() {
    let limits = Limits::default();
    let rule = |name: &str| {
        let found = of(Action::SubmitSnapshotJob)
            .iter()
            .find(|p| p.name == name);
        found.unwrap().kind.rule(&limits)
    };
    assert_eq!(rule("Width"), "It must be an integer from 8 to 4096 px.");
    assert_eq!(rule("Count"), "It must be an integer from 1 to 20000.");
    assert_eq!(rule("Interval"), "It must be an integer of 0 s or more.");
    assert_eq!(
        rule("SpecifiedOffsetTimes"),
        "It must be a JSON array of at most 30 integers of 0 ms or more."
    );
}
