//! Lines from a pipe, bounded in length whatever the writer does.

use std::io::{self, BufRead, BufReader, Read};

/// Longer lines are cut; none that we read for is longer.
const LONGEST: usize = 4096;

/// Calls `each` with every line, without its end. Lines end with `\n` or `\r`.
pub fn for_each_line(pipe: impl Read, mut each: impl FnMut(&str)) -> io::Result<()> {
    let mut pipe = BufReader::with_capacity(1 << 16, pipe);
    let mut line = Vec::new();
    loop {
        let block = pipe.fill_buf()?;
        if block.is_empty() {
            break;
        }
        let end = block
            .iter()
            .position(|&byte| byte == b'\n' || byte == b'\r');
        let taken = end.unwrap_or(block.len());
        let room = LONGEST.saturating_sub(line.len()).min(taken);
        line.extend_from_slice(&block[..room]);
        pipe.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            each(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    if !line.is_empty() {
        each(&String::from_utf8_lossy(&line));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_and_the_last_needs_no_end() {
        let text = format!("a\r{}\nlast", "x".repeat(200_000));
        let mut lines = Vec::new();
        for_each_line(text.as_bytes(), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            (lines[0].as_str(), lines[1].len(), lines[2].as_str()),
            ("a", LONGEST, "last")
        );
    }
}
