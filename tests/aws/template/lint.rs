//! What AWS's own tools say.

#[test]
fn todo() {}
