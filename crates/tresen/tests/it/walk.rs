//! The first walk, without a screen: register, activate, keep an address, write, be answered.

use crate::whole;
use testkit::TestApp;

const NEW_PASSWORD: &str = "Muscheln-am-Strand-7";

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_acc_4_sup_8_desk_1_the_first_walk() {
    let t = whole().await;
    let mut jana = t.guest();

    // register
    let person = [
        ("first_name", "Jana"),
        ("last_name", "Petersen"),
        ("email", "Jana@Post.example"),
        ("consent", "on"),
    ];
    let sent = jana.fill("/registrieren", &person).await;
    let page = jana.follow(sent).await.expect(200);
    assert!(
        page.says("jana@post.example") || page.says("E-Mail"),
        "{}",
        page.text()
    );

    // activate: opening the link changes nothing, the button does
    let letter = t.mail_to("jana@post.example").await;
    let link = TestApp::link_in(&letter);
    jana.get(&link).await.expect(200);
    let opened = jana.get(&link).await.expect(200);
    assert!(
        opened
            .forms()
            .iter()
            .any(|f| f.buttons.iter().any(|b| b == "Aktivieren und einloggen"))
    );
    let passwords = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let done = jana.fill(&link, &passwords).await.leads_to("/");
    let start = jana.follow(done).await.expect(200);
    assert!(
        start.says("Hallo, Jana Petersen") && start.says("K-10005"),
        "{}",
        start.text()
    );
    assert!(
        t.guest().get(&link).await.expect(410).says("neuen Link"),
        "the link works once"
    );

    // an address
    let address = [
        ("street", "Holtenauer Straße 148"),
        ("extra", "Hinterhaus, 2. Stock"),
        ("first_name", "Jana"),
        ("last_name", "Petersen"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("country", "DE"),
    ];
    let kept = jana
        .fill("/konto/adressen/neu", &address)
        .await
        .leads_to("/konto/adressen");
    let book = jana.follow(kept).await.expect(200);
    assert!(
        book.says("Hinterhaus, 2. Stock 24105 Kiel") && book.says("Standard-Rechnungsadresse"),
        "{}",
        book.text()
    );

    // a message
    let written = jana
        .fill(
            "/nachrichten/neu",
            &[("text", "  Mein Postfach ist voll.\nWas nun?")],
        )
        .await;
    let thread = written.expect(303).location().to_owned();
    assert!(
        jana.get("/nachrichten")
            .await
            .expect(200)
            .says("Mein Postfach ist voll.")
    );

    // the desk answers
    let mut sven = t.sven().await;
    let queue = sven.get("/desk/tickets").await.expect(200);
    let desk_thread = queue.link("/desk/tickets/0");
    let answer = "Wir haben Ihr Postfach vergrößert.";
    sven.fill(&desk_thread, &[("text", answer)])
        .await
        .expect(303);

    // the notice says where, not what
    let notice = t.mail_to("jana@post.example").await;
    assert!(!notice.text.contains("vergrößert") && !notice.html.contains("vergrößert"));
    assert!(notice.text.contains(&thread), "{}", notice.text);
    assert!(jana.get(&thread).await.expect(200).says(answer));

    // closed, and opened again by answering
    let close = format!("{thread}/schliessen");
    jana.press(&thread, &close).await.expect(303);
    assert!(jana.get(&thread).await.says("Geschlossen"));
    jana.fill(&thread, &[("text", "Doch noch etwas: danke.")])
        .await
        .expect(303);
    assert!(
        !jana.get(&thread).await.says("Geschlossen")
            || sven.get("/desk/tickets").await.says("Mein Postfach")
    );
    t.run_jobs().await;
}
