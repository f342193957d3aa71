//! What comes with a form: taken whole, or told why not; nothing of a refused form is lost or kept for ever.

use crate::probe::{self, rows, sent, stored};
use testkit::TestApp;

const MB: usize = 1 << 20;

async fn kept(t: &TestApp, id: usize) -> Vec<u8> {
    let file = &stored(t).await[id];
    files::read(&t.files, &t.world, file, files::FILE_MAX)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_files_come_with_the_form_and_come_back_unchanged() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let big: Vec<u8> = (0..7 * MB).map(|n| (n * 31 % 251) as u8).collect();
    let found = sent(
        &t,
        &mut guest,
        &[
            ("Auszug März.txt", "Grüße\r\n--x".as_bytes()),
            ("groß.bin", &big),
            ("leer.txt", b""),
        ],
    )
    .await;
    let names: Vec<(&str, i64)> = found.iter().map(|f| (f.name.as_str(), f.size)).collect();
    assert_eq!(
        names,
        [
            ("Auszug März.txt", 12),
            ("groß.bin", 7 * MB as i64),
            ("leer.txt", 0)
        ]
    );
    assert_eq!(kept(&t, 0).await, "Grüße\r\n--x".as_bytes());
    assert!(kept(&t, 1).await == big);
    assert_eq!(kept(&t, 2).await, b"");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_text_and_files_are_kept_when_something_else_is_wrong() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let bad = guest
        .send_files(
            &form,
            &[("story", "")],
            &[("a.txt", b"eins"), ("b.txt", b"zwei")],
        )
        .await
        .expect(422);
    assert!(
        bad.says("a.txt (4 Byte)") && bad.says("b.txt (4 Byte)"),
        "{}",
        bad.text()
    );
    assert!(stored(&t).await.is_empty());
    // one of them is no longer wanted, another one comes
    let mut again = bad.form_with("story");
    let marks: Vec<usize> = (0..again.fields.len())
        .filter(|at| again.fields[*at].0 == "kept")
        .collect();
    assert_eq!(marks.len(), 2);
    again.fields.remove(marks[0]);
    guest
        .send_files(
            &again,
            &[("story", "Jetzt mit Text")],
            &[("c.txt", b"drei")],
        )
        .await
        .leads_to("/probe/liste");
    let names: Vec<String> = stored(&t).await.into_iter().map(|f| f.name).collect();
    assert_eq!(names, ["b.txt", "c.txt"]);
    // the same form once more leads to the same place, and attaches nothing twice
    guest
        .send_files(
            &again,
            &[("story", "Jetzt mit Text")],
            &[("c.txt", b"drei")],
        )
        .await
        .leads_to("/probe/liste");
    assert_eq!(stored(&t).await.len(), 2);
    assert_eq!(rows(&t).await, 3, "what is only compared is not stored");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_with_another_file_is_told_apart() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let fill = [("story", "Hallo")];
    guest
        .send_files(&form, &fill, &[("a.txt", b"eins")])
        .await
        .expect(303);
    guest
        .send_files(&form, &fill, &[("a.txt", b"eins")])
        .await
        .expect(303);
    guest
        .send_files(&form, &fill, &[("a.txt", b"zwei")])
        .await
        .expect(409);
    guest.send_files(&form, &fill, &[]).await.expect(409);
    assert_eq!(stored(&t).await.len(), 1);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_try_left_is_another_visitors_nothing() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let bad = guest
        .send_files(&form, &[("story", "")], &[("a.txt", b"eins")])
        .await
        .expect(422);
    let mark = bad
        .form_with("story")
        .fields
        .iter()
        .find(|(n, _)| n == "kept")
        .unwrap()
        .1
        .clone();
    let mut thief = t.guest();
    let mut theirs = thief.get("/probe").await.form_with("story");
    theirs.fields.push(("kept".into(), mark));
    let refused = thief
        .send_files(&theirs, &[("story", "Meins")], &[])
        .await
        .expect(422);
    assert!(refused.says("nicht mehr da"), "{}", refused.text());
    assert!(stored(&t).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_too_many_are_told_at_the_field_and_the_others_stay() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let large = vec![1; 25 * MB + 1];
    let files: [(&str, &[u8]); 2] = [("zu groß.bin", &large), ("passt.txt", b"ja")];
    let bad = guest
        .send_files(&form, &[("story", "Hallo")], &files)
        .await
        .expect(422);
    assert!(
        bad.says("größer als 25 MB") && bad.says("passt.txt"),
        "{}",
        bad.text()
    );
    assert!(bad.html.contains("Hallo"));
    let names: Vec<String> = (0..11).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), b"x".as_slice()))
        .collect();
    let bad = guest
        .send_files(&form, &[("story", "Hallo")], &many)
        .await
        .expect(422);
    assert!(bad.says("höchstens 10 Dateien"), "{}", bad.text());
    // exactly as large as it may be
    let fits = vec![2; 25 * MB];
    let found = sent(&t, &mut guest, &[("passt.bin", &fits)]).await;
    assert_eq!(found[0].size, 25 * MB as i64);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_post_may_have_is_refused() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let part = vec![3; 21 * MB];
    let files: Vec<(&str, &[u8])> = (0..5).map(|_| ("teil.bin", part.as_slice())).collect();
    guest
        .send_files(&form, &[("story", "Hallo")], &files)
        .await
        .expect(413);
    // by its length, before a byte is read
    guest
        .headers
        .push(("content-length".into(), (101 * MB).to_string()));
    guest
        .send_files(&form, &[("story", "Hallo")], &[("a", b"b")])
        .await
        .expect(413);
    assert!(stored(&t).await.is_empty());
    let mut text = t.guest();
    let form = text.get("/probe").await.form_with("story");
    let long = "x".repeat(MB + 1);
    text.send_files(&form, &[("story", &long)], &[])
        .await
        .expect(413);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_stored_before_the_form_is_known_to_be_ours() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    // without a token, with a foreign one, with the token behind the file
    for (token, last) in [("", false), ("falsch", false), ("", true)] {
        let mut bad = form.clone();
        let own = bad.fields.iter().position(|(n, _)| n == "csrf").unwrap();
        let right = bad.fields.remove(own).1;
        if !token.is_empty() {
            bad.fields.insert(0, ("csrf".into(), token.into()));
        }
        if last {
            let body = format!(
                "--g\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nx\r\n--g\r\n\
                 Content-Disposition: form-data; name=\"csrf\"\r\n\r\n{right}\r\n--g--\r\n"
            );
            guest
                .send_as(
                    "POST",
                    "/probe",
                    Some(body.into_bytes()),
                    "multipart/form-data; boundary=g",
                )
                .await
                .expect(403);
        } else {
            guest
                .send_files(&bad, &[("story", "x")], &[("a.txt", b"eins")])
                .await
                .expect(403);
        }
    }
    guest
        .headers
        .push(("origin".into(), "https://evil.test".into()));
    guest
        .send_files(&form, &[("story", "x")], &[("a.txt", b"eins")])
        .await
        .expect(403);
    assert_eq!(rows(&t).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_form_are_refused() {
    let t = probe::app().await;
    let mut guest = t.guest();
    for (kind, body, status) in [
        ("multipart/form-data", "", 415),
        ("multipart/form-data; boundary=g", "", 400),
        ("multipart/form-data; boundary=g", "--g\r\n", 400),
        (
            "multipart/form-data; boundary=g",
            "--g\r\nX: y\r\n\r\n1\r\n--g--",
            400,
        ),
        ("multipart/mixed; boundary=g", "--g--", 415),
        ("text/plain", "story=x", 415),
        ("multipart/form-data; boundary=g", "--g--\r\n", 403),
    ] {
        let answer = guest
            .send_as("POST", "/probe", Some(body.into()), kind)
            .await;
        assert_eq!(answer.status.as_u16(), status, "{kind} {body:?}");
    }
    // a route that takes no files takes no form with files
    let kind = "multipart/form-data; boundary=g";
    let answer = guest
        .send_as("POST", "/anmelden", Some("--g--\r\n".into()), kind)
        .await;
    assert_eq!(answer.status.as_u16(), 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_attachment_name_is_stored_and_given_out_under_a_safe_one() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let long = "ä".repeat(2500) + ".pdf";
    let found = sent(
        &t,
        &mut guest,
        &[
            ("../../x", b"1"),
            ("a\r\nSet-Cookie: b.txt", b"2"),
            ("Rechnung\u{202E}fdp.exe", b"3"),
            (&long, b"4"),
            ("CON", b"5"),
            ("a\0b.txt", b"6"),
            ("\"><script>alert(1)</script>.svg", b"7"),
        ],
    )
    .await;
    let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(&names[..3], ["x", "aSet-Cookie_ b.txt", "Rechnungfdp.exe"]);
    assert_eq!(&names[4..], ["_CON", "ab.txt", "script_.svg"]);
    assert!(names[3].len() <= 160 && names[3].ends_with(".pdf"));
    assert!(found[2].odd && !found[0].odd);
    let list = guest.get("/probe/liste").await.expect(200);
    assert!(list.says("Namen prüfen"));
    for file in &found {
        let answer = guest
            .get(&format!("/probe/dateien/{}", file.id))
            .await
            .expect(200);
        let said = answer.headers.get_all("content-disposition").iter().count();
        assert_eq!(said, 1);
        assert!(
            answer.headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment; filename=\"")
        );
        assert!(
            answer
                .headers
                .get("set-cookie")
                .is_none_or(|c| !c.to_str().unwrap().contains("b.txt"))
        );
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_twice_at_once_is_taken_once() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let (mut one, mut two) = (guest.clone(), guest.clone());
    let fill = [("story", "Hallo")];
    let files: [(&str, &[u8]); 1] = [("a.txt", b"eins")];
    let (a, b) = tokio::join!(
        one.send_files(&form, &fill, &files),
        two.send_files(&form, &fill, &files)
    );
    assert_eq!(
        (a.location(), b.location()),
        ("/probe/liste", "/probe/liste")
    );
    assert_eq!(stored(&t).await.len(), 1);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mark_in_two_forms_is_attached_once() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let bad = guest
        .send_files(&form, &[("story", "")], &[("a.txt", b"eins")])
        .await
        .expect(422);
    let first = bad.form_with("story");
    let mut second = guest.get("/probe").await.form_with("story");
    second
        .fields
        .extend(first.fields.iter().filter(|(n, _)| n == "kept").cloned());
    guest
        .send_files(&first, &[("story", "Eins")], &[])
        .await
        .expect(303);
    guest
        .send_files(&second, &[("story", "Zwei")], &[])
        .await
        .expect(404);
    assert_eq!(stored(&t).await.len(), 1);
    t.run_jobs().await;
}
