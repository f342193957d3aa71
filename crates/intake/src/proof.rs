//! What a mail proves of its sender: only what the operator's own border server found out counts (RFC 8601).

use crate::head::Head;
use serde::{Deserialize, Serialize};

/// How sure it is that the sender is who they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    Proven,
    Unproven,
    /// The domain's owner says that this is not theirs.
    Failed,
}

/// Judges by the `Authentication-Results` fields of `authserv`; those of others are nobody's word. With an empty
/// `authserv` nothing is ever proven. `domain` is that of the one From address.
pub fn of(head: &Head, authserv: &str, domain: Option<&str>) -> Proof {
    let Some(domain) = domain.filter(|_| !authserv.is_empty()) else {
        return Proof::Unproven;
    };
    let mut aligned = false;
    let mut dmarc = None;
    for field in head.all("authentication-results") {
        let Some(results) = results_of(field, authserv) else {
            continue;
        };
        for result in &results {
            match (result.method.as_str(), result.verdict.as_str()) {
                ("dmarc", "fail" | "permerror") => return Proof::Failed,
                ("dmarc", "pass") => {
                    let about = result.property("header.from");
                    // what was judged must be the address that counts
                    dmarc = Some(about.is_none_or(|about| about.eq_ignore_ascii_case(domain)));
                }
                ("dkim", "pass") => {
                    let signer = result.property("header.d").or_else(|| {
                        result
                            .property("header.i")
                            .map(|i| i.rsplit_once('@').map_or(i, |(_, d)| d))
                    });
                    aligned |= signer.is_some_and(|signer| is_aligned(domain, signer));
                }
                ("spf", "pass") => {
                    let from = result.property("smtp.mailfrom");
                    let from = from.map(|from| from.rsplit_once('@').map_or(from, |(_, d)| d));
                    aligned |= from.is_some_and(|from| is_aligned(domain, from));
                }
                _ => {}
            }
        }
    }
    match dmarc {
        Some(true) => Proof::Proven,
        Some(false) => Proof::Unproven,
        None if aligned => Proof::Proven,
        None => Proof::Unproven,
    }
}

/// Whether `signer` is the domain or one above it; a single label is none.
fn is_aligned(domain: &str, signer: &str) -> bool {
    let (domain, signer) = (
        domain.to_ascii_lowercase(),
        signer.trim_matches('.').to_ascii_lowercase(),
    );
    signer.contains('.') && (domain == signer || domain.ends_with(&format!(".{signer}")))
}

struct Finding {
    method: String,
    verdict: String,
    properties: Vec<(String, String)>,
}

impl Finding {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The findings in a field of `authserv`, comments left out.
fn results_of(field: &str, authserv: &str) -> Option<Vec<Finding>> {
    let field = without_comments(field);
    let mut parts = field.split(';');
    let server = parts.next()?.split_whitespace().next()?;
    if !server.eq_ignore_ascii_case(authserv) {
        return None;
    }
    let findings = parts.filter_map(|part| {
        let mut words = part.split_whitespace();
        let (method, verdict) = words.next()?.split_once('=')?;
        // a version may stand behind the method
        let method = method.split('/').next().unwrap_or(method);
        let properties = words
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| {
                (
                    name.to_ascii_lowercase(),
                    value.trim_matches(['"', '<', '>']).to_ascii_lowercase(),
                )
            })
            .collect();
        Some(Finding {
            method: method.to_ascii_lowercase(),
            verdict: verdict.to_ascii_lowercase(),
            properties,
        })
    });
    Some(findings.collect())
}

fn without_comments(text: &str) -> String {
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted && depth > 0 => depth -= 1,
            // what is quoted cannot begin a finding of its own
            ';' | '=' if quoted && depth == 0 => out.push('_'),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(fields: &[&str]) -> Proof {
        let raw: String = fields
            .iter()
            .map(|field| format!("Authentication-Results: {field}\r\n"))
            .collect();
        of(
            &Head::of(raw.as_bytes()),
            "mx.nordlicht.example",
            Some("adler.example"),
        )
    }

    #[test]
    fn sup_9_the_sender_is_proven_only_by_our_own_server() {
        use Proof::{Failed, Proven, Unproven};
        for (fields, proof) in [
            (vec![], Unproven),
            (
                vec!["mx.nordlicht.example; dmarc=pass header.from=adler.example"],
                Proven,
            ),
            (
                vec!["MX.Nordlicht.example 1; dmarc=pass (p=reject) header.from=adler.example"],
                Proven,
            ),
            (
                vec!["evil.example; dmarc=pass header.from=adler.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dmarc=pass header.from=evil.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dmarc=fail header.from=adler.example"],
                Failed,
            ),
            // a present DMARC fail beats an aligned signature
            (
                vec![
                    "mx.nordlicht.example; dkim=pass header.d=adler.example; dmarc=fail header.from=adler.example",
                ],
                Failed,
            ),
            (
                vec![
                    "mx.nordlicht.example; dkim=pass header.d=adler.example",
                    "mx.nordlicht.example; dmarc=fail",
                ],
                Failed,
            ),
            (vec!["evil.example; dmarc=fail"], Unproven),
            (
                vec!["mx.nordlicht.example; dkim=pass header.d=adler.example header.s=s"],
                Proven,
            ),
            (
                vec!["mx.nordlicht.example; dkim=pass header.i=@adler.example"],
                Proven,
            ),
            (
                vec!["mx.nordlicht.example; dkim=pass header.d=evil.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dkim=pass header.d=sub.adler.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dkim=pass header.d=example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dkim=fail header.d=adler.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; spf=pass smtp.mailfrom=anna@adler.example"],
                Proven,
            ),
            (
                vec!["mx.nordlicht.example; spf=pass smtp.mailfrom=evil.example"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; dmarc=none header.from=adler.example"],
                Unproven,
            ),
            (vec!["mx.nordlicht.example; none"], Unproven),
            // nothing in a comment or a quoted string is a finding
            (
                vec!["mx.nordlicht.example; dmarc=none (; dmarc=pass header.from=adler.example)"],
                Unproven,
            ),
            (
                vec!["mx.nordlicht.example; spf=none smtp.mailfrom=\"x; dmarc=pass\"@evil.example"],
                Unproven,
            ),
            (
                vec!["(mx.nordlicht.example) evil.example; dmarc=pass header.from=adler.example"],
                Unproven,
            ),
        ] {
            assert_eq!(judged(&fields), proof, "{fields:?}");
        }
        let head = Head::of(b"Authentication-Results: mx.nordlicht.example; dmarc=pass");
        assert_eq!(of(&head, "", Some("adler.example")), Unproven);
        assert_eq!(of(&head, "mx.nordlicht.example", None), Unproven);
    }
}
