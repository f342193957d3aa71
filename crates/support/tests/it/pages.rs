//! Every page in every state, in both languages; every statement on the migrated schema.

use crate::app;
use kernel::{CustomerId, Locale};
use minijinja::{Value, context};
use std::time::Duration;
use support::ticket::seed::{Act, Step, thread};
use support::ticket::store;

#[tokio::test(flavor = "multi_thread")]
async fn all_samples_are_drawn() {
    let t = app().await;
    let around = frame();
    for locale in [Locale::De, Locale::En] {
        for sampled in t
            .app
            .samples()
            .iter()
            .filter(|s| s.template.starts_with("support/"))
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

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_thread_of_the_past_is_as_if_it_had_happened() {
    let t = app().await;
    let hour = |n: u64| testkit::START - Duration::from_secs(3600 * n);
    let mut tx = t.db().begin().await.unwrap();
    let user = |at, act| Step::user(at, t.cast.anna, "Anna Adler", act);
    let staff = |at, act| Step::staff(at, t.cast.sven, "Sven Support", act);
    let steps = [
        user(hour(90), Act::Write("Vor langer Zeit")),
        staff(hour(80), Act::Write("Die Antwort")),
        staff(hour(79), Act::Close),
        user(hour(10), Act::Write("Noch etwas")),
    ];
    let seen = Some(hour(70));
    let id = thread(&mut tx, &t.world, t.cast.annas, &steps, seen)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = t.db().read().await.unwrap();
    let ticket = store::one(&mut tx, t.cast.annas, id).await.unwrap();
    assert_eq!(
        (ticket.state, ticket.entries),
        (support::ticket::State::Open, 5)
    );
    assert_eq!(ticket.waiting_since, Some(hour(10)));
    assert_eq!(
        store::unread(&mut tx, t.cast.annas, t.cast.anna)
            .await
            .unwrap(),
        0
    );
    let stranger = CustomerId(kernel::Uuid::nil());
    assert!(store::one(&mut tx, stranger, id).await.is_err());
}
