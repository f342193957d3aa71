//! The difference of two texts, line by line.

use serde::Serialize;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    Same,
    Added,
    Removed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub fate: Fate,
    pub text: String,
}

/// Beyond so many lines in the middle a text counts as changed whole: the table grows with the square.
const MOST: usize = 2_000;

/// The lines of both texts in order: what stayed, what went, what came.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let middle = |all: &[&str]| -> Vec<String> {
        let kept = all.len() - end;
        all.iter()
            .take(kept)
            .skip(start)
            .map(|line| (*line).to_owned())
            .collect()
    };
    let same = |line: &&str| Line {
        fate: Fate::Same,
        text: (*line).to_owned(),
    };
    let mut out: Vec<Line> = old.iter().take(start).map(same).collect();
    out.extend(changed(middle(&old), middle(&new)));
    out.extend(old.iter().skip(old.len() - end).map(same));
    out
}

fn changed(old: Vec<String>, new: Vec<String>) -> Vec<Line> {
    let line = |fate, text: &String| Line {
        fate,
        text: text.clone(),
    };
    let (rows, columns) = (old.len(), new.len());
    if rows == 0 || columns == 0 || rows > MOST || columns > MOST {
        let gone = old.iter().map(|text| line(Fate::Removed, text));
        return gone
            .chain(new.iter().map(|text| line(Fate::Added, text)))
            .collect();
    }
    // longest common lines from here to both ends
    let width = columns + 1;
    let mut common = vec![0u16; (rows + 1) * width];
    let read = |common: &[u16], row: usize, column: usize| {
        common.get(row * width + column).copied().unwrap_or(0)
    };
    for (row, a) in old.iter().enumerate().rev() {
        for (column, b) in new.iter().enumerate().rev() {
            let value = if a == b {
                read(&common, row + 1, column + 1) + 1
            } else {
                read(&common, row + 1, column).max(read(&common, row, column + 1))
            };
            if let Some(cell) = common.get_mut(row * width + column) {
                *cell = value;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut out = Vec::new();
    loop {
        match (old.get(row), new.get(column)) {
            (Some(a), Some(b)) if a == b => {
                out.push(line(Fate::Same, a));
                row += 1;
                column += 1;
            }
            (Some(a), Some(_))
                if read(&common, row + 1, column) >= read(&common, row, column + 1) =>
            {
                out.push(line(Fate::Removed, a));
                row += 1;
            }
            (_, Some(b)) => {
                out.push(line(Fate::Added, b));
                column += 1;
            }
            (Some(a), None) => {
                out.push(line(Fate::Removed, a));
                row += 1;
            }
            (None, None) => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(old: &str, new: &str) -> String {
        lines(old, new)
            .iter()
            .map(|line| match line.fate {
                Fate::Same => format!(" {}", line.text),
                Fate::Added => format!("+{}", line.text),
                Fate::Removed => format!("-{}", line.text),
            })
            .collect()
    }

    #[test]
    fn kb_5_the_difference_of_versions() {
        for (old, new, want) in [
            ("a\nb\nc", "a\nb\nc", " a b c"),
            ("a\nb\nc", "a\nx\nc", " a-b+x c"),
            ("", "a", "+a"),
            ("a", "", "-a"),
            ("a\nb\nc\nd", "b\nc\nx\nd", "-a b c+x d"),
            ("a\na", "a\na\na", " a a+a"),
        ] {
            assert_eq!(drawn(old, new), want, "{old:?} {new:?}");
        }
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_off(old in "[ab\n]{0,40}", new in "[ab\n]{0,40}") {
            let all = lines(&old, &new);
            let only = |not: Fate| -> Vec<&str> { all.iter().filter(|l| l.fate != not).map(|l| l.text.as_str()).collect() };
            prop_assert_eq!(only(Fate::Added), old.lines().collect::<Vec<_>>());
            prop_assert_eq!(only(Fate::Removed), new.lines().collect::<Vec<_>>());
        }
    }
}
