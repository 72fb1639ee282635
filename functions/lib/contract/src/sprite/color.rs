use crate::snapshot::Color;

/// A CSS colour name or `random`, in any case, or `#RRGGBB`.
pub(super) fn named(text: &str) -> Option<Color> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("random") {
        return Some(Color::Random);
    }
    match text.strip_prefix('#') {
        Some(digits) => rgb(digits).map(Color::Rgb),
        None => csscolorparser::NAMED_COLORS
            .get(text.into())
            .map(|&rgb| Color::Rgb(rgb)),
    }
}

fn rgb(digits: &str) -> Option<[u8; 3]> {
    let all = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok().filter(|_| all)?;
    let [_, r, g, b] = value.to_be_bytes();
    Some([r, g, b])
}
