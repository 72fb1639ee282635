//! Plain text tables.

use unicode_width::UnicodeWidthStr;

/// Renders columns as wide as their widest cell, two spaces apart. Widths are those of a terminal,
/// where a Chinese character takes two columns.
pub(crate) fn render(head: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.width())
                .chain([head[column].width()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| {
            format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&head)
        .chain(rows)
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A time as `m:ss.mmm`.
pub(crate) fn clock(ms: f64) -> String {
    let whole = ms.max(0.0);
    let minutes = (whole / 60_000.0).floor();
    format!(
        "{minutes:.0}:{:06.3}",
        (whole - minutes * 60_000.0) / 1000.0
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_line_up() {
        let rows = vec![
            vec!["1".to_owned(), "long".to_owned()],
            vec!["22".to_owned(), "x".to_owned()],
        ];
        assert_eq!(super::render(&["a", "b"], &rows), "a   b\n1   long\n22  x");
    }

    #[test]
    fn columns_with_chinese_names_line_up() {
        let rows = vec![
            vec!["视频.mp4".to_owned(), "x".to_owned()],
            vec!["clip.mp4".to_owned(), "y".to_owned()],
        ];
        assert_eq!(
            super::render(&["file", "b"], &rows),
            "file      b\n视频.mp4  x\nclip.mp4  y"
        );
    }

    #[test]
    fn times_read_as_a_clock() {
        assert_eq!(super::clock(61_033.333), "1:01.033");
    }
}
