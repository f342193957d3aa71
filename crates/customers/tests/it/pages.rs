//! Every page and mail of this context with each of its samples, in both languages.

use crate::app;
use kernel::Locale;
use minijinja::{Value, context};

#[tokio::test(flavor = "multi_thread")]
async fn every_guest_page_draws_in_both_languages() {
    let t = app().await;
    let mut guest = t.guest();
    for path in [
        "/",
        "/anmelden",
        "/registrieren",
        "/registrieren/bestaetigt",
        "/aktivieren/x",
    ] {
        for language in ["de", "en"] {
            guest
                .cookies
                .insert("tresen-sprache".into(), language.into());
            let page = guest.get(path).await;
            assert!(
                page.html.contains(&format!("<html lang=\"{language}\">")),
                "{path}"
            );
            assert!(
                page.status.is_success() || page.status.as_u16() == 410,
                "{path}"
            );
        }
    }
}

fn frame(lang: &str, user: bool) -> Value {
    let entry = context! { href => "/konto", label => "Konto", current => true, icon => "users", count => 3 };
    let list = |on: bool| if on { vec![entry.clone()] } else { Vec::new() };
    context! {
        lang, path => "/", url_de => "/sprache?auf=de", url_en => "/sprache?auf=en", title_suffix => "Nordlicht Hosting",
        provider => context! { name => "Nordlicht Hosting", hotline => "040 66969-310", hotline_href => "tel:1" },
        csrf => "marke", notice => (), request_id => "1", demo => false, search => (),
        user => user.then(|| context! { name => "Jana Petersen" }), customer => (), customers => Vec::<Value>::new(), view => (), alarms => Vec::<Value>::new(),
        nav => list(user), account_nav => vec![list(true)], foot => list(true), staff => (), desk_nav => list(true),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_drawn_in_both_languages() {
    let t = app().await;
    let mut drawn = 0;
    for page in t
        .app
        .samples()
        .iter()
        .filter(|page| page.template.starts_with("customers/"))
    {
        let is_mail = page.template.contains("/mail/");
        for sample in (page.samples)() {
            for (locale, user) in [
                (Locale::De, true),
                (Locale::De, false),
                (Locale::En, true),
                (Locale::En, false),
            ] {
                let provider =
                    context! { name => "Nordlicht", hotline => "040 1", hotline_href => "tel:1" };
                let context = context! {
                    frame => frame(locale.as_str(), user), lang => locale.as_str(), subject => "Betreff", provider,
                    ..sample.clone()
                };
                let html = t.app.templates().render(locale, &page.template, context);
                let html = html.unwrap_or_else(|error| panic!("{}: {error:#}", page.template));
                // tabs of the customer file are parts of a page
                let whole = html.contains("<html");
                assert!(
                    is_mail || html.matches("<h1").count() == usize::from(whole),
                    "{}",
                    page.template
                );
                drawn += 1;
            }
        }
    }
    assert!(drawn > 100, "{drawn}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_languages_have_the_same_texts() {
    let t = app().await;
    let keys = |locale| {
        let mut keys = t.app.texts().keys(locale).to_vec();
        keys.sort();
        keys
    };
    assert_eq!(keys(Locale::De), keys(Locale::En));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_of_a_field_is_there() {
    let t = app().await;
    for locale in [Locale::De, Locale::En] {
        for (noun, fields) in [
            fields::<customers::address::Address>(),
            fields::<customers::registration::Registration>(),
        ] {
            for field in fields {
                let key = web::form::field_key(noun, field);
                assert!(t.app.texts().has(locale, &key), "{key}");
            }
        }
    }
}

fn fields<F: web::Form>() -> (&'static str, Vec<&'static str>) {
    (
        F::NOUN,
        F::fields().iter().map(|field| field.name).collect(),
    )
}
