//! Logs on standard error: text for people, JSON for machines; one event, one line, whatever was put into it.

use crate::config::Config;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::io::{IsTerminal, Stderr, Write};
use tracing_subscriber::EnvFilter;

/// A line is cut here: no log needs more, and somebody may try to fill the disk.
const LONGEST: usize = 8 << 10;

/// Begins to log. `usual` is what is said where `RUST_LOG` is not set.
///
/// # Errors
/// A `log.format` that there is not.
pub fn begin(config: &Config, usual: &str) -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let kind = match config.get("log.format") {
        "json" => Kind::Json,
        "text" if std::io::stderr().is_terminal() => Kind::Colours,
        "text" => Kind::Text,
        other => bail!("log.format is text or json, not {other}"),
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(kind == Kind::Colours)
        .with_writer(move || OneLine {
            out: std::io::stderr(),
            kind,
        });
    match kind {
        Kind::Json => builder.json().flatten_event(true).init(),
        Kind::Text | Kind::Colours => builder.init(),
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Text for a terminal, which the subscriber itself colours.
    Colours,
    Json,
}

/// Writes each event as one line: what could end it or move the cursor is spelt out.
struct OneLine {
    out: Stderr,
    kind: Kind,
}

impl Write for OneLine {
    // the subscriber hands over a whole event at a time
    fn write(&mut self, event: &[u8]) -> std::io::Result<usize> {
        let line = one_line(&String::from_utf8_lossy(event), self.kind);
        self.out.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

fn one_line(event: &str, kind: Kind) -> String {
    let event = event.trim_end_matches('\n');
    if kind == Kind::Json && event.len() > LONGEST {
        // half an object is none
        let begins: String = event.chars().take(500).collect();
        let note =
            serde_json::json!({ "level": "WARN", "message": "a line too long", "begins": begins });
        return format!("{note}\n");
    }
    let mut line = String::with_capacity(event.len() + 1);
    for letter in event.chars() {
        let moves = letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
        if !moves || (kind == Kind::Colours && letter == '\u{1b}') {
            line.push(letter);
        } else {
            // four digits, as JSON wants them; writing to a String does not fail
            write!(line, "\\u{:04x}", u32::from(letter)).unwrap_or_default();
        }
        if line.len() >= LONGEST {
            line.push_str(" …");
            break;
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::{Kind, one_line};

    #[test]
    fn v16_4_1_log_injection_table() {
        for (event, line) in [
            ("name=Jana\n", "name=Jana\n"),
            (
                "a\r\n2026 INFO forged\n",
                "a\\u000d\\u000a2026 INFO forged\n",
            ),
            ("\u{1b}[2Jx\n", "\\u001b[2Jx\n"),
            ("a\u{2028}b\u{85}c\n", "a\\u2028b\\u0085c\n"),
            ("{\"a\":\"\u{0}\"}\n", "{\"a\":\"\\u0000\"}\n"),
        ] {
            assert_eq!(one_line(event, Kind::Text), line);
            assert_eq!(one_line(event, Kind::Json), line);
        }
        let bold = "\u{1b}[1mfett\u{1b}[0m\n";
        assert_eq!(one_line(bold, Kind::Colours), bold);
        let long = one_line(&"ü".repeat(1 << 20), Kind::Text);
        assert!(long.len() < 9_000 && long.ends_with(" …\n"));
        let long = one_line(&"{\"x\":\"ü\"}".repeat(9_000), Kind::Json);
        let read: serde_json::Value = serde_json::from_str(&long).unwrap();
        assert_eq!(read["message"], "a line too long");
    }
}
