//! The desk in a browser without a screen: cookies are kept, forms are filled by name.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use db::testing::TestDb;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use identity::Hasher;
use kernel::{Ctx, Moment, Uuid, World};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;
use web::{Access, App, Gate, MemberSession, Module, Parts, Settings, StaffSession};

struct DeskGate;

impl Gate for DeskGate {
    fn member<'a>(
        &'a self,
        _: &'a mut db::Tx,
        _: [u8; 32],
        _: Moment,
    ) -> BoxFuture<'a, db::Result<Option<MemberSession>>> {
        Box::pin(async { Ok(None) })
    }
    fn staff<'a>(
        &'a self,
        tx: &'a mut db::Tx,
        token: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, db::Result<Option<StaffSession>>> {
        Box::pin(identity::staff_session(tx, token, now))
    }
    fn touch<'a>(
        &'a self,
        tx: &'a mut db::Tx,
        ctx: &'a Ctx,
        session: Uuid,
        _: bool,
    ) -> BoxFuture<'a, db::Result<()>> {
        Box::pin(identity::staff::touch(tx, session, ctx.now))
    }
}

async fn inside(cx: web::Staff) -> web::Result {
    Ok(web::redirect(&format!("/seen/{}", cx.staff)))
}

pub struct Desk {
    pub db: TestDb,
    pub world: World,
    pub app: App,
    pub router: axum::Router,
}

impl Desk {
    pub async fn new() -> Self {
        let (db, world) = crate::database().await;
        let desk = Module::new("desk").get(web::DESK, Access::any_staff(), inside);
        let parts = Parts {
            db: db.counted(),
            world: world.clone(),
            settings: Settings::example(),
            gate: Box::new(DeskGate),
            modules: vec![identity::module(), desk],
            state: vec![Arc::new(Hasher::for_tests())],
            wake: Box::new(|| {}),
        };
        let (app, router) = App::build(parts).expect("parts that fit");
        Desk {
            db,
            world,
            app,
            router,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
        }
    }
}

#[derive(Clone)]
pub struct Browser {
    router: axum::Router,
    pub cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub html: String,
}

impl Browser {
    pub async fn get(&mut self, url: &str) -> Answer {
        self.send("GET", url, String::new()).await
    }

    /// Fills the form at `url` and sends it, as a person does.
    pub async fn fill(&mut self, url: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(url).await;
        self.send_form(url, &page.html, fields).await
    }

    pub async fn send_form(&mut self, url: &str, html: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for name in ["csrf", "key"] {
            body.append_pair(name, hidden(html, name));
        }
        body.extend_pairs(fields);
        self.send("POST", url, body.finish()).await
    }

    async fn send(&mut self, method: &str, url: &str, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT_LANGUAGE, "de")
            .body(Body::from(body))
            .expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        for line in response.headers().get_all(header::SET_COOKIE) {
            let pair = line
                .to_str()
                .expect("a cookie in ASCII")
                .split(';')
                .next()
                .expect("a cookie");
            let (name, value) = pair.split_once('=').expect("a cookie with a value");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|v| v.to_str().expect("a place in ASCII").to_owned());
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        Answer {
            status,
            location: location.unwrap_or_default(),
            html: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

fn hidden<'a>(html: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    html.split_once(&start)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("", |(value, _)| value)
}
