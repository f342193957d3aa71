use crate::browser::Desk;
use kernel::Locale;
use minijinja::{Value, context};

fn frame(lang: &str) -> Value {
    context! {
        lang, path => "/desk/anmelden", url_de => "/sprache?auf=de", url_en => "/sprache?auf=en",
        provider => context! { name => "Nordlicht Hosting", hotline => "040 66969-310", hotline_href => "tel:1" },
        csrf => "", notice => (), request_id => "1", demo => false, user => (), customer => (),
        customers => Vec::<Value>::new(), nav => Vec::<Value>::new(), account_nav => Vec::<Value>::new(),
        foot => Vec::<Value>::new(), staff => (), desk_nav => Vec::<Value>::new(), title_suffix => "Nordlicht Hosting",
        search => (),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_drawn_in_both_languages() {
    let desk = Desk::new().await;
    let mut drawn = 0;
    for page in desk
        .app
        .samples()
        .iter()
        .filter(|page| page.template.starts_with("identity/"))
    {
        for sample in (page.samples)() {
            for locale in [Locale::De, Locale::En] {
                let context = context! { frame => frame(locale.as_str()), ..sample.clone() };
                let html = desk.app.templates().render(locale, &page.template, context);
                let html = html.unwrap_or_else(|error| panic!("{}: {error:#}", page.template));
                assert_eq!(html.matches("<h1").count(), 1, "{}", page.template);
                drawn += 1;
            }
        }
    }
    assert_eq!(drawn, 2 * (2 + 2 + 3 + 2 + 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_languages_have_the_same_texts() {
    let desk = Desk::new().await;
    let keys = |locale| {
        let mut keys = desk.app.texts().keys(locale).to_vec();
        keys.sort();
        keys
    };
    assert_eq!(keys(Locale::De), keys(Locale::En));
}
