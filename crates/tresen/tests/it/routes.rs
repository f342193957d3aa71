//! Every route: its fixture succeeds for the entitled person, and is refused to everybody else.

use crate::whole;
use kernel::Actor;
use std::collections::BTreeMap;
use testkit::{Client, TestApp};
use web::{Access, Method, RouteInfo};

/// How a route is called by somebody entitled.
struct Fixture {
    path: String,
    /// The page whose form posts here, and what is filled in; for a GET not used.
    page: String,
    fill: Vec<(&'static str, String)>,
}

fn at(path: impl Into<String>) -> Fixture {
    let path = path.into();
    Fixture {
        page: path.clone(),
        path,
        fill: Vec::new(),
    }
}

impl Fixture {
    fn from(mut self, page: impl Into<String>) -> Self {
        self.page = page.into();
        self
    }
    fn fill(mut self, fill: &[(&'static str, &'static str)]) -> Self {
        self.fill = fill.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
        self
    }
    fn fill_owned(mut self, name: &'static str, value: String) -> Self {
        self.fill = vec![(name, value)];
        self
    }
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fill.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
}

/// Ids of things that belong to Anna or lie on the desk.
struct Things {
    address: String,
    spare_address: String,
    thread: String,
    mail: String,
    job: String,
}

async fn things(t: &TestApp) -> Things {
    let mut anna = t.anna().await;
    for street in ["Erste Gasse 1", "Zweite Gasse 2"] {
        let fill = [
            ("street", street),
            ("first_name", "Anna"),
            ("last_name", "Adler"),
            ("postcode", "24105"),
            ("town", "Kiel"),
            ("country", "DE"),
        ];
        anna.fill("/konto/adressen/neu", &fill).await.expect(303);
    }
    let thread = anna
        .fill("/nachrichten/neu", &[("text", "Hallo Desk")])
        .await
        .expect(303)
        .location()
        .to_owned();
    let mut sven = t.sven().await;
    let desk_thread = format!("/desk{thread}");
    sven.fill(&desk_thread, &[("text", "Guten Tag")])
        .await
        .expect(303);
    t.run_jobs().await;
    let book = anna.get("/konto/adressen").await;
    let mut ids: Vec<String> = book
        .links("/konto/adressen/")
        .into_iter()
        .filter_map(|href| {
            href.strip_prefix("/konto/adressen/")
                .map(|id| id.split('/').next().unwrap_or(id).to_owned())
        })
        .filter(|id| id != "neu")
        .collect();
    ids.sort();
    ids.dedup();
    // a default address cannot be deleted
    if anna
        .get(&format!("/konto/adressen/{}/loeschen", ids[1]))
        .await
        .forms()
        .iter()
        .all(|f| !f.action.contains("loeschen"))
    {
        ids.swap(0, 1);
    }
    let mut ada = t.ada().await;
    let mails = ada.get("/desk/vorgaenge/mails").await.expect(200);
    let mail = mails
        .link("/desk/vorgaenge/mails/")
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let job = dead_job(t).await;
    Things {
        address: ids[0].clone(),
        spare_address: ids[1].clone(),
        thread: thread.rsplit('/').next().unwrap().to_owned(),
        mail,
        job,
    }
}

async fn dead_job(t: &TestApp) -> String {
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let id = jobs::enqueue(
        &mut tx,
        &ctx,
        &mail::SendMail {
            mail: mail::MailId(kernel::Uuid::nil()),
        },
    )
    .await
    .unwrap();
    tx.exec(
        db::sql!("UPDATE jobs SET state = 'dead' WHERE id = $1"),
        db::params![id],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

fn fixture(route: &RouteInfo, t: &TestApp, things: &Things) -> Option<Fixture> {
    const ADDRESS: &[(&str, &str)] = &[
        ("street", "Neue Gasse 3"),
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("country", "DE"),
    ];
    let pattern = route.pattern.as_str();
    let id = match pattern {
        p if p.starts_with("/konto/adressen/{id}/") => &things.spare_address,
        p if p.starts_with("/konto/adressen") => &things.address,
        p if p.contains("nachrichten") => &things.thread,
        p if p.starts_with("/desk/vorgaenge/mails") => &things.mail,
        p if p.starts_with("/desk/vorgaenge/jobs") => &things.job,
        _ => "",
    };
    let customer = t.cast.annas.to_string();
    let filled = match pattern.split_once('{').zip(pattern.split_once('}')) {
        Some(((before, _), (_, after))) => {
            let id = if pattern.starts_with("/desk/kunden") {
                customer.as_str()
            } else {
                id
            };
            format!("{before}{id}{after}")
        }
        None => pattern.to_owned(),
    };
    if route.method == Method::Get {
        return Some(at(filled));
    }
    Some(match pattern {
        "/konto/adressen/neu" | "/konto/adressen/{id}" => at(filled).fill(ADDRESS),
        "/konto/adressen/{id}/loeschen" => at(filled),
        "/konto/wechseln" => at(filled).from("/konto").fill_owned("id", customer.clone()),
        "/abmelden" => at(filled).from("/konto"),
        "/nachrichten/neu" => at(filled).fill(&[("text", "Noch eine Frage")]),
        "/nachrichten/{id}" | "/desk/nachrichten/{id}" => {
            at(filled).fill(&[("text", "Und noch etwas")])
        }
        "/nachrichten/{id}/schliessen" => {
            at(filled).from(format!("/nachrichten/{}", things.thread))
        }
        "/desk/nachrichten/{id}/schliessen" | "/desk/nachrichten/{id}/oeffnen" => {
            at(filled).from(format!("/desk/nachrichten/{}", things.thread))
        }
        "/desk/abmelden" => at(filled).from("/desk"),
        p if p.starts_with("/desk/vorgaenge/mails/{id}") => {
            at(filled).from(format!("/desk/vorgaenge/mails/{}", things.mail))
        }
        p if p.starts_with("/desk/vorgaenge/jobs/{id}") => at(filled).from("/desk/vorgaenge/jobs"),
        _ => return None,
    })
}

/// A form token of somebody's own.
async fn token(client: &mut Client, desk: bool) -> String {
    let (page, action) = if desk {
        ("/desk", "/desk/abmelden")
    } else {
        ("/nachrichten", "/abmelden")
    };
    let answer = client.get(page).await;
    let form = answer.form_to(action);
    form.fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .map(|(_, v)| v.clone())
        .unwrap()
}

async fn call(
    client: &mut Client,
    route: &RouteInfo,
    fixture: &Fixture,
    csrf: Option<&str>,
) -> u16 {
    match route.method {
        Method::Get => client
            .send("GET", &fixture.path, None)
            .await
            .status
            .as_u16(),
        Method::Post => {
            let mut fields = fixture.pairs();
            if let Some(csrf) = csrf {
                fields.push(("csrf", csrf));
            }
            client
                .post_raw(&fixture.path, &fields)
                .await
                .status
                .as_u16()
        }
    }
}

fn entitled(access: Access, person: &str) -> bool {
    let (desk, right) = match access {
        Access::Staff(right) => (true, right),
        Access::Member(right) => (false, Some(right)),
        Access::User => (false, None),
        Access::Open | Access::DeskOpen => return true,
    };
    let rights: Vec<String> = match person {
        "anna" => customers::rights::ALL
            .iter()
            .map(|r| r.0.to_owned())
            .collect(),
        "bernd" => vec!["account.view".into(), "addresses".into()],
        role => identity::Role::parse(role)
            .unwrap()
            .held()
            .iter()
            .map(str::to_owned)
            .collect(),
    };
    let portal = matches!(person, "anna" | "bernd");
    desk != portal && right.is_none_or(|right| rights.iter().any(|r| r == right.0))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_times_every_role() {
    let t = whole().await;
    let things = things(&t).await;
    let mut problems = Vec::new();
    let mut tried = BTreeMap::new();
    // what ends or moves the fixtures' things comes last
    let mut routes: Vec<RouteInfo> = t
        .app
        .routes()
        .iter()
        .filter(|r| !matches!(r.access, Access::Open | Access::DeskOpen))
        .cloned()
        .collect();
    routes.sort_by_key(|r| {
        (
            r.method == Method::Post,
            r.pattern.contains("loeschen"),
            r.pattern.contains("oeffnen"),
        )
    });
    for route in &routes {
        let desk = route.access.is_desk();
        let name = format!("{:?} {}", route.method, route.pattern);
        let Some(fixture) = fixture(route, &t, &things) else {
            problems.push(format!("{name}: no fixture"));
            continue;
        };
        let mut expect = |who: &str, status: u16, wanted: &[u16]| {
            if !wanted.contains(&status) {
                problems.push(format!("{name}: {who} got {status}, wanted {wanted:?}"));
            }
            *tried.entry(who.to_owned()).or_insert(0) += 1;
        };
        // nobody
        let status = call(&mut t.guest(), route, &fixture, None).await;
        expect("anonymous", status, &[303]);
        // a stranger: for a thing of Anna's the same answer as for a thing that does not exist
        if !desk {
            let mut fremd = t.fremd().await;
            let csrf = token(&mut fremd, false).await;
            let status = call(&mut fremd, route, &fixture, Some(&csrf)).await;
            let of_a_thing = route.pattern.contains('{') || route.pattern == "/konto/wechseln";
            let wanted: &[u16] = if of_a_thing { &[404] } else { &[200, 303, 422] };
            expect("stranger", status, wanted);
        }
        // signed in on the other side
        let mut other = if desk { t.anna().await } else { t.sven().await };
        expect(
            "other side",
            call(&mut other, route, &fixture, None).await,
            &[303],
        );
        // without the right
        let lacking: Vec<&str> = ["bernd", "support", "accounting", "editing"]
            .into_iter()
            .filter(|who| (*who == "bernd") != desk && !entitled(route.access, who))
            .collect();
        for who in lacking {
            let mut client = match who {
                "bernd" => t.bernd().await,
                "support" => t.sven().await,
                "accounting" => t.berta().await,
                _ => continue,
            };
            let csrf = if desk {
                token(&mut client, true).await
            } else {
                String::new()
            };
            expect(
                "without the right",
                call(&mut client, route, &fixture, Some(&csrf)).await,
                &[403],
            );
        }
        let mut owner = if desk { t.ada().await } else { t.anna().await };
        if route.method == Method::Post {
            expect(
                "without a token",
                call(&mut owner, route, &fixture, None).await,
                &[403],
            );
            expect(
                "with a wrong token",
                call(&mut owner, route, &fixture, Some("x.y")).await,
                &[403],
            );
        }
        // and the entitled person
        let status = match route.method {
            Method::Get => {
                let answer = owner.get(&fixture.path).await;
                answer.status.as_u16()
            }
            Method::Post => {
                let page = owner.get(&fixture.page).await;
                match page
                    .forms()
                    .into_iter()
                    .find(|f| f.post && f.action.split('?').next() == Some(&fixture.path))
                {
                    Some(form) => owner
                        .send_form(&form, &fixture.pairs())
                        .await
                        .status
                        .as_u16(),
                    // the switch stands only on the pages of people with several customers
                    None if route.pattern == "/konto/wechseln" => {
                        let csrf = token(&mut owner, false).await;
                        call(&mut owner, route, &fixture, Some(&csrf)).await
                    }
                    None => 0,
                }
            }
        };
        let wanted: &[u16] = if route.method == Method::Post {
            &[303]
        } else {
            &[200, 303]
        };
        expect("the entitled person", status, wanted);
    }
    t.run_jobs().await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        routes.len() >= 20 && tried["without the right"] >= 10,
        "{tried:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn get_and_head_change_nothing() {
    let t = whole().await;
    let things = things(&t).await;
    let before = fingerprint(&t).await;
    let routes: Vec<RouteInfo> = t.app.routes().to_vec();
    for route in routes.iter().filter(|r| r.method == Method::Get) {
        let Some(fixture) = fixture(route, &t, &things) else {
            continue;
        };
        for mut client in [t.anna().await, t.ada().await, t.guest()] {
            for method in ["GET", "HEAD"] {
                let answer = client.send(method, &fixture.path, None).await;
                assert!(answer.status.as_u16() < 500, "{method} {}", fixture.path);
                assert!(method == "GET" || answer.html.is_empty());
            }
        }
    }
    assert_eq!(before, fingerprint(&t).await);
}

/// Counts of the tables that acts write; sessions are the test's own.
async fn fingerprint(t: &TestApp) -> Vec<i64> {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (i64,),
        "SELECT COUNT(*) FROM audit UNION ALL SELECT COUNT(*) FROM mails UNION ALL SELECT COUNT(*) FROM addresses \
         UNION ALL SELECT COUNT(*) FROM tickets UNION ALL SELECT COUNT(*) FROM jobs UNION ALL SELECT COUNT(*) FROM links"
    );
    tx.all(stmt, db::params![])
        .await
        .unwrap()
        .into_iter()
        .map(|(n,)| n)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_protect_stand_on_every_answer() {
    let t = whole().await;
    let mut guest = t.guest();
    for path in [
        "/",
        "/anmelden",
        "/gibt-es-nicht",
        "/desk/anmelden",
        "/assets/nichts.css",
    ] {
        let answer = guest.get(path).await;
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
        };
        assert!(
            header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
    }
    let trace = guest.send("TRACE", "/anmelden", None).await;
    assert_eq!(trace.status.as_u16(), 405, "trace is refused");
    assert_eq!(guest.send("DELETE", "/", None).await.status.as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_get_a_clear_answer() {
    let t = whole().await;
    let mut guest = t.guest();
    // a body over the limit, by its length
    guest.get("/registrieren").await;
    let huge = vec![b'a'; (1 << 20) + 1];
    assert_eq!(
        guest
            .send("POST", "/registrieren", Some(huge))
            .await
            .status
            .as_u16(),
        413
    );
    // odd bytes, fields twice, cut cookies, a foreign origin
    let form = guest.get("/registrieren").await.form_with("email");
    let sent = guest
        .send_form(
            &form,
            &[
                ("first_name", "a\u{0}b"),
                ("last_name", "\u{202e}x"),
                ("email", "\r\nBcc: a@b.example"),
            ],
        )
        .await;
    assert_eq!(sent.status.as_u16(), 422);
    assert!(sent.html.contains("\u{202e}x"), "entries are kept");
    let csrf = form
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    let twice = guest
        .post_raw(
            "/registrieren",
            &[
                ("csrf", &csrf),
                ("email", "a@b.example"),
                ("email", "c@d.example"),
            ],
        )
        .await;
    assert_eq!(twice.status.as_u16(), 400);
    guest
        .headers
        .push(("origin".into(), "https://evil.test".into()));
    assert_eq!(
        guest
            .send_form(&form, &[("email", "a@b.example")])
            .await
            .status
            .as_u16(),
        403
    );
    guest.headers.clear();
    guest
        .headers
        .push(("sec-fetch-site".into(), "cross-site".into()));
    assert_eq!(
        guest
            .send_form(&form, &[("email", "a@b.example")])
            .await
            .status
            .as_u16(),
        403
    );
    guest.headers.clear();
    guest.headers.push(("host".into(), "evil.test".into()));
    guest
        .headers
        .push(("x-forwarded-host".into(), "evil.test".into()));
    let page = guest.get("/registrieren").await.expect(200);
    assert!(!page.html.contains("evil.test"), "Host is never used");
    guest.headers.clear();
    let mut anna = t.anna().await;
    let token = anna.cookies["tresen"].clone();
    for cut in [&token[..10], "", "x; y"] {
        anna.cookies.insert("tresen".into(), cut.into());
        assert_eq!(anna.get("/konto").await.status.as_u16(), 303, "{cut:?}");
    }
    for path in [
        "/konto/adressen/%00",
        "/nachrichten/nicht-da",
        "/konto/adressen/0190-",
        "/aktivieren/%ff%fe",
    ] {
        let status = t.anna().await.get(path).await.status.as_u16();
        assert!(matches!(status, 400 | 404 | 410), "{path}: {status}");
    }
}
