//! Mails of strangers: taken apart, their HTML cleaned, their quotes cut.

use crate::markup::{Allowed, check};
use crate::targets::{Seen, about, shape};
use intake::{Envelope, Limits, html, quote};
use std::panic::catch_unwind;

pub const LINES: &[&str] = &[
    "\r\n",
    "\n",
    "From: ",
    "To: ",
    "Subject: ",
    "Date: ",
    "Message-ID: <a@b>",
    "In-Reply-To: <a@b>",
    "References: ",
    "Content-Type: ",
    "multipart/mixed; boundary=\"b\"",
    "multipart/alternative; boundary=b",
    "multipart/report; report-type=delivery-status",
    "message/rfc822",
    "message/delivery-status",
    "text/plain; charset=",
    "text/html",
    "utf-8",
    "iso-8859-1",
    "utf-7",
    "utf-16",
    "Content-Transfer-Encoding: ",
    "base64",
    "quoted-printable",
    "8bit",
    "x-uuencode",
    "--b",
    "--b--",
    "=?utf-8?B?w6Q=?=",
    "=?utf-8?Q?=C3?=",
    "=C3=A4",
    "begin 644 a.txt",
    "`\nend\n",
    "filename*=utf-8''a%2Fb",
    "filename=\"../../a\"",
    "Auto-Submitted: auto-replied",
    "Content-Disposition: attachment; ",
    "Content-ID: <c>",
    "<jana@post.example>",
    "\"a\" <",
    ">",
    ", ",
    "; ",
    "Received: from x by y\r\n",
];

pub fn mails() -> Vec<Vec<u8>> {
    let plain = "From: Jana <jana@post.example>\r\nTo: hilfe@nordlicht.example\r\nSubject: =?utf-8?Q?Postfach_=C3=BCbervoll?=\r\n\
                 Message-ID: <1@post.example>\r\nDate: Sun, 22 Nov 2026 11:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 Guten Tag,\r\n\r\nmein Postfach ist voll.\r\n\r\nAm 21.11.2026 um 10:00 schrieb Nordlicht:\r\n> Wie geht es?\r\n-- \r\nJana\r\n";
    let parts = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
                 Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nText\r\n--c\r\n\
                 Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>T=E4xt <img src=\"cid:c\"></p>\r\n--c--\r\n\
                 --b\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <c>\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline; filename=a.png\r\n\r\niVBORw0=\r\n--b--\r\n";
    let bounce = "From: MAILER-DAEMON@x.example\r\nSubject: failure\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n\
                  --r\r\n\r\nSorry\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\n\
                  Action: failed\r\nStatus: 5.1.1\r\n--r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <2@x.example>\r\n\r\nText\r\n--r--\r\n";
    [plain, parts, bounce]
        .map(|mail| mail.as_bytes().to_vec())
        .to_vec()
}

/// Whatever came, something can be shown of it: clean, within its limits, the same twice.
pub fn parses(input: &[u8]) -> Result<Seen, String> {
    let limits = Limits {
        text: 10_000,
        files: 20,
        ..Limits::default()
    };
    let envelope = Envelope::default();
    // the parser of others may fall; taking in keeps such a mail with its source (`intake::read`)
    let Ok(parsed) = catch_unwind(|| intake::parse(input, &envelope, &limits)) else {
        return Ok(shape("the parser fell"));
    };
    if let Some(shown) = &parsed.html {
        check(shown, &LETTER)?;
    }
    let length = parsed.text.chars().count();
    if length > limits.text + 200 {
        return Err(format!("a text of {length} characters"));
    }
    if parsed.files.len() > limits.files {
        return Err(format!("{} files", parsed.files.len()));
    }
    let bytes: usize = parsed.files.iter().map(|file| file.bytes.len()).sum();
    if bytes > 2 * input.len() {
        return Err(format!("{bytes} bytes of files from {}", input.len()));
    }
    for name in parsed.files.iter().map(|file| &file.name) {
        if name.is_empty() || name.contains(['/', '\\', '\0', '\n']) {
            return Err(format!("a file is called {name:?}"));
        }
    }
    if parsed.text.contains('\0') || parsed.quoted.contains('\0') {
        return Err("a text holds NUL, which no database takes".into());
    }
    let again = intake::parse(input, &envelope, &limits);
    if again.text != parsed.text || again.body_hash != parsed.body_hash {
        return Err("says something else the second time".into());
    }
    let notes: Vec<&str> = parsed.notes.iter().map(|note| note.word()).collect();
    let flags = (
        parsed.html.is_some(),
        parsed.silent,
        parsed.report.is_some(),
        parsed.date.is_some(),
    );
    Ok(shape((
        flags,
        notes,
        parsed.files.len(),
        about(length),
        parsed.from.len().min(3),
        about(parsed.answers.len()),
        parsed.hops.min(5),
    )))
}

pub const TAGS: &[&str] = &[
    "<p>",
    "</p>",
    "<a href=\"",
    "https://x.test",
    "javascript:alert(1)",
    "\">",
    "</a>",
    "<img src=x onerror=y>",
    "<img src=\"cid:c\">",
    "<img src=\"https://x.test/p.png\" alt=\"",
    "<style>",
    "</style>",
    "<svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<table>",
    "<tr>",
    "<td>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<noscript>",
    "<template>",
    "<title>",
    "<textarea>",
    "<xmp>",
    "<plaintext>",
    "<base href=//x>",
    "<meta http-equiv=refresh>",
    "<form action=//x>",
    "<input>",
    "<iframe srcdoc=\"",
    "&lt;",
    "&#x6a;",
    "&Tab;",
    "<b><i>",
    "</b></i>",
    "<blockquote type=cite>",
    "<div class=gmail_quote>",
    " style=\"x\"",
    " id=x",
    "<font>",
    "<frameset>",
    "</body>",
    "<br>",
    "\0",
    "<select><option>",
];

pub fn pages() -> Vec<Vec<u8>> {
    [
        "<html><head><style>p{}</style></head><body><p style=\"x\">Hallo <b>Welt</b> <a href=\"https://x.test/?a=1&amp;b\" onclick=y>hier</a><img src=\"cid:c\" width=\"10\"></p></body></html>",
        "<table><tr><td colspan=2>a<td>b</table><blockquote type=\"cite\"><div>zitiert</div></blockquote>",
        "<svg><p><style><img src=x onerror=alert(1)></style></svg><math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    ]
    .map(|page| page.as_bytes().to_vec())
    .to_vec()
}

const LETTER: Allowed = Allowed {
    tags: &[
        "a",
        "abbr",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
    ],
    alone: &["br", "hr", "img", "col"],
    attributes: &[
        "href",
        "title",
        "src",
        "alt",
        "width",
        "height",
        "colspan",
        "rowspan",
        "align",
        "valign",
        "border",
        "cellpadding",
        "cellspacing",
        "start",
        "type",
        "dir",
        "lang",
        "rel",
        "target",
        "class",
    ],
};

/// Cleaned is clean, stays what it is when cleaned again, and asks nothing of others once the pictures are out.
pub fn cleans(input: &[u8]) -> Result<Seen, String> {
    let source = String::from_utf8_lossy(input);
    let text = html::text(&source);
    let Some(clean) = html::clean(&source) else {
        return Ok(shape("too much"));
    };
    let met = check(&clean, &LETTER)?;
    let (shown, remote) = html::without_remote(&clean);
    check(&shown, &LETTER).map_err(|why| format!("without remote pictures: {why}"))?;
    if let Some((_, src)) = shown.split_once(" src=\"")
        && !src.starts_with("data:")
        && shown.contains("<img")
        && shown.split("<img").skip(1).any(|tag| {
            tag.split('>')
                .next()
                .is_some_and(|tag| tag.contains(" src=\"http"))
        })
    {
        return Err("a remote picture is left".into());
    }
    let mut pairs: Vec<(&str, usize)> = met
        .iter()
        .map(|(name, depth)| (name.as_str(), (*depth).min(2)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    Ok(shape((pairs, remote, about(text.len()))))
}

pub const QUOTES: &[&str] = &[
    "> ",
    ">> ",
    "\n",
    "\r\n",
    "-- \n",
    "--\n",
    "Am 21.11.2026 um 10:00 schrieb Jana:\n",
    "On Sun, 22 Nov 2026, Jana wrote:\n",
    "-----Ursprüngliche Nachricht-----\n",
    "-----Original Message-----\n",
    "Von: Jana\nGesendet: heute\nAn: wir\nBetreff: x\n",
    "________________________________\n",
    "Von meinem iPhone gesendet\n",
    "Sent from my iPhone\n",
    "Begin forwarded message:\n",
    "schrieb",
    "wrote:",
    "<",
    "\u{F8FF}quote\u{F8FF}\n",
    "a@b.example",
    "Text\n",
];

pub fn answers() -> Vec<Vec<u8>> {
    [
        "Danke, das geht.\n\nAm 21.11.2026 um 10:00 schrieb Nordlicht Hosting\n<hilfe@nordlicht.example>:\n> Haben Sie es versucht?\n> \n> Gruß\n",
        "Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Nordlicht\nGesendet: Samstag\nAn: Jana\nBetreff: Postfach\n\nHaben Sie?\n",
        "> Frage eins\nAntwort eins\n> Frage zwei\nAntwort zwei\n\n-- \nJana Petersen\nKiel\n",
        "Von meinem iPhone gesendet\n\nOn Nov 21, 2026, at 10:00, Nordlicht wrote:\n\n> Hi\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Nothing is lost by cutting: each line stands on one side or the other, and something is shown.
pub fn cuts(input: &[u8]) -> Result<Seen, String> {
    let text = String::from_utf8_lossy(input);
    let mut shapes = Vec::new();
    for forward in [false, true] {
        let cut = quote::cut(&text, forward);
        let lines = |text: &str| -> Vec<String> {
            let kept = text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty() && *line != quote::MARK);
            let mut kept: Vec<String> = kept.map(str::to_owned).collect();
            kept.sort_unstable();
            kept
        };
        let mut both = lines(&cut.text);
        both.extend(lines(&cut.quoted));
        both.sort_unstable();
        let all = lines(&text);
        if both != all {
            let lost: Vec<&String> = all
                .iter()
                .filter(|line| !both.contains(line))
                .take(3)
                .collect();
            return Err(format!(
                "{} lines became {}; lost: {lost:?}",
                all.len(),
                both.len()
            ));
        }
        if !all.is_empty() && cut.text.trim().is_empty() {
            return Err("nothing is shown".into());
        }
        shapes.push((
            about(cut.text.lines().count()),
            about(cut.quoted.lines().count()),
        ));
    }
    Ok(shape(shapes))
}
