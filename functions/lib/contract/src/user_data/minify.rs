/// Valid JSON without the whitespace between its tokens; everything else as it stands.
pub(crate) fn minify(json: &str) -> String {
    let mut short = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string || !c.is_ascii_whitespace() {
            short.push(c);
        }
        if c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && c == '\\' && !escaped;
    }
    short
}
