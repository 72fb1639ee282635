//! Values into the texts of the table.

/// `template` with its placeholders, each from `{` to `}`, replaced by `values` in their order.
/// What is put in is not looked at again: it may be a caller's text.
pub(super) fn fill(template: &str, values: &[&str]) -> String {
    let (mut filled, mut rest, mut values) = (String::new(), template, values.iter());
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str(values.next().unwrap_or(&""));
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_placeholder_in_a_callers_text_is_filled_in() {
        assert_eq!(fill("a {x} b {y}", &["{y}", "2"]), "a {y} b 2");
        assert_eq!(fill("none", &[]), "none");
    }
}
