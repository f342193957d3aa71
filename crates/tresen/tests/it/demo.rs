//! The demonstration as somebody finds it who tries the product out.

use crate::process::Place;

const PASSWORD: &str = "Leuchtturm-vor-Kiel-1895";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sup_9_acc_7_the_demo_holds_mails_that_came_in() {
    let mut place = Place::new();
    place.set("RUST_LOG", "warn");
    let listen = place.address.to_string();
    let server = place
        .serve(&["demo", "--data", "data", "--listen", &listen])
        .await;
    let mut jana = server.visitor().await;
    let sign_in = [
        ("login", "jana.petersen@post.example"),
        ("password", PASSWORD),
    ];
    jana.fill("/anmelden", &sign_in).await.expect(303);
    // what went out in her ticket, and what she answered to it, the last first
    let history = jana.get("/konto/mails").await.expect(200);
    let subject = "[#10169] Weiterleitung an den Vorstand geht nicht";
    let rows = history.html.split_once("<tbody>").unwrap().1;
    let rows: Vec<String> = rows
        .split("<tr")
        .skip(1)
        .take(2)
        .map(str::to_owned)
        .collect();
    assert!(rows[0].contains(&format!("AW: {subject}")) && rows[0].contains("An uns von"));
    assert!(rows[1].contains(subject) && rows[1].contains("Von uns an"));
    let came = jana
        .get(&history.link("/konto/mails/eingang/"))
        .await
        .expect(200);
    assert!(came.says("Müssen wir da etwas tun?") && came.says("Meldung.txt"));
    assert!(came.html.contains("<blockquote"), "{}", came.html);
    // at the desk one waits
    let mut malte = server.visitor().await;
    let sign_in = [("email", "malte@nordlicht.example"), ("password", PASSWORD)];
    malte.fill("/desk/anmelden", &sign_in).await.expect(303);
    let people = malte.get("/demo").await.expect(200);
    let row = people.html.split("<tr").find(|row| row.contains("malte@"));
    let code = row.unwrap().rsplit_once("<code>").unwrap().1;
    let code = code.split_once("</code>").unwrap().0;
    malte
        .fill("/desk/anmelden/code", &[("code", code)])
        .await
        .expect(303);
    let queue = malte
        .get("/desk/tickets?suche=Angebotsformular")
        .await
        .expect(200);
    assert!(queue.says("E-Mail zu prüfen"), "{}", queue.text());
    let ticket = queue.link("/desk/tickets/0");
    let page = malte.get(&ticket).await.expect(200);
    assert!(page.says("Absender nicht belegt"));
    let accept = |page: &testkit::Answer| {
        let mut forms = page.forms().into_iter();
        forms.find(|form| form.action.contains("/mail-annehmen"))
    };
    let form = accept(&page).expect("staff may accept it");
    malte.send_form(&form, &[]).await.expect(303);
    let page = malte.get(&ticket).await.expect(200);
    assert!(accept(&page).is_none() && !page.says("E-Mail zu prüfen"));
    server.stop().await;
}
