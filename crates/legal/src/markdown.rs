//! Markdown to the HTML of a page: headings, paragraphs, lists, tables, links. Nothing else comes through.

use pulldown_cmark::{
    Alignment, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

/// A document drawn: its first heading, and what follows.
pub struct Drawn {
    pub title: String,
    pub html: String,
}

/// What a document must not hold; with the line where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMarkdown {
    #[error("does not begin with a heading («# …»)")]
    NoTitle,
    #[error("line {0}: raw HTML is not shown; write it in Markdown")]
    Html(usize),
    #[error("line {0}: links lead to https, http, mailto, tel, or a path of the portal")]
    Link(usize),
    #[error("line {0}: pictures are not shown")]
    Picture(usize),
}

/// # Errors
/// See [`BadMarkdown`]: a legal text is shown whole or not at all.
pub fn draw(source: &str) -> Result<Drawn, BadMarkdown> {
    let mut title = String::new();
    let mut in_title = false;
    let mut body = Vec::new();
    // an HTML block comes line by line
    let mut block: Option<String> = None;
    for (event, place) in Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter() {
        let line = || {
            source
                .bytes()
                .take(place.start)
                .filter(|byte| *byte == b'\n')
                .count()
                + 1
        };
        match event {
            Event::Start(Tag::Heading { .. }) if title.is_empty() && body.is_empty() => {
                in_title = true
            }
            Event::End(TagEnd::Heading(_)) if in_title => in_title = false,
            Event::Text(text) | Event::Code(text) if in_title => title.push_str(&text),
            // the rest of a title's markup is not needed
            _ if in_title => {}
            Event::Start(Tag::HtmlBlock) => block = Some(String::new()),
            Event::Html(text) => block.get_or_insert_default().push_str(&text),
            // a remark to those who edit the file
            Event::End(TagEnd::HtmlBlock) if block.take().is_some_and(|html| is_remark(&html)) => {}
            Event::InlineHtml(text) if is_remark(&text) => {}
            Event::End(TagEnd::HtmlBlock) | Event::InlineHtml(_) => {
                return Err(BadMarkdown::Html(line()));
            }
            Event::Start(Tag::Link {
                link_type,
                ref dest_url,
                ..
            }) if link_type != LinkType::Email && !leads_somewhere_good(dest_url) => {
                return Err(BadMarkdown::Link(line()));
            }
            Event::Start(Tag::Image { .. }) => return Err(BadMarkdown::Picture(line())),
            _ if title.is_empty() => return Err(BadMarkdown::NoTitle),
            // alignment would be written as inline style, which the page's policy forbids
            Event::Start(Tag::Table(columns)) => {
                let plain = columns.iter().map(|_| Alignment::None).collect();
                body.push(Event::Start(Tag::Table(plain)));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = below_title(level);
                body.push(Event::Start(Tag::Heading {
                    level,
                    id: None,
                    classes: vec![],
                    attrs: vec![],
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                body.push(Event::End(TagEnd::Heading(below_title(level))))
            }
            other => body.push(other),
        }
    }
    if title.trim().is_empty() {
        return Err(BadMarkdown::NoTitle);
    }
    let mut html = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut html, body.into_iter());
    Ok(Drawn {
        title: title.trim().to_owned(),
        html,
    })
}

/// The page's title is its only heading of the first level.
fn below_title(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

fn is_remark(html: &str) -> bool {
    let html = html.trim();
    html.strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"))
        .is_some_and(|inner| !inner.contains("-->"))
}

/// An allowed scheme, or a path of our own; no other relative link, because the page's place is not the file's.
fn leads_somewhere_good(target: &str) -> bool {
    if target.starts_with('/') {
        return !target.starts_with("//") && !target.contains('\\');
    }
    match target.split_once(':') {
        Some((scheme, _)) => ["https", "http", "mailto", "tel"]
            .iter()
            .any(|good| scheme.eq_ignore_ascii_case(good)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        draw(source).unwrap().html
    }

    #[test]
    fn title_is_taken_out_and_headings_stay_below_it() {
        let drawn = draw("# AGB & *mehr*\n\n# Erstens\n\n## Zweitens\n").unwrap();
        assert_eq!(drawn.title, "AGB & mehr");
        assert_eq!(drawn.html, "<h2>Erstens</h2>\n<h2>Zweitens</h2>\n");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            html("# T\n\n1 < 2 & \"so\"\n"),
            "<p>1 &lt; 2 &amp; \"so\"</p>\n"
        );
    }

    #[test]
    fn good_links() {
        for (link, href) in [
            (
                "[a](https://firma.example/x?y=1&z)",
                "https://firma.example/x?y=1&amp;z",
            ),
            ("[a](HTTP://firma.example)", "HTTP://firma.example"),
            ("<https://firma.example>", "https://firma.example"),
            ("<post@firma.example>", "mailto:post@firma.example"),
            ("[a](tel:+494066969310)", "tel:+494066969310"),
            ("[a](/datenschutz)", "/datenschutz"),
        ] {
            let html = html(&format!("# T\n\n{link}\n"));
            assert!(html.contains(&format!("href=\"{href}\"")), "{link}: {html}");
        }
    }

    #[test]
    fn bad_links() {
        for link in [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](data:text/html,x)",
            "[a](//evil.test)",
            "[a](/\\evil.test)",
            "[a](agb.md)",
            "[a](&#106;avascript:alert(1))",
            "[a]( java\tscript:x)",
            "<vbscript:x>",
            "[a][1]\n\n[1]: javascript:alert(1)",
        ] {
            match draw(&format!("# T\n\n{link}\n")) {
                Err(fault) => assert_eq!(fault, BadMarkdown::Link(3), "{link}"),
                Ok(drawn) => assert!(!drawn.html.contains("<a "), "{link}: {}", drawn.html),
            }
        }
    }

    #[test]
    fn raw_html_and_pictures_are_refused() {
        assert_eq!(
            draw("# T\n\na <b>b</b>\n").err(),
            Some(BadMarkdown::Html(3))
        );
        assert_eq!(
            draw("# T\n\n<div>\nb\n</div>\n").err(),
            Some(BadMarkdown::Html(3))
        );
        assert_eq!(
            draw("# T\n\n![a](https://x.test/p.png)\n").err(),
            Some(BadMarkdown::Picture(3))
        );
        assert_eq!(
            draw("# T\n\n<!-- a --><script>x</script><!-- b -->\n").err(),
            Some(BadMarkdown::Html(3))
        );
    }

    #[test]
    fn remarks_are_left_out() {
        assert_eq!(
            html("<!-- Stand:\n\nheute -->\n\n# T\n\na <!-- b --> c\n"),
            "<p>a  c</p>\n"
        );
    }

    #[test]
    fn tables_carry_no_style() {
        let html = html("# T\n\n|a|b|\n|:-|-:|\n|1|2|\n");
        assert!(
            html.contains("<table>") && !html.contains("style"),
            "{html}"
        );
    }

    #[test]
    fn a_document_has_a_title() {
        for source in ["", "Text\n", "Text\n\n# Spät\n", "#\n\nText"] {
            assert_eq!(draw(source).err(), Some(BadMarkdown::NoTitle), "{source:?}");
        }
    }
}
