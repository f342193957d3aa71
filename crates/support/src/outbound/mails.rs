//! What the mails of tickets say.

use serde::Serialize;
use web::MailPage;

/// A text of the thread, in full, to one who takes part.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub number: i64,
    /// As the thread calls it; blank ones have a word of their own.
    pub topic: String,
    /// Who wrote it.
    pub by: String,
    /// Whether it is one of us.
    pub ours: bool,
    pub text: String,
    /// What hangs on it.
    pub files: Vec<FileLine>,
    /// Where the thread can be read, for those who have an account.
    pub url: Option<String>,
    /// Whether an answer by mail arrives.
    pub can_answer: bool,
    /// Where one asks without an account.
    pub ask: String,
}

/// A file that hangs on a text.
#[derive(Debug, Clone, Serialize)]
pub struct FileLine {
    pub name: String,
    pub size: String,
    /// For those who cannot see it in the portal.
    pub link: Option<String>,
}

impl MailPage for Answer {
    const TEMPLATE: &'static str = "support/outbound/mail/answer";
    const SUBJECT: &'static str = "mail-ticket-subject";
    fn subject(&self, _: &str) -> String {
        format!("[#{}] {}", self.number, self.topic)
    }
    fn samples() -> Vec<Self> {
        let file = |link| FileLine {
            name: "kasse.log".into(),
            size: "12 kB".into(),
            link,
        };
        let answer = Answer {
            number: 10_001,
            topic: "Die Kasse zeigt <502>".into(),
            by: "Malte Brodersen".into(),
            ours: true,
            text: "Guten Tag,\n\nwir haben <nginx> neu gestartet.\n".into(),
            files: vec![file(None)],
            url: Some("https://portal.example/tickets/0190".into()),
            can_answer: true,
            ask: "https://portal.example/ticket-einreichen".into(),
        };
        let told = Answer {
            ours: false,
            files: Vec::new(),
            ..answer.clone()
        };
        let guest = Answer {
            url: None,
            files: vec![file(Some("https://portal.example/ticket-datei/a".into()))],
            ..answer.clone()
        };
        let deaf = |answer: &Answer| Answer {
            can_answer: false,
            ..answer.clone()
        };
        vec![deaf(&answer), deaf(&guest), answer, told, guest]
    }
}

/// That something arrived, to an address of which nobody knows whose it is: nothing in it comes from the sender.
#[derive(Debug, Clone, Serialize)]
pub struct Arrived {
    pub number: i64,
    /// It came by mail, not by the form.
    pub by_mail: bool,
    pub can_answer: bool,
}

impl MailPage for Arrived {
    const TEMPLATE: &'static str = "support/outbound/mail/arrived";
    const SUBJECT: &'static str = "mail-ticket-arrived-subject";
    fn subject(&self, text: &str) -> String {
        format!("[#{}] {text}", self.number)
    }
    fn samples() -> Vec<Self> {
        [(true, true), (false, true), (true, false), (false, false)]
            .into_iter()
            .map(|(by_mail, can_answer)| Arrived {
                number: 10_001,
                by_mail,
                can_answer,
            })
            .collect()
    }
}

/// To an address that was added to a thread: that it was, and by whom; nothing of what was written before.
#[derive(Debug, Clone, Serialize)]
pub struct Joined {
    pub number: i64,
    pub by: String,
    pub ours: bool,
    pub can_answer: bool,
}

impl MailPage for Joined {
    const TEMPLATE: &'static str = "support/outbound/mail/joined";
    const SUBJECT: &'static str = "mail-ticket-joined-subject";
    fn subject(&self, text: &str) -> String {
        format!("[#{}] {text}", self.number)
    }
    fn samples() -> Vec<Self> {
        [(true, true), (false, true), (false, false)]
            .into_iter()
            .map(|(ours, can_answer)| Joined {
                number: 10_001,
                by: "Jana <Petersen>".into(),
                ours,
                can_answer,
            })
            .collect()
    }
}
