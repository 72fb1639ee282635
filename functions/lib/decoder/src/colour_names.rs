//! ffmpeg's names of the code points of ITU-T H.273.

/// Said of what nobody says anything about, and of names that are none of ffmpeg's.
pub const UNSPECIFIED: u16 = 2;

/// Table 2.
#[must_use]
pub fn primaries(name: Option<&str>) -> u16 {
    code(&PRIMARIES, name)
}

/// Table 3.
#[must_use]
pub fn transfer(name: Option<&str>) -> u16 {
    code(&TRANSFERS, name)
}

/// Table 4.
#[must_use]
pub fn matrix(name: Option<&str>) -> u16 {
    code(&MATRICES, name)
}

/// Table 2.
const PRIMARIES: [(u16, &str); 12] = [
    (1, "bt709"),
    (4, "bt470m"),
    (5, "bt470bg"),
    (6, "smpte170m"),
    (7, "smpte240m"),
    (8, "film"),
    (9, "bt2020"),
    (10, "smpte428"),
    (11, "smpte431"),
    (12, "smpte432"),
    (22, "ebu3213"),
    (22, "jedec-p22"),
];

/// Table 3.
const TRANSFERS: [(u16, &str); 16] = [
    (1, "bt709"),
    (4, "bt470m"),
    (5, "bt470bg"),
    (6, "smpte170m"),
    (7, "smpte240m"),
    (8, "linear"),
    (9, "log100"),
    (10, "log316"),
    (11, "iec61966-2-4"),
    (12, "bt1361e"),
    (13, "iec61966-2-1"),
    (14, "bt2020-10"),
    (15, "bt2020-12"),
    (16, "smpte2084"),
    (17, "smpte428"),
    (18, "arib-std-b67"),
];

/// Table 4.
const MATRICES: [(u16, &str); 16] = [
    (0, "gbr"),
    (1, "bt709"),
    (4, "fcc"),
    (5, "bt470bg"),
    (6, "smpte170m"),
    (7, "smpte240m"),
    (8, "ycgco"),
    (9, "bt2020nc"),
    (10, "bt2020c"),
    (11, "smpte2085"),
    (12, "chroma-derived-nc"),
    (13, "chroma-derived-c"),
    (14, "ictcp"),
    (15, "ipt-c2"),
    (16, "ycgco-re"),
    (17, "ycgco-ro"),
];

/// Of the longest name that it begins with: what another thread says may follow right after it.
fn code(names: &[(u16, &str)], name: Option<&str>) -> u16 {
    let begins = |(_, known): &&(u16, &str)| name.is_some_and(|name| name.starts_with(known));
    let found = names
        .iter()
        .filter(begins)
        .max_by_key(|(_, known)| known.len());
    found.map_or(UNSPECIFIED, |(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_numbers_of_the_standard() {
        assert_eq!(
            (primaries(Some("bt2020")), primaries(Some("smpte432"))),
            (9, 12)
        );
        assert_eq!(transfer(Some("arib-std-b67")), 18);
        assert_eq!((matrix(Some("gbr")), matrix(Some("bt2020nc"))), (0, 9));
        for unsaid in [None, Some("unknown"), Some("reserved"), Some("")] {
            assert_eq!(matrix(unsaid), UNSPECIFIED);
        }
    }
}
