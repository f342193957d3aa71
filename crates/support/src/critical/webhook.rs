//! A call to another system: signed, told once at least, and never led into our own network.
//!
//! What is sent names the ticket by number and link, and says nothing of what stands in it. The signature is that of
//! Standard Webhooks: the receiver checks `webhook-signature` with the key it was given, and knows by `webhook-id` what
//! comes twice.

use super::store::{self, CallId, StepId};
use crate::secret::desk::DESK_TICKET;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::Tx;
use hmac::{Hmac, KeyInit, Mac};
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::{Ctx, Moment, Secret, World};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// How long an answer may take, from the name's look-up on.
const PATIENCE: Duration = Duration::from_secs(10);
const KEY_PREFIX: &str = "whsec_";

/// Where webhooks may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Into private networks and without TLS, too: for receivers in the operator's own house.
    pub private: bool,
}

impl Reach {
    pub(crate) fn in_force(app: &web::App) -> Self {
        app.state::<Reach>()
            .map_or(Reach::default(), |reach| *reach)
    }
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No address of the web, or one with a name and password in it.
    Address,
    /// Without TLS.
    Plain,
    /// Into a network of our own.
    Private,
}

/// Reads an address as it was entered.
///
/// # Errors
/// Why it is not taken.
pub fn parse(typed: &str, reach: Reach) -> Result<Url, Unfit> {
    let url = Url::parse(typed.trim()).map_err(|_| Unfit::Address)?;
    let host = url.host_str().ok_or(Unfit::Address)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Unfit::Address);
    }
    match url.scheme() {
        "https" => {}
        "http" if reach.private => {}
        "http" => return Err(Unfit::Plain),
        _ => return Err(Unfit::Address),
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    let inside = match literal.parse() {
        Ok(ip) => !is_public(ip),
        Err(_) => literal == "localhost" || literal.ends_with(".localhost"),
    };
    if inside && !reach.private {
        return Err(Unfit::Private);
    }
    Ok(url)
}

/// The host of an address, for lists: the rest of it may be a secret.
pub fn host(target: &str) -> String {
    let url = Url::parse(target).ok();
    url.and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Whether an address lies in the open internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let low = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    // addresses that carry one of the old kind in them
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match (a, b) {
        (0x64, 0xff9b) => return (c, d, e, f) == (0, 0, 0, 0) && low(g, h),
        (0x2002, high) => return low(high, c),
        _ => {}
    }
    // 2000::/3 is all that was given out, but for tunnels and examples
    (a & 0xe000) == 0x2000
        && !(a == 0x2001 && b < 0x200)
        && !(a == 0x2001 && b == 0xdb8)
        && a != 0x3fff
}

/// Gives the client only such addresses as it may go to: what is asked here is what it connects to.
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let fit: Vec<_> = found
                .into_iter()
                .filter(|at| reach.private || is_public(at.ip()))
                .collect();
            if fit.is_empty() {
                return Err("the name leads into a private network, or nowhere".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

fn client(reach: Reach) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .dns_resolver(Guarded(reach))
        .connect_timeout(PATIENCE / 2)
        .timeout(PATIENCE)
        .user_agent("Tresen")
        .build()
}

pub(crate) fn key_place(step: StepId) -> String {
    format!("escalation_steps/{step}/key")
}

/// A new key for the receiver, and how it is stored.
pub fn new_key(world: &World, step: StepId) -> web::Result<(Secret, Vec<u8>)> {
    let key: [u8; 32] = world.bytes();
    let sealed = world
        .seal(&key_place(step), &key)
        .map_err(web::Error::internal)?;
    Ok((
        Secret::new(format!("{KEY_PREFIX}{}", STANDARD.encode(key))),
        sealed,
    ))
}

/// What `webhook-signature` carries.
fn signature(key: &[u8], id: &str, at: Moment, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    let seconds = at.timestamp().as_second();
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    number: i64,
    priority: &'a str,
    emergency: &'a str,
    /// From 1.
    call: i64,
    url: String,
}

/// Sends one call's webhook.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Deliver {
    pub call: CallId,
}

struct Message {
    url: Url,
    key: Vec<u8>,
    body: String,
}

impl Job for Deliver {
    const KIND: &'static str = "support.escalation-webhook";
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(5), Duration::from_secs(60)).attempts(8);
    const OUTSIDE: bool = true;

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = web::LateApp::of(cx) else {
            return Outcome::Retry("the application is not there yet".into());
        };
        let reach = Reach::in_force(&app);
        let message = match self.message(cx, &app, reach).await {
            Ok(Ok(Some(message))) => message,
            Ok(Ok(None)) => return Outcome::Done,
            Ok(Err(reason)) => return Outcome::GiveUp(reason.into()),
            Err(error) => return Outcome::Retry(error.to_string()),
        };
        let now = cx.now();
        match post(&message, self.call, now.now, reach).await {
            Ok(()) => self.note(cx, "sent").await.into(),
            Err(reason) => Outcome::Retry(reason),
        }
    }

    async fn dead(self, tx: &mut Tx, _: &Ctx, _: &str) -> db::Result<()> {
        store::set_call(tx, self.call, "failed").await
    }
}

impl Deliver {
    /// What is to be sent; nothing when it was.
    async fn message(
        self,
        cx: &JobCx,
        app: &web::App,
        reach: Reach,
    ) -> db::Result<Result<Option<Message>, &'static str>> {
        let mut tx = cx.db.read().await?;
        let Some(call) = store::call(&mut tx, self.call).await? else {
            return Ok(Ok(None));
        };
        if call.state == "sent" {
            return Ok(Ok(None));
        }
        let escalation = store::one(&mut tx, call.escalation_id).await?;
        let step = match call.step_id {
            Some(id) => match store::step(&mut tx, id).await {
                Ok(step) => step,
                Err(db::Error::Missing) => return Ok(Err("this step is there no more")),
                Err(error) => return Err(error),
            },
            None => return Ok(Err("this step is there no more")),
        };
        drop(tx);
        let Ok(url) = parse(step.target.as_deref().unwrap_or_default(), reach) else {
            return Ok(Err("the address is not allowed"));
        };
        let sealed = step.sealed_key.unwrap_or_default();
        let Ok(key) = cx.ctx.world.open(&key_place(step.id), &sealed) else {
            return Ok(Err("the key of this webhook does not open"));
        };
        let body = Body {
            r#type: "ticket.critical",
            timestamp: kernel::iso(escalation.started_at),
            data: Data {
                number: escalation.number,
                priority: "critical",
                emergency: escalation.emergency.as_str(),
                call: call.step + 1,
                url: app.absolute(&DESK_TICKET.to(escalation.ticket_id)),
            },
        };
        match serde_json::to_string(&body) {
            Ok(body) => Ok(Ok(Some(Message { url, key, body }))),
            Err(_) => Ok(Err("the call cannot be written")),
        }
    }

    async fn note(self, cx: &JobCx, state: &str) -> db::Result<()> {
        let mut tx = cx.db.begin().await?;
        store::set_call(&mut tx, self.call, state).await?;
        tx.commit().await
    }
}

/// Nothing of an answer is read but its first line; a redirect is a refusal.
async fn post(message: &Message, call: CallId, now: Moment, reach: Reach) -> Result<(), String> {
    // what an error says may hold the address, which may hold a secret
    let plain = |error: reqwest::Error| error.without_url().to_string();
    let id = call.to_string();
    let signature = signature(&message.key, &id, now, &message.body).unwrap_or_default();
    let answer = client(reach)
        .map_err(plain)?
        .post(message.url.clone())
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now.timestamp().as_second())
        .header("webhook-signature", signature)
        .body(message.body.clone())
        .send()
        .await
        .map_err(plain)?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(format!("answered {}", answer.status().as_u16()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_macro_webhook_ssrf_addresses_of_our_own_are_refused() {
        let strict = Reach::default();
        for (typed, wanted) in [
            ("https://hooks.example.com/x?y=z", None),
            ("https://93.184.216.34/x", None),
            ("https://[2a00:1450:4001::1]/x", None),
            ("http://hooks.example.com/", Some(Unfit::Plain)),
            ("https://127.0.0.1/", Some(Unfit::Private)),
            ("https://2130706433/", Some(Unfit::Private)),
            ("https://0x7f.1/", Some(Unfit::Private)),
            ("https://0/", Some(Unfit::Private)),
            (
                "https://169.254.169.254/latest/meta-data",
                Some(Unfit::Private),
            ),
            ("https://10.0.0.1/", Some(Unfit::Private)),
            ("https://192.168.1.1:8443/", Some(Unfit::Private)),
            ("https://100.64.0.1/", Some(Unfit::Private)),
            ("https://[::1]/", Some(Unfit::Private)),
            ("https://[::ffff:127.0.0.1]/", Some(Unfit::Private)),
            ("https://[::127.0.0.1]/", Some(Unfit::Private)),
            ("https://[64:ff9b::7f00:1]/", Some(Unfit::Private)),
            ("https://[2002:7f00:1::]/", Some(Unfit::Private)),
            ("https://[fe80::1]/", Some(Unfit::Private)),
            ("https://[fd00::1]/", Some(Unfit::Private)),
            ("https://localhost/", Some(Unfit::Private)),
            ("https://a.localhost/", Some(Unfit::Private)),
            (
                "https://anna:geheim@hooks.example.com/",
                Some(Unfit::Address),
            ),
            ("gopher://hooks.example.com/", Some(Unfit::Address)),
            ("file:///etc/passwd", Some(Unfit::Address)),
            ("hooks.example.com", Some(Unfit::Address)),
            ("", Some(Unfit::Address)),
        ] {
            assert_eq!(parse(typed, strict).err(), wanted, "{typed}");
        }
        let open = Reach { private: true };
        assert!(parse("http://127.0.0.1:9000/x", open).is_ok());
        assert!(parse("file:///etc/passwd", open).is_err());
        assert_eq!(
            host("https://hooks.example.com/secret"),
            "hooks.example.com"
        );
    }

    #[tokio::test]
    async fn abuse_macro_webhook_ssrf_a_name_that_leads_inside_is_refused_at_connect() {
        let found = Guarded(Reach::default())
            .resolve("localhost".parse().unwrap())
            .await;
        assert!(found.is_err());
        let found = Guarded(Reach { private: true })
            .resolve("localhost".parse().unwrap())
            .await;
        assert!(found.is_ok_and(|mut all| all.next().is_some()));
    }

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn sup_4_calls_are_signed_as_others_check_it() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Moment::from_micros(1_614_265_330_000_000);
        let signed = signature(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            "{\"test\": 2432232314}",
        );
        assert_eq!(
            signed.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
    }
}
