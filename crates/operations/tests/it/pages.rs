//! Every page in every state, in both languages; every statement on the migrated schema.

use crate::app;
use kernel::Locale;
use minijinja::{Value, context};

#[tokio::test(flavor = "multi_thread")]
async fn all_samples_are_drawn() {
    let t = app().await;
    let around = frame();
    for locale in [Locale::De, Locale::En] {
        for sampled in t
            .app
            .samples()
            .iter()
            .filter(|s| s.template.starts_with("operations/"))
        {
            for sample in (sampled.samples)() {
                let context = context! { frame => around.clone(), provider => around.get_attr("provider").unwrap(), lang => "de", subject => "S", ..sample };
                let drawn = t.app.templates().render(locale, &sampled.template, context);
                assert!(
                    drawn.is_ok(),
                    "{} {locale:?}: {:#}",
                    sampled.template,
                    drawn.unwrap_err()
                );
            }
        }
    }
}

/// What every page has around it.
fn frame() -> Value {
    let provider = context! { name => "Nordlicht", hotline => "040 1", hotline_href => "tel:1" };
    let entry = context! { label => "Nachrichten", href => "/", current => true, icon => "inbox", count => 3 };
    let nav = Value::from(vec![entry]);
    context! {
        lang => "de", path => "/", url_de => "/", url_en => "/", provider, csrf => "c", title_suffix => "N",
        request_id => "1", demo => true, user => context! { name => "Jana" }, nav => nav.clone(), foot => nav.clone(),
        account_nav => Value::from(vec![nav.clone()]), desk_nav => nav, notice => (), customers => Value::from(Vec::<Value>::new()),
        search => (), customer => context! { number => "K-1", name => "Jana" },
        staff => context! { name => "Malte", role => "Support", initials => "MB" },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_fit_the_schema() {
    let t = app().await;
    assert_eq!(
        db::testing::prepare_all(t.db()).await.unwrap(),
        Vec::<String>::new()
    );
}
