//! Just enough of HTML to find a form on a page and what stands in it.

/// A form as it stands on a page.
#[derive(Debug, Clone, Default)]
pub struct PageForm {
    pub action: String,
    pub post: bool,
    /// Whether files may come with it.
    pub multipart: bool,
    /// Name and value of what a browser would send; unticked boxes are left out.
    pub fields: Vec<(String, String)>,
    /// All names, ticked or not.
    pub names: Vec<String>,
    /// Words on its buttons.
    pub buttons: Vec<String>,
}

/// All forms of a page.
pub fn forms(html: &str) -> Vec<PageForm> {
    html.split("<form")
        .skip(1)
        .map(|rest| form(rest.split("</form>").next().unwrap_or(rest)))
        .collect()
}

fn form(html: &str) -> PageForm {
    let (head, body) = html.split_once('>').unwrap_or((html, ""));
    let mut form = PageForm {
        action: attribute(head, "action").unwrap_or_default(),
        post: attribute(head, "method").is_some_and(|m| m.eq_ignore_ascii_case("post")),
        multipart: attribute(head, "enctype").is_some_and(|e| e == "multipart/form-data"),
        ..PageForm::default()
    };
    let mut rest = body;
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = attribute(inside, "name");
        if inside.starts_with("input") {
            if let Some(name) = name {
                let kind = attribute(inside, "type").unwrap_or_default();
                let ticked = has(inside, "checked");
                form.names.push(name.clone());
                let chosen = !matches!(kind.as_str(), "checkbox" | "radio") || ticked;
                if chosen && kind != "file" {
                    form.fields
                        .push((name, attribute(inside, "value").unwrap_or_default()));
                }
            }
        } else if inside.starts_with("textarea") {
            if let Some(name) = name {
                let text = after.split("</textarea").next().unwrap_or_default();
                form.names.push(name.clone());
                form.fields
                    .push((name, unescape(text.strip_prefix('\n').unwrap_or(text))));
            }
        } else if inside.starts_with("select") {
            if let Some(name) = name {
                let options = after.split("</select").next().unwrap_or_default();
                let chosen = options
                    .split("<option")
                    .skip(1)
                    .find(|o| has(o.split('>').next().unwrap_or_default(), "selected"))
                    .or_else(|| options.split("<option").nth(1))
                    .and_then(|o| attribute(o.split('>').next().unwrap_or_default(), "value"));
                form.names.push(name.clone());
                form.fields.push((name, chosen.unwrap_or_default()));
            }
        } else if inside.starts_with("button") {
            form.buttons
                .push(text_of(after.split("</button").next().unwrap_or_default()));
        }
        rest = after;
    }
    form
}

fn has(tag: &str, word: &str) -> bool {
    tag.split_ascii_whitespace()
        .any(|part| part == word || part.starts_with(&format!("{word}=")))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!("{name}=\""))?;
    // the name must not be the end of another one (data-name)
    if start > 0 && !tag[..start].ends_with(|c: char| c.is_whitespace()) {
        let rest = &tag[start + name.len() + 2..];
        return attribute(rest, name);
    }
    let rest = &tag[start + name.len() + 2..];
    Some(unescape(rest.split('"').next()?))
}

/// The text between tags, with white space folded.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    unescape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x2f;", "/")
        .replace("&#47;", "/")
        .replace("&amp;", "&")
}
