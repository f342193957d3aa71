//! Counting tests by the closing lines of their runners.

use std::fmt;
use std::ops::AddAssign;

/// How many tests ran, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, timed out or could not be run.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
}

impl Tally {
    /// Takes in one line of a runner's output; lines that close nothing change nothing.
    pub fn read(&mut self, line: &str) {
        let line = without_colour(line);
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("Summary [") {
            self.nextest(rest);
        } else if let Some(rest) = line.strip_prefix("test result: ") {
            self.libtest(rest);
        } else if let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            self.node(rest);
        }
    }

    /// `0.1s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
    fn nextest(&mut self, rest: &str) {
        let Some((_, counts)) = rest.split_once("run: ") else {
            return;
        };
        for (count, word) in outside_brackets(counts)
            .split(',')
            .filter_map(count_and_word)
        {
            match word {
                "passed" => self.passed += count,
                "skipped" => self.skipped += count,
                _ => self.failed += count,
            }
        }
    }

    /// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`
    fn libtest(&mut self, rest: &str) {
        let counts = rest.split_once(". ").map_or(rest, |(_, counts)| counts);
        for (count, word) in counts.split(';').filter_map(count_and_word) {
            match word {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.skipped += count,
                _ => {}
            }
        }
    }

    /// `pass 5`, one count a line; `cancelled` are those whose time ran out or whose parent failed.
    fn node(&mut self, rest: &str) {
        let Some((word, count)) = rest.split_once(' ') else {
            return;
        };
        let Ok(count) = count.trim().parse::<u64>() else {
            return;
        };
        match word {
            "pass" => self.passed += count,
            "fail" | "cancelled" => self.failed += count,
            "skipped" | "todo" => self.skipped += count,
            _ => {}
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

fn count_and_word(part: &str) -> Option<(u64, &str)> {
    let (count, word) = part.trim().split_once(' ')?;
    Some((count.parse().ok()?, word.trim()))
}

/// nextest explains some counts in brackets, with commas of their own.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|&c| {
            if c == '(' {
                depth += 1;
            }
            let outside = depth == 0;
            if c == ')' {
                depth = depth.saturating_sub(1);
            }
            outside
        })
        .collect()
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn read(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn nextest_counts_all_that_did_not_pass_as_failed() {
        let line = "     Summary [   3.402s] 9 tests run: 4 passed (1 slow, 1 flaky), 2 failed, 1 exec failed, 2 timed out, 3 skipped";
        assert_eq!(
            read(&[line]),
            Tally {
                passed: 4,
                failed: 5,
                skipped: 3
            }
        );
    }

    #[test]
    fn nextest_in_colour_and_stopped_early() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.010s] \u{1b}[1m2/7\u{1b}[0m tests run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m1\u{1b}[0m \u{1b}[31;1mfailed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(
            read(&[line]),
            Tally {
                passed: 1,
                failed: 1,
                skipped: 0
            }
        );
    }

    #[test]
    fn cargo_test_sums_its_binaries() {
        let lines = [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.00s",
        ];
        assert_eq!(
            read(&lines),
            Tally {
                passed: 5,
                failed: 1,
                skipped: 1
            }
        );
    }

    #[test]
    fn node_in_both_spellings() {
        let lines = [
            "ℹ tests 6",
            "ℹ pass 4",
            "ℹ fail 1",
            "ℹ cancelled 1",
            "# pass 2",
            "# fail 0",
            "# Subtest: pass 9",
            "ℹ duration_ms 12.5",
        ];
        assert_eq!(
            read(&lines),
            Tally {
                passed: 6,
                failed: 2,
                skipped: 0
            }
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(
            read(&["PASS [ 0.1s] kernel fold", "12 passed", ""]),
            Tally::default()
        );
    }

    #[test]
    fn is_written_as_the_last_line_of_a_run() {
        assert_eq!(
            Tally {
                passed: 122,
                failed: 0,
                skipped: 0
            }
            .to_string(),
            "122 passed, 0 failed"
        );
        assert_eq!(
            Tally {
                passed: 1,
                failed: 2,
                skipped: 3
            }
            .to_string(),
            "1 passed, 2 failed, 3 skipped"
        );
    }
}
