//! Templates: embedded, drawn at run time; one environment per language.

mod prepared;

use crate::assets::Assets;
use crate::texts::Texts;
use kernel::{Locale, Moment};
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, default_auto_escape_callback,
};
use prepared::word;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A page context: the template beside it, and samples that reach every branch.
pub trait Page: Serialize + Sized {
    const TEMPLATE: &'static str;
    fn samples() -> Vec<Self>;
}

/// A page as the test that draws all samples sees it.
pub struct Sampled {
    pub template: String,
    pub samples: fn() -> Vec<Value>,
}

impl Sampled {
    pub fn of<P: Page>() -> Self {
        Sampled {
            template: P::TEMPLATE.to_owned(),
            samples: || {
                P::samples()
                    .into_iter()
                    .map(|p| Value::from(Serde(p)))
                    .collect()
            },
        }
    }
}

/// All templates in all languages.
pub struct Templates {
    de: Environment<'static>,
    en: Environment<'static>,
}

/// A template as it is embedded: name (`customers/address/list.html`) and source.
pub type Source = (String, String);

impl Templates {
    /// # Errors
    /// A template that cannot be read, by name and line.
    pub fn load(
        sources: &[Source],
        texts: &Arc<Texts>,
        assets: &Arc<Assets>,
        timezone: &str,
    ) -> Result<Self, minijinja::Error> {
        let sources = prepared::narrow(sources);
        let load = |locale| environment(&sources, locale, texts, assets, timezone);
        Ok(Templates {
            de: load(Locale::De)?,
            en: load(Locale::En)?,
        })
    }

    pub fn environment(&self, locale: Locale) -> &Environment<'static> {
        match locale {
            Locale::De => &self.de,
            Locale::En => &self.en,
        }
    }

    /// # Errors
    /// A name the template uses that is not in its context.
    pub fn render(
        &self,
        locale: Locale,
        name: &str,
        context: Value,
    ) -> Result<String, minijinja::Error> {
        self.environment(locale).get_template(name)?.render(context)
    }
}

fn environment(
    sources: &BTreeMap<String, String>,
    locale: Locale,
    texts: &Arc<Texts>,
    assets: &Arc<Assets>,
    timezone: &str,
) -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_auto_reload(false);
    // behind # stands what is used of a module
    env.set_auto_escape_callback(|name| {
        default_auto_escape_callback(name.split('#').next().unwrap_or(name))
    });
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(2_000_000));
    env.set_formatter(|out, state, value| {
        let plain = value.as_str().filter(|_| !value.is_safe());
        match (state.auto_escape(), plain) {
            // the engine's own escaping also turns every slash of a link into five characters
            (AutoEscape::Html, Some(text)) => {
                let mut html = String::with_capacity(text.len() + 16);
                escape(text, &mut html);
                out.write_str(&html).map_err(minijinja::Error::from)
            }
            _ => minijinja::escape_formatter(out, state, value),
        }
    });
    let words = texts.clone();
    env.add_function(
        "t",
        move |key: Cow<'_, str>, args: Kwargs| -> Result<Value, minijinja::Error> {
            text(&words, locale, &key, &args)
        },
    );
    let files = assets.clone();
    env.add_function(
        "asset",
        move |name: Cow<'_, str>| -> Result<String, minijinja::Error> {
            files.url(&name).map(str::to_owned).ok_or_else(|| {
                minijinja::Error::new(ErrorKind::InvalidOperation, format!("no asset {name}"))
            })
        },
    );
    let files = assets.clone();
    env.add_function("icon", move |name: Cow<'_, str>| {
        Value::from_safe_string(icon(&files, &name))
    });
    let files = assets.clone();
    env.add_function(
        "status",
        move |tone: Cow<'_, str>, sign: Cow<'_, str>, word: Cow<'_, str>| {
            Value::from_safe_string(status(&files, &tone, &sign, &word))
        },
    );
    let zone = kernel::jiff::tz::TimeZone::get(timezone).map_err(|error| {
        minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("time zone {timezone}: {error}"),
        )
    })?;
    let z = zone.clone();
    env.add_filter("date", move |at: i64| {
        locale.date(Moment::from_micros(at), &z)
    });
    let z = zone.clone();
    env.add_filter("datetime", move |at: i64| {
        locale.datetime(Moment::from_micros(at), &z)
    });
    let z = zone.clone();
    env.add_filter("time", move |at: i64| {
        locale.time(Moment::from_micros(at), &z)
    });
    env.add_function("when", move |at: i64| {
        let at = Moment::from_micros(at);
        let (exact, said) = (at.timestamp(), locale.datetime(at, &zone));
        Value::from_safe_string(format!("<time datetime=\"{exact}\">{said}</time>"))
    });
    env.add_filter("iso", |at: i64| {
        Moment::from_micros(at).timestamp().to_string()
    });
    env.add_filter("initials", |name: Cow<'_, str>| initials(&name));
    env.add_filter("linebreaks", |text: Cow<'_, str>| {
        Value::from_safe_string(linebreaks(&text))
    });
    let plain = |word: &str| texts.shared(locale, word);
    let same = |function: &str, args: &str| match function {
        "t" => plain(word(args)?).map(|text| {
            let mut html = String::new();
            escape(&text, &mut html);
            html
        }),
        "icon" => Some(icon(assets, word(args)?)),
        "asset" => assets.url(word(args)?).map(str::to_owned),
        "status" => {
            let (tone, rest) = args.split_once(", ")?;
            let (sign, said) = rest.split_once(", ")?;
            let key = said.strip_prefix("t(")?.strip_suffix(')')?;
            let text = plain(word(key)?)?;
            Some(status(assets, word(tone)?, word(sign)?, &text))
        }
        _ => None,
    };
    for (name, source) in sources {
        let source = match name.contains(".html") {
            true => prepared::settled(source, &same),
            false => source.clone(),
        };
        env.add_template_owned(name.clone(), source)?;
    }
    Ok(env)
}

/// The name is a template's own word, never input.
fn icon(assets: &Assets, name: &str) -> String {
    let sprite = assets.url("icons.svg").unwrap_or_default();
    format!("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{sprite}#{name}\"/></svg>")
}

/// tone: "" | ok | warn | bad | busy; sign: an icon's name, for a state never speaks by colour alone.
fn status(assets: &Assets, tone: &str, sign: &str, word: &str) -> String {
    let mut html = format!("<span class=\"state {tone}\">{}", icon(assets, sign));
    escape(word, &mut html);
    html.push_str("</span>");
    html
}

fn text(
    texts: &Texts,
    locale: Locale,
    key: &str,
    args: &Kwargs,
) -> Result<Value, minijinja::Error> {
    if let Some(plain) = texts.shared(locale, key) {
        return Ok(Value::from(plain));
    }
    let names: Vec<&str> = args.args().collect();
    let mut filled = Vec::with_capacity(names.len());
    for name in names {
        let value: Value = args.get(name)?;
        filled.push(match value.as_i64().filter(|_| value.is_number()) {
            Some(number) => (name, number.into()),
            None => (name, value.to_string().into()),
        });
    }
    if !texts.has(locale, key) {
        return Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("no text {key}"),
        ));
    }
    Ok(Value::from(texts.with(locale, key, &filled).into_owned()))
}

/// The first letters of the first two words.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect()
}

/// Paragraphs and line breaks of a plain text; everything else is escaped.
pub fn linebreaks(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    for paragraph in text
        .split("\n\n")
        .map(|p| p.trim_matches('\n'))
        .filter(|p| !p.is_empty())
    {
        html.push_str("<p>");
        for (i, line) in paragraph.split('\n').enumerate() {
            if i > 0 {
                html.push_str("<br>");
            }
            escape(line, &mut html);
        }
        html.push_str("</p>");
    }
    html
}

/// HTML text and attribute escaping.
pub fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, after) = rest.split_at(at);
        html.push_str(before);
        html.push_str(match after.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&#34;",
            _ => "&#39;",
        });
        rest = after.get(1..).unwrap_or_default();
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_attr_xml_contexts_are_encoded() {
        let mut html = String::new();
        escape("<b a=\"1\" c='2'>Ä & /ö</b>", &mut html);
        assert_eq!(
            html,
            "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;Ä &amp; /ö&lt;/b&gt;"
        );
        assert_eq!(linebreaks("a\nb\n\n<c>"), "<p>a<br>b</p><p>&lt;c&gt;</p>");
    }
}
