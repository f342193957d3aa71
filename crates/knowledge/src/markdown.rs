//! Markdown to the HTML of a page. Raw HTML stands as the text it is; links lead to places that cannot run anything;
//! of pictures those of the article itself are shown, by the names of their files, and no others.

use pulldown_cmark::{
    Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};
use serde::Serialize;
use std::collections::HashMap;

/// A heading of the second level, for the list of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    pub id: String,
    pub text: String,
}

/// An article's text, drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    pub html: String,
    pub contents: Vec<Heading>,
}

fn events(source: &str) -> Parser<'_> {
    Parser::new_ext(
        source,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    )
}

/// Where the files of the article lie, by their names.
#[derive(Debug, Clone, Default)]
pub struct Own {
    files: HashMap<String, String>,
    pictures: HashMap<String, String>,
}

impl Own {
    /// Of two with one name the later counts.
    pub fn put(&mut self, name: &str, href: Option<&str>, picture: Option<&str>) {
        let mut put = |into: fn(&mut Own) -> &mut HashMap<String, String>, href: Option<&str>| {
            if let Some(href) = href {
                into(self).insert(name.to_owned(), href.to_owned());
            }
        };
        put(|own| &mut own.files, href);
        put(|own| &mut own.pictures, picture);
    }
}

/// Draws a text that has no files.
pub fn draw(source: &str) -> Drawn {
    draw_with(source, &Own::default())
}

/// Draws an article: `![What it shows](name.png)` is one of its pictures, `[Words](name.pdf)` leads to one of its files.
pub fn draw_with(source: &str, own: &Own) -> Drawn {
    let mut pictures: Vec<bool> = Vec::new();
    let mut contents: Vec<Heading> = Vec::new();
    let mut out: Vec<Event> = Vec::new();
    let mut links: Vec<bool> = Vec::new();
    // where the open heading began, and its words
    let mut heading: Option<(usize, String)> = None;
    for event in events(source) {
        if let (Some((_, words)), Event::Text(text) | Event::Code(text)) = (&mut heading, &event) {
            words.push_str(text);
        }
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((out.len(), String::new()));
                out.push(Event::SoftBreak);
            }
            Event::End(TagEnd::Heading(level)) => {
                let level = below_title(level);
                let Some((at, words)) = heading.take() else {
                    continue;
                };
                let id = id_of(&words, &contents);
                let place = out.get_mut(at);
                if let Some(place) = place {
                    *place = Event::Start(Tag::Heading {
                        level,
                        id: Some(id.clone().into()),
                        classes: Vec::new(),
                        attrs: Vec::new(),
                    });
                }
                if level == HeadingLevel::H2 && !words.trim().is_empty() {
                    contents.push(Heading {
                        id,
                        text: words.trim().to_owned(),
                    });
                }
                out.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::HtmlBlock) => out.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => out.push(Event::End(TagEnd::Paragraph)),
            Event::Html(text) | Event::InlineHtml(text) => out.push(Event::Text(text)),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = match own.files.get(dest_url.as_ref()) {
                    Some(href) => href.clone().into(),
                    None => dest_url,
                };
                let good = link_type == LinkType::Email || leads_somewhere_good(&dest_url);
                links.push(good);
                if good {
                    out.push(Event::Start(Tag::Link {
                        link_type,
                        dest_url,
                        title,
                        id,
                    }));
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop().unwrap_or_default() {
                    out.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let picture = own.pictures.get(dest_url.as_ref());
                pictures.push(picture.is_some());
                // without it the words that describe it stand in its place
                if let Some(picture) = picture {
                    out.push(Event::Start(Tag::Image {
                        link_type,
                        dest_url: picture.clone().into(),
                        title,
                        id,
                    }));
                }
            }
            Event::End(TagEnd::Image) => {
                if pictures.pop().unwrap_or_default() {
                    out.push(Event::End(TagEnd::Image));
                }
            }
            // alignment would be written as inline style, which the page's policy forbids
            Event::Start(Tag::Table(columns)) => {
                let plain = columns.iter().map(|_| Alignment::None).collect();
                out.push(Event::Start(Tag::Table(plain)));
            }
            other => out.push(other),
        }
    }
    let mut html = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut html, out.into_iter());
    Drawn { html, contents }
}

/// The words of an article, without its marks: for search and excerpts.
pub fn plain(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    for event in events(source) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::CodeBlock,
            ) => text.push(' '),
            Event::End(TagEnd::Heading(_)) => text.push_str(" – "),
            _ => {}
        }
    }
    text.trim_end().to_owned()
}

/// The page's title is its only heading of the first level.
fn below_title(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

fn id_of(words: &str, known: &[Heading]) -> String {
    let slug = crate::slug(words);
    // a page has places of its own
    let id = format!("abschnitt-{slug}");
    if slug.is_empty() || known.iter().any(|heading| heading.id == id) {
        format!("{id}-{}", known.len() + 1)
    } else {
        id
    }
}

/// An allowed scheme, a path of our own or a place on the page; no other relative link.
fn leads_somewhere_good(target: &CowStr) -> bool {
    if target.starts_with('/') {
        return !target.starts_with("//") && !target.contains('\\');
    }
    if target.starts_with('#') {
        return true;
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
    use proptest::prelude::*;

    #[test]
    fn kb_5_headings_get_places_and_contents() {
        let drawn = draw("# Größe *prüfen*\n\nText\n\n### Tiefer\n\n## Größe prüfen\n");
        let ids: Vec<&str> = drawn.contents.iter().map(|h| h.id.as_str()).collect();
        assert_eq!(
            ids,
            ["abschnitt-groesse-pruefen", "abschnitt-groesse-pruefen-2"]
        );
        assert!(
            drawn
                .html
                .contains("<h2 id=\"abschnitt-groesse-pruefen\">Größe <em>prüfen</em></h2>"),
            "{}",
            drawn.html
        );
        assert!(drawn.html.contains("<h3 id=\"abschnitt-tiefer\">"));
    }

    #[test]
    fn v1_3_5_markdown_in_kb_and_tickets_yields_no_raw_html() {
        for source in [
            "<script>alert(1)</script>",
            "a <b onclick=x>b</b> c",
            "<style>*{}</style>\n\n<iframe src=x>",
            "<!-- --><img src=x onerror=y>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](data:text/html,x)",
            "[a](//evil.test)",
            "[a](/\\evil.test)",
            "[a](&#106;avascript:alert(1))",
            "<vbscript:x>",
            "[a][1]\n\n[1]: javascript:alert(1)",
            "![a](https://x.test/p.png)",
            "# <svg onload=x>",
            "|<td style=x>|b|\n|:-|-:|\n|1|<u>|",
        ] {
            let html = draw(source).html;
            for bad in [
                "<script", "<b ", "<style", "<iframe", "<img", "<a ", "<svg", "<u>", "style=\"",
            ] {
                assert!(!html.contains(bad), "{source}: {html}");
            }
        }
        let html = draw("[a](https://x.test/?a=1&b) <post@x.test> [b](/wissen) [c](#unten)").html;
        assert_eq!(html.matches("<a href").count(), 4, "{html}");
    }

    #[test]
    fn kb_5_pictures_of_the_article_are_shown_by_name_and_no_others() {
        let mut own = Own::default();
        own.put(
            "Bild 1.png",
            Some("/wissen/dateien/1"),
            Some("/wissen/dateien/1?bild=ja"),
        );
        own.put("plan.pdf", Some("/wissen/dateien/2"), None);
        let html = draw_with(
            "![Das <Menü>](<Bild 1.png>) [Der Plan](plan.pdf) ![nie](plan.pdf) ![fremd](https://x.test/a.png) [weg](andere.pdf)",
            &own,
        )
        .html;
        assert!(
            html.contains("<img src=\"/wissen/dateien/1?bild=ja\" alt=\"Das &lt;Menü&gt;\" />"),
            "{html}"
        );
        assert!(
            html.contains("<a href=\"/wissen/dateien/2\">Der Plan</a>"),
            "{html}"
        );
        assert_eq!(html.matches("<img").count(), 1, "{html}");
        assert!(
            html.contains("nie") && html.contains("fremd") && html.contains(" weg"),
            "{html}"
        );
        assert!(!html.contains("x.test"));
    }

    #[test]
    fn words_without_marks() {
        let text = plain(
            "# Titel\n\nEin **fetter** [Link](/x)\nund `code`.\n\n- a\n- b\n\n![Bild](/b.png)",
        );
        assert_eq!(text, "Titel – Ein fetter Link und code. a b Bild");
    }

    proptest! {
        #[test]
        fn no_markdown_breaks_the_page(source in "[ a-z<>/\"'=!\\[\\]()#*`|\n&;:-]{0,120}") {
            let html = draw(&source).html;
            let tags = ["p", "h", "e", "s", "l", "o", "u", "c", "b", "t", "a ", "d", "/", "hr", "pre", "blockquote"];
            for rest in html.split('<').skip(1) {
                prop_assert!(tags.iter().any(|tag| rest.starts_with(tag)), "{}", html);
                prop_assert!(!rest.starts_with("script") && !rest.starts_with("style"), "{}", html);
            }
        }
    }
}
