//! Texts: Fluent files per context, read once at start.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Locale;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// All texts in one language.
struct Catalog {
    bundle: FluentBundle<FluentResource>,
    // Most texts have no variables: they are formatted once.
    plain: HashMap<String, Arc<str>>,
    keys: Vec<String>,
}

/// All texts in all languages.
pub struct Texts {
    de: Catalog,
    en: Catalog,
}

/// A text file that cannot be read, or two texts with one key.
#[derive(Debug, thiserror::Error)]
#[error("texts: {0}")]
pub struct BadTexts(String);

/// What a text's variables are filled with.
pub type Args<'a> = [(&'a str, FluentValue<'a>)];

impl Catalog {
    fn load(locale: Locale, sources: &[&str]) -> Result<Self, BadTexts> {
        let language = locale
            .as_str()
            .parse()
            .map_err(|_| BadTexts("language".into()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned())
                .map_err(|(_, errors)| BadTexts(format!("{}: {errors:?}", locale.as_str())))?;
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    if message.value.is_some() {
                        keys.push(message.id.name.to_owned());
                    }
                    for attribute in &message.attributes {
                        keys.push(format!("{}.{}", message.id.name, attribute.id.name));
                    }
                }
            }
            bundle
                .add_resource(resource)
                .map_err(|errors| BadTexts(format!("{}: {errors:?}", locale.as_str())))?;
        }
        let mut catalog = Catalog {
            bundle,
            plain: HashMap::new(),
            keys,
        };
        let plain = catalog
            .keys
            .iter()
            .filter_map(|key| Some((key.clone(), Arc::from(catalog.format(key, None).ok()?))))
            .collect();
        catalog.plain = plain;
        Ok(catalog)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs>) -> Result<String, ()> {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let message = self.bundle.get_message(id).ok_or(())?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name).ok_or(())?.value(),
            None => message.value().ok_or(())?,
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors);
        if errors.is_empty() {
            Ok(text.into_owned())
        } else {
            Err(())
        }
    }
}

impl Texts {
    /// Reads the files of all modules.
    ///
    /// # Errors
    /// A file that is not Fluent, or a key that stands twice.
    pub fn load(de: &[&str], en: &[&str]) -> Result<Self, BadTexts> {
        Ok(Texts {
            de: Catalog::load(Locale::De, de)?,
            en: Catalog::load(Locale::En, en)?,
        })
    }

    fn catalog(&self, locale: Locale) -> &Catalog {
        match locale {
            Locale::De => &self.de,
            Locale::En => &self.en,
        }
    }

    /// The text without variables; the key itself when there is none, which a test forbids.
    pub fn get<'a>(&'a self, locale: Locale, key: &'a str) -> Cow<'a, str> {
        match self.catalog(locale).plain.get(key) {
            Some(text) => Cow::Borrowed(text),
            None => self.with(locale, key, &[]),
        }
    }

    /// Whether there is such a text.
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        let (id, attribute) = key
            .split_once('.')
            .map_or((key, None), |(i, a)| (i, Some(a)));
        let message = self.catalog(locale).bundle.get_message(id);
        match attribute {
            Some(name) => message.is_some_and(|m| m.get_attribute(name).is_some()),
            None => message.is_some_and(|m| m.value().is_some()),
        }
    }

    /// The text with variables.
    pub fn with<'a>(&self, locale: Locale, key: &str, args: &Args<'a>) -> Cow<'a, str> {
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            filled.set(*name, value.clone());
        }
        Cow::Owned(
            self.catalog(locale)
                .format(key, Some(&filled))
                .unwrap_or_else(|()| {
                    tracing::warn!(
                        key,
                        locale = locale.as_str(),
                        "text missing or variable not given"
                    );
                    key.to_owned()
                }),
        )
    }

    /// A text without variables, shared.
    pub(crate) fn shared(&self, locale: Locale, key: &str) -> Option<Arc<str>> {
        self.catalog(locale).plain.get(key).cloned()
    }

    /// All keys of one language, attributes as `key.attribute`.
    pub fn keys(&self, locale: Locale) -> &[String] {
        &self.catalog(locale).keys
    }
}
