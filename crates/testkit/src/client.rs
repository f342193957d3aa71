//! A browser without a screen: cookies, forms, links.

use crate::html::{self, PageForm};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt;

/// What people typed into forms, for tests that tell their words from ours.
#[derive(Clone, Default)]
pub(crate) struct Typed(Arc<Mutex<Vec<String>>>);

impl Typed {
    fn note(&self, text: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(text.to_owned());
    }
    pub(crate) fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

const BORDER: &str = "----grenze-im-test-5417";

/// As a browser writes it: fields, then the files under the name `files`.
/// `files`: field, name and content.
fn multipart(fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let escaped = |name: &str| {
        name.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!(
                "--{BORDER}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .as_bytes(),
        );
    }
    // a browser sends an empty part where nothing was chosen
    let none: &[(&str, &str, &[u8])] = &[("files", "", b"")];
    for (field, name, content) in if files.is_empty() { none } else { files } {
        let name = escaped(name);
        body.extend_from_slice(
            format!(
                "--{BORDER}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BORDER}--\r\n").as_bytes());
    body
}

/// Statements a page may run.
const QUERIES: u64 = 8;

/// One browser.
#[derive(Clone)]
pub struct Client {
    router: axum::Router,
    db: db::Db,
    typed: Typed,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(String, String)>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
    /// What came, where it is no page.
    pub bytes: Vec<u8>,
    /// Statements that ran.
    pub queries: u64,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }
    /// The page's words.
    pub fn text(&self) -> String {
        html::text_of(&self.html)
    }
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }
    pub fn forms(&self) -> Vec<PageForm> {
        html::forms(&self.html)
    }
    /// The form with this field.
    pub fn form_with(&self, field: &str) -> PageForm {
        self.forms()
            .into_iter()
            .find(|f| f.post && f.names.iter().any(|n| n == field))
            .unwrap_or_else(|| panic!("no form with {field} on: {}", self.text()))
    }
    /// The form that posts to this path.
    pub fn form_to(&self, action: &str) -> PageForm {
        self.forms()
            .into_iter()
            .find(|f| f.post && f.action == action)
            .unwrap_or_else(|| panic!("no form to {action} on: {}", self.text()))
    }
    /// The first link whose address starts so.
    pub fn link(&self, start: &str) -> String {
        self.links(start)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no link {start}… on: {}", self.text()))
    }
    pub fn links(&self, start: &str) -> Vec<String> {
        self.html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(html::unescape)
            .filter(|href| href.starts_with(start))
            .collect()
    }
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{} {}",
            self.location(),
            self.text()
        );
        self
    }
    /// A redirect to this place.
    #[track_caller]
    pub fn leads_to(self, place: &str) -> Self {
        let text = self.text();
        assert_eq!(
            (self.status.as_u16(), self.location()),
            (303, place),
            "{text}"
        );
        self
    }
}

impl Client {
    pub(crate) fn new(router: axum::Router, db: db::Db, typed: Typed) -> Self {
        Client {
            router,
            db,
            typed,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    /// The same browser, led to another node.
    pub fn at(&self, node: &crate::Node) -> Self {
        Client {
            router: node.router.clone(),
            db: node.db.clone(),
            typed: self.typed.clone(),
            cookies: self.cookies.clone(),
            headers: self.headers.clone(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.send("GET", path, None).await;
        assert!(
            answer.queries <= QUERIES,
            "{path}: {} statements",
            answer.queries
        );
        answer
    }

    /// Posts exactly these fields.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send("POST", path, Some(body.into_bytes())).await
    }

    /// Sends a form as it stood on its page, with these fields filled in. An empty value of a box unticks it.
    pub async fn send_form(&mut self, form: &PageForm, fill: &[(&str, &str)]) -> Answer {
        self.send_files(form, fill, &[]).await
    }

    /// As [`Client::send_form`], with files: name and content. A form that takes none sends none.
    pub async fn send_files(
        &mut self,
        form: &PageForm,
        fill: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let files: Vec<_> = files
            .iter()
            .map(|(name, content)| ("files", *name, *content))
            .collect();
        self.send_parts(form, fill, &files).await
    }

    /// As [`Client::send_files`], each file in a field of its own: field, name and content.
    pub async fn send_parts(
        &mut self,
        form: &PageForm,
        fill: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let mut fields: Vec<(String, String)> = form
            .fields
            .iter()
            .filter(|(n, _)| !fill.iter().any(|(f, _)| f == n))
            .cloned()
            .collect();
        fields.extend(fill.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        fill.iter().for_each(|(_, v)| self.typed.note(v));
        if form.multipart {
            let body = multipart(&fields, files);
            let kind = format!("multipart/form-data; boundary={BORDER}");
            return self.send_as("POST", &form.action, Some(body), &kind).await;
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send("POST", &form.action, Some(body.into_bytes()))
            .await
    }

    /// Opens a page, fills in the form that has the first of these fields, and sends it.
    pub async fn fill(&mut self, path: &str, fill: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await.expect(200);
        let form = page.form_with(fill.first().expect("a field to fill in").0);
        self.send_form(&form, fill).await
    }

    /// Opens a page and presses the button of the form that posts to `action`.
    pub async fn press(&mut self, path: &str, action: &str) -> Answer {
        let form = self.get(path).await.expect(200).form_to(action);
        self.send_form(&form, &[]).await
    }

    /// Follows one redirect.
    pub async fn follow(&mut self, answer: Answer) -> Answer {
        let place = answer.expect(303).location().to_owned();
        self.get(&place).await
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answer {
        self.send_as(method, path, body, "application/x-www-form-urlencoded")
            .await
    }

    /// A body of any kind.
    pub async fn send_as(
        &mut self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        kind: &str,
    ) -> Answer {
        let before = self.db.queries();
        let mut request = Request::builder().method(method).uri(path);
        if !self.cookies.is_empty() {
            let line: Vec<String> = self
                .cookies
                .iter()
                .map(|(n, v)| format!("{n}={v}"))
                .collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request
            .body(Body::from(body.unwrap_or_default()))
            .expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("routers answer");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().expect("cookies are text"));
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
            queries: self.db.queries() - before,
        }
    }

    fn keep(&mut self, line: &str) {
        let (name, rest) = line.split_once('=').expect("a cookie has a name");
        let value = rest.split(';').next().unwrap_or_default();
        if rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
