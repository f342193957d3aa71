use crate::browser::Desk;
use kernel::Locale;
use web::Who;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_one_heading_in_both_languages() {
    let desk = Desk::new().await;
    let pages = desk.app.samples().iter();
    for page in pages.filter(|page| page.template.starts_with("identity/")) {
        for sample in (page.samples)() {
            for locale in [Locale::De, Locale::En] {
                let drawn =
                    desk.app
                        .draw_sample(locale, Who::Nobody, &page.template, sample.clone());
                let html = drawn.unwrap_or_else(|error| panic!("{}: {error:#}", page.template));
                let plain = page.template.ends_with(".txt");
                assert!(
                    plain || html.matches("<h1").count() == 1,
                    "{}",
                    page.template
                );
            }
        }
    }
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
