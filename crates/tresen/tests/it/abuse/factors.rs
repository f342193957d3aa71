//! Past the second factor.

use super::{SVEN, at_once, code_of, count, statuses};
use crate::whole;
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::PASSWORD;
use web::Method;

#[tokio::test(flavor = "multi_thread")]
async fn totp_twice() {
    let t = whole().await;
    let code = code_of(&t, t.cast.sven).await;
    let mut halves = Vec::new();
    for _ in 0..2 {
        let mut guest = t.guest();
        guest
            .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
            .await
            .leads_to("/desk/anmelden/code");
        let form = guest
            .get("/desk/anmelden/code")
            .await
            .expect(200)
            .form_with("code");
        halves.push((guest, form));
    }
    // the same code in two browsers and many times at once: one gets in
    let (first, second) = (halves.remove(0), halves.remove(0));
    let fill = [("code", code.as_str())];
    let (a, b) = tokio::join!(
        at_once(&first.0, &first.1, &fill, 8),
        at_once(&second.0, &second.1, &fill, 8)
    );
    let in_cookies: BTreeSet<String> = a
        .iter()
        .chain(&b)
        .flat_map(|answer| {
            answer
                .headers
                .get_all("set-cookie")
                .iter()
                .map(|v| v.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|c| c.starts_with("tresen-desk="))
        .collect();
    assert_eq!(in_cookies.len(), 1, "{:?} {:?}", statuses(&a), statuses(&b));
    assert!(
        a.iter()
            .chain(&b)
            .all(|x| x.status.as_u16() < 500 || x.status.as_u16() == 503)
    );
    // nor does an older step count after a newer one
    t.wait(Duration::from_secs(3600));
    let mut guest = t.guest();
    guest
        .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    guest
        .fill("/desk/anmelden/code", &[("code", &code)])
        .await
        .expect(422);
    let new = code_of(&t, t.cast.sven).await;
    guest
        .fill("/desk/anmelden/code", &[("code", &new)])
        .await
        .leads_to("/desk");
    guest.get("/desk").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn totp_brute() {
    let t = whole().await;
    let right = code_of(&t, t.cast.sven).await;
    let mut told = 0;
    for nth in 0..30 {
        // a session of its own for each try: the delay is the person's
        let mut guest = t.guest();
        guest
            .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
            .await
            .expect(303);
        let typed = format!(
            "{:06}",
            (right.parse::<u32>().unwrap() + 1 + nth) % 1_000_000
        );
        let answer = guest.fill("/desk/anmelden/code", &[("code", &typed)]).await;
        told += u32::from(answer.status.as_u16() == 422);
    }
    assert!(told <= 5, "{told}");
    let mut guest = t.guest();
    guest
        .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    guest
        .fill("/desk/anmelden/code", &[("code", &right)])
        .await
        .expect(429);
    assert_eq!(count(&t, "audit").await, {
        let lines = t.acts(None).await;
        assert!(
            lines
                .iter()
                .filter(|act| *act == "staff.code_failed")
                .count()
                <= 5
        );
        lines.len() as i64
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn twofa_skip() {
    let t = whole().await;
    let mut half = t.guest();
    half.fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    assert!(half.cookies.contains_key("tresen-desk"));
    for route in t
        .app
        .routes()
        .iter()
        .filter(|r| matches!(r.access, web::Access::Staff(_)))
    {
        let path = route.pattern.replace("{id}", &t.cast.annas.to_string());
        let answer = match route.method {
            Method::Get => half.send("GET", &path, None).await,
            Method::Post => half.post_raw(&path, &[("csrf", "x"), ("text", "x")]).await,
        };
        assert_eq!(answer.status.as_u16(), 303, "{path}");
        assert!(answer.location().starts_with("/desk/anmelden"), "{path}");
    }
    // who has a second factor is not led to set up another
    half.get("/desk/anmelden/einrichten")
        .await
        .leads_to("/desk/anmelden/code");
    let page = half.get("/desk/anmelden/code").await.expect(200);
    assert!(
        !page.html.contains("data:image"),
        "the secret is not shown again"
    );
    // the half session ends by itself
    t.wait(Duration::from_secs(901));
    half.get("/desk/anmelden/code")
        .await
        .leads_to("/desk/anmelden");
}
