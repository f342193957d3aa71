//! Encoding and what a browser is told: every sample, every route.

use super::{attribute, drawn, fields, tags};
use crate::routes::{self, Things};
use crate::{parts, whole};
use std::collections::BTreeSet;
use testkit::{Answer, Client, Node, PASSWORD, TestApp};
use web::{Access, Method, Settings};

/// A node behind a certificate.
async fn encrypted(t: &TestApp) -> Node {
    let settings = Settings {
        public_url: "https://portal.nordlicht.example".into(),
        ..Settings::example()
    };
    let (modules, state) = parts();
    t.node_with(settings, modules, state).await
}

/// Answers of every kind: each page, refused posts, what does not exist, files, redirects.
async fn answers(t: &TestApp, guest: &Client, things: &Things) -> Vec<(String, Answer)> {
    let mut all = Vec::new();
    for route in t.app.routes().to_vec() {
        let Some(fixture) = routes::fixture(&route, t, things) else {
            continue;
        };
        let mut client = guest.clone();
        let person = match route.access {
            Access::Open | Access::DeskOpen => None,
            access if access.is_desk() => Some(t.ada().await),
            _ => Some(t.anna().await),
        };
        for (name, value) in person.into_iter().flat_map(|p| p.cookies) {
            client.cookies.insert(name.clone(), value.clone());
            client.cookies.insert(format!("__Host-{name}"), value);
        }
        let method = match route.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let body = (route.method == Method::Post).then(|| b"x=1".to_vec());
        let answer = client.send(method, &fixture.path, body).await;
        all.push((format!("{method} {}", fixture.path), answer));
    }
    let mut guest = guest.clone();
    let sheet = guest.get("/anmelden").await.link("/assets/");
    for (method, path) in [
        ("GET", sheet.as_str()),
        ("HEAD", "/"),
        ("GET", "/gibt-es-nicht"),
        ("GET", "/desk/gibt-es-nicht"),
        ("GET", "/assets/nichts.css"),
        ("GET", "/nachrichten/%ff"),
        ("PUT", "/anmelden"),
        ("OPTIONS", "/anmelden"),
        ("GET", "/konto"),
        ("GET", "/desk"),
        ("GET", "/sprache?auf=en&zu=%2F"),
    ] {
        let answer = guest.send(method, path, None).await;
        all.push((format!("{method} {path}"), answer));
    }
    assert!(all.len() > 40, "{}", all.len());
    all
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_1_1_decode_once_percent_html_mime() {
    let t = whole().await;
    let mut anna = t.anna().await;
    for typed in [
        "%2541%27",
        "&amp;lt;b&amp;gt;",
        "&lt;b&gt;",
        "=?utf-8?q?=41?=",
        "=41=0D=0A",
        "a+b%20c",
        "\\u0041",
    ] {
        let sent = anna.fill("/nachrichten/neu", &[("text", typed)]).await;
        let page = anna.follow(sent).await.expect(200);
        let shown = page.html.contains(&escaped(typed));
        assert!(shown, "{typed} in {}", page.text());
    }
    // an address is decoded once, too
    anna.get("/nachrichten/%252e%252e").await.expect(404);
    t.run_jobs().await;
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_2_2_links_allow_only_http_https_mailto_tel() {
    let t = whole().await;
    for (name, html) in drawn(&t) {
        for tag in tags(&html) {
            for kind in ["href", "src", "action", "formaction", "poster", "data"] {
                let Some(target) = attribute(tag, kind) else {
                    continue;
                };
                let fits = ["/", "#", "?", "https://", "http://", "mailto:", "tel:"]
                    .iter()
                    .any(|start| target.starts_with(start))
                    || (kind == "src" && target.starts_with("data:image/"))
                    || (kind == "action" && target.is_empty());
                // a file made of what stands on the page itself
                let own = tag.contains(" download=\"") && target.starts_with("data:text/plain,");
                // where a mail's link goes is not known before it is sent
                let slot = name.contains("/mail/") && target.starts_with("{{slot:");
                assert!(fits || slot || own, "{name}: {kind}={target}");
            }
        }
    }
}

/// Data for scripts stands in attributes, which are escaped as all others; there is no inline script to break out of.
#[tokio::test(flavor = "multi_thread")]
async fn v1_2_3_json_in_pages_cannot_break_out() {
    let t = whole().await;
    for (name, html) in drawn(&t) {
        for script in html.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            let inside = rest.split("</script").next().unwrap_or_default();
            assert!(tag.contains("src=\"/assets/"), "{name}: <script{tag}>");
            assert_eq!(inside.trim(), "", "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_2_3_no_third_party_requests() {
    let t = whole().await;
    for (name, html) in drawn(&t) {
        for tag in tags(&html) {
            let loads = ["script", "img", "link", "iframe", "source", "video", "use"]
                .iter()
                .any(|element| tag.starts_with(element));
            for kind in ["src", "srcset", "href", "poster", "background"] {
                let target = attribute(tag, kind).unwrap_or_default();
                let foreign = target.contains("//") && !target.starts_with("data:");
                assert!(!loads || !foreign, "{name}: <{tag}>");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_2_1_no_secret_in_urls() {
    let t = whole().await;
    for (name, html) in drawn(&t) {
        for form in html.split("<form").skip(1) {
            let (tag, inside) = form.split_once('>').unwrap();
            let inside = inside.split("</form").next().unwrap_or_default();
            let secret = inside.contains("type=\"password\"") || inside.contains("name=\"csrf\"");
            let post = attribute(tag, "method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
            assert!(post || !secret, "{name}: <form{tag}>");
        }
    }
    // signing in leads nowhere with anything secret in the address
    let mut anna = t.guest();
    let fill = [("login", "anna@adler.example"), ("password", PASSWORD)];
    let answer = anna.fill("/anmelden?weiter=%2Fkonto", &fill).await;
    let place = answer.expect(303).location().to_owned();
    assert!(!place.contains(&anna.cookies["tresen"]) && !place.contains("Pferde"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v3_4_1_hsts_on_every_response() {
    let t = whole().await;
    let node = encrypted(&t).await;
    for (what, answer) in answers(&t, &node.guest(), &routes::things(&t).await).await {
        let hsts = header(&answer, "strict-transport-security");
        let age = hsts
            .split(';')
            .find_map(|part| part.trim().strip_prefix("max-age="))
            .and_then(|age| age.parse::<u64>().ok());
        assert!(age >= Some(365 * 86_400), "{what}: {hsts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v3_4_2_cors_origin_is_fixed() {
    let t = whole().await;
    let mut guest = t.guest();
    let things = routes::things(&t).await;
    for origin in ["https://evil.test", "null", "http://localhost:8080"] {
        guest.headers = vec![("origin".into(), origin.into())];
        for (what, answer) in answers(&t, &guest, &things).await {
            let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            let opened = names.iter().any(|n| n.starts_with("access-control-"));
            assert!(!opened, "{what}: {names:?}");
        }
        t.wait(std::time::Duration::from_secs(3600));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v3_4_3_to_6_csp_nosniff_referrer_and_frames_on_every_response() {
    let t = whole().await;
    for (what, answer) in answers(&t, &t.guest(), &routes::things(&t).await).await {
        let policy = header(&answer, "content-security-policy");
        // what others sent us runs nothing and reaches nothing
        let rules: &[&str] = if policy.contains("; sandbox") {
            &[
                "default-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        } else {
            &[
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ]
        };
        for rule in rules {
            assert!(policy.contains(rule), "{what}: {policy:?}");
        }
        assert!(!policy.contains("script-src 'unsafe"), "{what}");
        assert_eq!(
            header(&answer, "x-content-type-options"),
            "nosniff",
            "{what}"
        );
        let referrer = header(&answer, "referrer-policy");
        assert!(
            matches!(referrer, "same-origin" | "no-referrer"),
            "{what}: {referrer}"
        );
    }
}

/// Every page is kept from every cache; files that are the same for all may be kept.
#[tokio::test(flavor = "multi_thread")]
async fn v14_2_2_no_sensitive_answer_in_shared_caches() {
    let t = whole().await;
    let mut files = 0;
    for (what, answer) in answers(&t, &t.guest(), &routes::things(&t).await).await {
        let cache = header(&answer, "cache-control");
        if what.starts_with("GET /assets/") && answer.status.is_success() {
            files += 1;
        } else {
            assert_eq!(cache, "no-store", "{what}");
        }
    }
    assert_eq!(files, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v3_3_1_to_4_cookies_are_secure_prefixed_lax_and_closed_to_scripts() {
    let t = whole().await;
    let node = encrypted(&t).await;
    let mut lines = BTreeSet::new();
    let mut note = |answer: &Answer| {
        for value in answer.headers.get_all("set-cookie") {
            lines.insert(value.to_str().unwrap().to_owned());
        }
    };
    let mut anna = node.guest();
    note(&anna.get("/sprache?auf=en&zu=%2F").await);
    let page = anna.get("/anmelden").await;
    note(&page);
    let fill = [("login", "anna@adler.example"), ("password", PASSWORD)];
    let form = page.form_with("login");
    note(&anna.send_form(&form, &fill).await.expect(303));
    let written = anna.fill("/nachrichten/neu", &[("text", "Hallo")]).await;
    note(&written);
    note(&anna.get(written.location()).await);
    note(&anna.press("/konto", "/abmelden").await);
    let mut sven = node.guest();
    let fill = [("email", "sven@nordlicht.example"), ("password", PASSWORD)];
    note(&sven.get("/desk/anmelden").await);
    note(&sven.fill("/desk/anmelden", &fill).await.expect(303));
    let mut named = BTreeSet::new();
    for line in &lines {
        let (name, rest) = line.split_once('=').unwrap();
        named.insert(name);
        assert!(name.starts_with("__Host-"), "{line}");
        for word in ["; Secure", "; HttpOnly", "; SameSite=", "; Path=/"] {
            assert!(rest.contains(word), "{line}");
        }
        assert!(!rest.contains("Domain"), "{line}");
    }
    assert!(
        named.contains("__Host-tresen") && named.contains("__Host-tresen-desk") && named.len() >= 4,
        "{named:?}"
    );
    // the session's token stands in its cookie and nowhere else
    let mut anna = t.anna().await;
    let token = anna.cookies["tresen"].clone();
    for path in ["/", "/konto", "/nachrichten/neu"] {
        assert!(!anna.get(path).await.html.contains(&token), "{path}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_3_1_logout_clears_site_data() {
    let t = whole().await;
    for (mut client, page, action) in [
        (t.anna().await, "/konto", "/abmelden"),
        (t.sven().await, "/desk", "/desk/abmelden"),
    ] {
        let out = client.press(page, action).await.expect(303);
        assert!(header(&out, "clear-site-data").contains("\"cache\""));
        assert!(
            !client.cookies.contains_key("tresen") && !client.cookies.contains_key("tresen-desk")
        );
        client.get(page).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v7_4_4_logout_is_on_every_page() {
    let t = whole().await;
    let things = routes::things(&t).await;
    let mut seen = 0;
    for route in t.app.routes().to_vec() {
        let needs = !matches!(route.access, Access::Open | Access::DeskOpen);
        if route.method != Method::Get || !needs {
            continue;
        }
        let Some(fixture) = routes::fixture(&route, &t, &things) else {
            continue;
        };
        let desk = route.access.is_desk();
        let mut client = if desk { t.ada().await } else { t.anna().await };
        let answer = client.send("GET", &fixture.path, None).await;
        // parts of pages and files have no frame
        let sandboxed = header(&answer, "content-security-policy").contains("; sandbox");
        if answer.status.as_u16() != 200 || !answer.html.contains("<html") || sandboxed {
            continue;
        }
        let out = if desk { "/desk/abmelden" } else { "/abmelden" };
        let has = answer.forms().iter().any(|f| f.post && f.action == out);
        assert!(has, "{}", fixture.path);
        seen += 1;
    }
    assert!(seen >= 15, "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_2_1_each_field_has_allow_rule() {
    let t = whole().await;
    let fields = fields(&t);
    assert!(fields.len() > 20, "{}", fields.len());
    for (label, field) in fields {
        // a choice takes its options only, a box its one word; what is typed has a kind and an end
        if matches!(field.kind.as_str(), "files" | "held") {
            // how many and how large is told for all forms at once (`web::upload`)
            continue;
        }
        assert!((1..=100_000).contains(&field.max), "{label}: {}", field.max);
        let known = [
            "line",
            "text",
            "concealed",
            "email",
            "password",
            "phone",
            "select",
            "radio",
            "tick",
            "number",
            "date",
        ];
        assert!(
            known.contains(&field.kind.as_str()),
            "{label}: {}",
            field.kind
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_6_and_7_passwords_are_masked_and_managers_work() {
    let t = whole().await;
    let mut seen = 0;
    for (name, html) in drawn(&t) {
        for tag in tags(&html).filter(|tag| tag.starts_with("input ")) {
            let field = attribute(tag, "name").unwrap_or_default();
            if !field.contains("password") || attribute(tag, "type") == Some("checkbox") {
                continue;
            }
            assert_eq!(attribute(tag, "type"), Some("password"), "{name}: <{tag}>");
            let help = attribute(tag, "autocomplete").unwrap_or_default();
            assert!(
                matches!(help, "current-password" | "new-password"),
                "{name}: <{tag}>"
            );
            assert!(
                attribute(tag, "value").unwrap_or_default().is_empty(),
                "{name}"
            );
            assert!(
                !tag.contains("onpaste") && !tag.contains("readonly"),
                "{name}"
            );
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
}
