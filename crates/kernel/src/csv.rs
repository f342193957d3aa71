//! Lines of a table that other programs read: fields quoted, and nothing in them taken for a formula.

/// One line of fields, separated by semicolons (as German spreadsheets want them) and ended with CRLF.
///
/// A field that a spreadsheet would compute gets an apostrophe in front, and so does one that begins with an apostrophe:
/// whoever takes one away has the value back.
pub fn csv_line<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (nth, field) in fields.into_iter().enumerate() {
        if nth > 0 {
            line.push(';');
        }
        line.push('"');
        if is_active(field) {
            line.push('\'');
        }
        for letter in field.chars() {
            if letter == '"' {
                line.push('"');
            }
            line.push(letter);
        }
        line.push('"');
    }
    line.push_str("\r\n");
    line
}

// some programs skip blanks and marks that nobody sees before they look
fn is_active(field: &str) -> bool {
    let seen = |c: &char| !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    let first = field.chars().next();
    let shown = field.chars().find(seen);
    matches!(first, Some('\'' | '\t' | '\r' | '\n'))
        || matches!(
            shown,
            Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_88_csv_injection_no_field_is_computed_and_each_comes_back() {
        for active in [
            "=cmd|' /C calc'!A0",
            "+49 431",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{FEFF}=1",
            "＝1",
            "'=1",
        ] {
            let line = csv_line([active]);
            let inner = line
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix("\"\r\n"))
                .unwrap();
            assert_eq!(
                inner.strip_prefix('\''),
                Some(active.replace('"', "\"\"").as_str())
            );
        }
        assert_eq!(
            csv_line(["a;b", "\"x\"", "", "1=1", "zwei\nZeilen"]),
            "\"a;b\";\"\"\"x\"\"\";\"\";\"1=1\";\"zwei\nZeilen\"\r\n"
        );
    }
}
