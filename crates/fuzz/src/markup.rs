//! Whether HTML of our own making holds only what a page may show.

/// What may stand on a page.
pub struct Allowed {
    pub tags: &'static [&'static str],
    /// Tags that have no end.
    pub alone: &'static [&'static str],
    pub attributes: &'static [&'static str],
}

/// The kinds of tags that stand in `html`, in order, each with its depth.
///
/// # Errors
/// A tag, an attribute or a link that does not belong, or an end without its beginning.
pub fn check(html: &str, allowed: &Allowed) -> Result<Vec<(String, usize)>, String> {
    let mut open: Vec<String> = Vec::new();
    let mut met = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, behind) =
            inside(after).ok_or_else(|| format!("a tag has no end: <{}", cut(after)))?;
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            let was = open.pop();
            if was.as_deref() != Some(name) {
                return Err(format!("</{name}> ends {was:?}"));
            }
            continue;
        }
        let tag = tag.strip_suffix('/').unwrap_or(tag).trim_end();
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if !allowed.tags.contains(&name) {
            return Err(format!("<{}> does not belong", cut(tag)));
        }
        pairs(attributes, allowed).map_err(|why| format!("<{}>: {why}", cut(tag)))?;
        met.push((name.to_owned(), open.len()));
        if !allowed.alone.contains(&name) {
            open.push(name.to_owned());
        }
    }
    match open.pop() {
        Some(name) => Err(format!("<{name}> never ends")),
        None => Ok(met),
    }
}

/// What stands before the `>` that ends a tag, quotes skipped, and what comes after.
fn inside(text: &str) -> Option<(&str, &str)> {
    let mut quoted = None;
    for (at, c) in text.char_indices() {
        match (quoted, c) {
            (None, '>') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '"' | '\'') => quoted = Some(c),
            (Some(open), c) if c == open => quoted = None,
            _ => {}
        }
    }
    None
}

fn pairs(mut text: &str, allowed: &Allowed) -> Result<(), String> {
    while !text.trim().is_empty() {
        let (name, after) = text
            .trim_start()
            .split_once("=\"")
            .ok_or("an attribute without quotes")?;
        let (value, behind) = after.split_once('"').ok_or("a value without an end")?;
        if !allowed.attributes.contains(&name) {
            return Err(format!("{name} does not belong"));
        }
        if ["href", "src"].contains(&name) && !is_good(value) {
            return Err(format!("leads to {value}"));
        }
        text = behind;
    }
    Ok(())
}

/// As a browser reads it: what it drops and unescapes first is dropped and unescaped here, too.
fn is_good(link: &str) -> bool {
    let mut plain = link.to_owned();
    for (escaped, sign) in [
        ("&#x2F;", "/"),
        ("&#58;", ":"),
        ("&colon;", ":"),
        ("&Tab;", ""),
        ("&NewLine;", ""),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(escaped, sign);
    }
    let plain: String = plain.chars().filter(|c| !c.is_control()).collect();
    let plain = plain.trim_start().to_lowercase();
    if plain.starts_with("//") || plain.starts_with("/\\") || plain.starts_with('\\') {
        return false;
    }
    if plain.starts_with('/') || plain.starts_with('#') {
        return true;
    }
    // a picture that came along
    let pictures = [
        "data:,",
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:image/gif;base64,",
    ];
    if pictures.iter().any(|good| plain.starts_with(good)) {
        return true;
    }
    ["https:", "http:", "mailto:", "tel:", "cid:"]
        .iter()
        .any(|good| plain.starts_with(good))
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Allowed = Allowed {
        tags: &["p", "a", "br"],
        alone: &["br"],
        attributes: &["href"],
    };

    #[test]
    fn what_does_not_belong_is_seen() {
        for good in [
            "",
            "a &lt; b",
            "<p>a<br>b<br /></p>",
            "<a href=\"/x?a=1&amp;b\">c</a>",
            "<a href=\"#x\">c</a>",
        ] {
            assert!(check(good, &SOME).is_ok(), "{good}");
        }
        for bad in [
            "<p>",
            "</p>",
            "<p><a href=\"/x\"></p></a>",
            "<script>",
            "<p",
            "<p style=\"x\"></p>",
            "<p onclick=x></p>",
            "<a href=\"javascript:x\">a</a>",
            "<a href=\" javascript:x\">a</a>",
            "<a href=\"//evil.test\">a</a>",
            "<a href=\"java\tscript:x\">a</a>",
            "<a href=\"x\">a</a>",
            "<p\n<script>",
            "<!-- -->",
            "<P></P>",
        ] {
            assert!(check(bad, &SOME).is_err(), "{bad}");
        }
    }
}
