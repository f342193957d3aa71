//! The job that looks at one stored mail: it ends as an entry, as a note with whoever it could not reach, or before staff.

use super::store;
use super::verdict::{self, Candidate, Facts, Opener, Part, Plan, Way, Why};
use crate::outbound;
use crate::ticket::store::{self as threads, NewFile};
use crate::ticket::{
    self, Author, Channel, EntryId, NewTicket, ParticipantId, Priority, Proof, TicketId, Written,
    department, people,
};
use customers::{member, rights};
use db::{Tx, audit};
use identity::users;
use intake::store::{Raw, State, Verdict};
use intake::{Dsn, Envelope, Fate, InboundId, Limits, Parsed, Report};
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::{Actor, Ctx, Email, UserId, Uuid, is_blank};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use web::{App, LateApp};

/// What the rules need to know of this installation; put in at start.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// By which our border server signs what it found out (`mail.authserv_id`).
    pub authserv_id: String,
    /// Addresses that are ours: what comes from there is our own.
    pub own: Vec<String>,
}

const HOUR: Duration = Duration::from_secs(3600);
const PAUSE: Duration = Duration::from_secs(6 * 3600);

/// Looks at one mail.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeIn {
    pub mail: InboundId,
}

impl Job for TakeIn {
    const KIND: &'static str = "support.take-in";
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(5), Duration::from_secs(600)).attempts(8);

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = LateApp::of(cx) else {
            return Outcome::Retry("the application does not stand yet".into());
        };
        match take_in(&app, &cx.ctx, self.mail, State::New, None).await {
            Ok(_) => Outcome::Done,
            Err(reason) => Outcome::Retry(reason),
        }
    }

    /// What cannot be taken in waits for staff; it never gets lost and never holds up the others.
    async fn dead(self, tx: &mut Tx, ctx: &Ctx, reason: &str) -> db::Result<()> {
        let raw = match intake::store::raw(tx, self.mail).await {
            Err(db::Error::Missing) => return Ok(()),
            raw => raw?,
        };
        let (sender, subject) = intake::store::glance(&raw.raw);
        tracing::warn!(mail = %self.mail, reason, "a mail could not be taken in");
        let verdict = Verdict {
            reason: "fault",
            sender: &sender,
            subject: &subject,
            ..Verdict::default()
        };
        intake::store::settle(tx, ctx, self.mail, State::New, State::Quarantine, &verdict)
            .await
            .map(drop)
    }
}

/// What staff decided about a mail that was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Into this thread.
    Into(TicketId),
    /// A ticket of its own.
    New,
}

/// Where a mail went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    Ticket(TicketId),
    Held,
    Dropped,
    /// Somebody else was faster.
    Nowhere,
}

/// Takes a mail in from a state. Does no harm when it runs twice: the mail is settled in the transaction that writes its
/// entry, and only once.
///
/// # Errors
/// What stood in the way, for the log; nothing is stored then.
pub async fn take_in(
    app: &App,
    ctx: &Ctx,
    id: InboundId,
    from: State,
    decided: Option<Decided>,
) -> Result<Went, String> {
    let raw = {
        let mut tx = app.db().read().await.map_err(words)?;
        match intake::store::raw(&mut tx, id).await {
            Err(db::Error::Missing) => return Ok(Went::Nowhere),
            raw => raw.map_err(words)?,
        }
    };
    if raw.state != from {
        return Ok(Went::Nowhere);
    }
    let parsed = match parsed(&raw).await {
        Ok(parsed) => parsed,
        Err(broken) => {
            tracing::warn!(mail = %id, %broken, "a mail could not be taken apart");
            return db::retry(|| hold(app, ctx, &raw, "broken"))
                .await
                .map_err(words);
        }
    };
    let work = Work {
        app,
        ctx,
        raw: &raw,
        parsed: &parsed,
        from,
        decided,
        settings: app.state::<Settings>().unwrap_or_default(),
        files: Vec::new(),
    };
    let plan = db::retry(|| async {
        let mut tx = app.db().read().await?;
        work.plan(&mut tx).await
    });
    let plan = plan.await.map_err(words)?;
    let mut work = work;
    if matches!(plan, Planned::Rules(Plan::Join { .. } | Plan::Open { .. })) {
        work.files = taken(app, ctx, &parsed).await?;
    }
    let work = &work;
    db::retry(|| work.carry_out()).await.map_err(words)
}

fn words(error: db::Error) -> String {
    error.to_string()
}

async fn parsed(raw: &Raw) -> Result<Parsed, intake::Broken> {
    let (bytes, envelope): (Arc<[u8]>, Envelope) = (raw.raw.as_slice().into(), raw.envelope());
    let read =
        tokio::task::spawn_blocking(move || intake::read(bytes, envelope, Limits::default()));
    let mut parsed = read.await.unwrap_or(Err(intake::Broken::Panic))?;
    if raw.cut && !parsed.has_note("too-large") {
        parsed.notes.push(intake::Note::Unread("too-large"));
    }
    Ok(parsed)
}

async fn hold(app: &App, ctx: &Ctx, raw: &Raw, reason: &str) -> db::Result<Went> {
    let (sender, subject) = intake::store::glance(&raw.raw);
    let verdict = Verdict {
        reason,
        sender: &sender,
        subject: &subject,
        ..Verdict::default()
    };
    let mut tx = app.db().begin().await?;
    let settled =
        intake::store::settle(&mut tx, ctx, raw.id, raw.state, State::Quarantine, &verdict).await?;
    note(&mut tx, ctx, raw.id, "mail.held", reason).await?;
    if settled {
        tx.commit().await?;
    }
    Ok(Went::Held)
}

/// Files are stored before the transaction; those of one that comes to nothing are swept.
async fn taken(app: &App, ctx: &Ctx, parsed: &Parsed) -> Result<Vec<NewFile>, String> {
    let Some(store) = app.state::<files::Store>() else {
        return Ok(Vec::new());
    };
    let mut taken = Vec::new();
    for file in &parsed.files {
        if file.bytes.is_empty() || file.bytes.len() as u64 > files::FILE_MAX {
            continue;
        }
        let up = files::take(
            &store,
            app.db(),
            ctx,
            files::By::Mail,
            &file.name,
            &file.bytes,
        )
        .await
        .map_err(|error| error.to_string())?;
        let new = NewFile {
            id: up.id,
            name: up.name,
            size: up.size,
        };
        taken.push(new);
    }
    Ok(taken)
}

/// What is to be done, the reports of servers counted in.
enum Planned {
    Rules(Plan),
    Bounced {
        ticket: TicketId,
        participant: ParticipantId,
        reason: String,
    },
}

struct Work<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    raw: &'a Raw,
    parsed: &'a Parsed,
    from: State,
    decided: Option<Decided>,
    settings: Arc<Settings>,
    files: Vec<NewFile>,
}

impl Work<'_> {
    fn proof(&self) -> intake::Proof {
        let domain = self.parsed.sender().map(Email::domain);
        intake::proof::of(&self.parsed.head, &self.settings.authserv_id, domain)
    }

    /// By whom budgets are kept: the address, or what stands in its place.
    fn sender(&self) -> String {
        match self.parsed.sender() {
            Some(email) => email.to_string(),
            None => intake::store::glance(&self.raw.raw).0.to_lowercase(),
        }
    }

    async fn plan(&self, tx: &mut Tx) -> db::Result<Planned> {
        if let Some(report) = self
            .parsed
            .report
            .as_ref()
            .filter(|_| self.decided.is_none())
        {
            return self.report(tx, report).await;
        }
        let proof = self.proof();
        let since = self.ctx.now - HOUR;
        let sender = self.sender();
        let lately = intake::store::lately(tx, &sender, &self.parsed.body_hash, since).await?;
        let paused = intake::store::paused(tx, &sender, self.ctx.now)
            .await?
            .is_some();
        let facts = Facts {
            candidates: self.candidates(tx).await?,
            proven: proof == intake::Proof::Proven,
            failed: proof == intake::Proof::Failed,
            forward: self.parsed.subject.forward,
            own: self.is_own(),
            hops: self.parsed.hops,
            silent: self.parsed.silent.is_some(),
            verification: self.parsed.verification,
            paused,
            forced: self.decided.is_some(),
            all: lately.all,
            machines: lately.machines,
            opened: lately.opened,
            // short thanks may well come three times
            same: if self.parsed.text.chars().count() > 40 {
                lately.same
            } else {
                0
            },
        };
        let plan = match self.decided {
            Some(Decided::Into(ticket)) => Plan::Join {
                ticket,
                as_part: self.forced_part(tx, ticket).await?,
                way: Way::Staff,
                quiet: false,
                apart: false,
            },
            Some(Decided::New) => Plan::Open { maybe: Vec::new() },
            None => verdict::judge(&facts),
        };
        Ok(Planned::Rules(plan))
    }

    /// A mail of our own that came back to us, or that we wrote to ourselves.
    fn is_own(&self) -> bool {
        let ways = outbound::ways(self.app);
        let ours = |address: &str| {
            ways.is_ours(address)
                || self
                    .settings
                    .own
                    .iter()
                    .any(|own| own.eq_ignore_ascii_case(address))
        };
        let by_id = self
            .parsed
            .message_id
            .as_deref()
            .is_some_and(|id| outbound::read_message_id(&self.ctx.world, id).is_some());
        by_id
            || self
                .parsed
                .sender()
                .is_some_and(|email| ours(email.as_str()))
    }

    async fn report(&self, tx: &mut Tx, report: &Report) -> db::Result<Planned> {
        let dsn = match report {
            Report::Delivery(dsn) => dsn,
            Report::Read => return Ok(Planned::Rules(Plan::Drop("receipt"))),
            Report::Feedback => return Ok(Planned::Rules(Plan::Drop("feedback"))),
        };
        let failed = dsn.recipients.iter().find(|one| one.fate == Fate::Failed);
        let Some(failed) = failed else {
            return Ok(Planned::Rules(Plan::Drop("delayed")));
        };
        let Some((ticket, participant)) = self.about(tx, dsn).await? else {
            return Ok(Planned::Rules(Plan::Drop("bounce")));
        };
        let reason = format!("{} {}", failed.status, failed.said);
        Ok(Planned::Bounced {
            ticket,
            participant,
            reason: reason.trim().chars().take(300).collect(),
        })
    }

    /// Whose mail came back: by the address it went back to first, many reports are but sentences.
    async fn about(&self, tx: &mut Tx, dsn: &Dsn) -> db::Result<Option<(TicketId, ParticipantId)>> {
        let world = &self.ctx.world;
        let ways = outbound::ways(self.app);
        for address in self.parsed.recipients.iter().take(20) {
            if let Some((ticket, one)) = outbound::replier(tx, world, &ways, address).await? {
                return Ok(Some((ticket, one.id)));
            }
        }
        let ids = dsn.original.iter().chain(&self.parsed.answers);
        let of = ids
            .filter_map(|id| outbound::read_message_id(world, id))
            .next();
        Ok(of.map(|of| (of.ticket, of.participant)))
    }

    /// Threads that the mail points to, the surest way first.
    async fn candidates(&self, tx: &mut Tx) -> db::Result<Vec<Candidate>> {
        let world = &self.ctx.world;
        let ways = outbound::ways(self.app);
        let user = match self.parsed.sender() {
            Some(email) => users::by_verified_email(tx, email).await?,
            None => None,
        };
        let mut found = Vec::new();
        for address in self.parsed.recipients.iter().take(20) {
            if let Some((ticket, one)) = outbound::replier(tx, world, &ways, address).await? {
                self.candidate(tx, &mut found, ticket, Way::Token, Some(one.id), user)
                    .await?;
            }
        }
        let ours = self
            .parsed
            .answers
            .iter()
            .filter_map(|id| outbound::read_message_id(world, id));
        for of in ours.take(5) {
            self.candidate(
                tx,
                &mut found,
                of.ticket,
                Way::Answer,
                Some(of.participant),
                user,
            )
            .await?;
        }
        let foreign: Vec<String> = self
            .parsed
            .answers
            .iter()
            .filter(|id| outbound::read_message_id(world, id).is_none())
            .take(8)
            .cloned()
            .collect();
        for ticket in intake::store::by_ids(tx, &foreign)
            .await?
            .into_iter()
            .take(3)
        {
            self.candidate(tx, &mut found, TicketId(ticket), Way::Known, None, user)
                .await?;
        }
        if let Some(number) = self.parsed.subject.number
            && let Some(ticket) = store::numbered(tx, number).await?
        {
            self.candidate(tx, &mut found, ticket, Way::Number, None, user)
                .await?;
        }
        Ok(found)
    }

    async fn candidate(
        &self,
        tx: &mut Tx,
        found: &mut Vec<Candidate>,
        ticket: TicketId,
        way: Way,
        given_to: Option<ParticipantId>,
        user: Option<UserId>,
    ) -> db::Result<()> {
        let Some(thread) = merged(tx, ticket).await? else {
            return Ok(());
        };
        if found
            .iter()
            .any(|one| one.ticket == thread.id && one.way == way && one.given_to == given_to)
        {
            return Ok(());
        }
        let sender = match self.parsed.sender() {
            Some(email) => store::part(tx, thread.id, email, user).await?,
            None => None,
        };
        let sender = sender.map(|(id, user)| Part { id, user });
        // a merge may give its people a place in the other thread under another id
        let given_to = match given_to {
            Some(given_to) if thread.id != ticket => {
                outbound::taken_along(tx, thread.id, given_to).await?
            }
            given_to => given_to,
        };
        found.push(Candidate {
            ticket: thread.id,
            number: thread.number,
            way,
            takes_mail: thread.takes_mail,
            sender,
            given_to,
        });
        Ok(())
    }

    async fn forced_part(&self, tx: &mut Tx, ticket: TicketId) -> db::Result<Part> {
        let sender = match self.parsed.sender() {
            Some(email) => {
                let user = users::by_verified_email(tx, email).await?;
                store::part(tx, ticket, email, user).await?
            }
            None => None,
        };
        let (id, user) = sender.unwrap_or((ParticipantId(Uuid::nil()), None));
        Ok(Part { id, user })
    }

    /// One transaction: what is done, and that it is done.
    async fn carry_out(&self) -> db::Result<Went> {
        let mut tx = self.app.db().begin().await?;
        let (went, settled) = match self.plan(&mut tx).await? {
            Planned::Bounced {
                ticket,
                participant,
                reason,
            } => {
                outbound::bounced(&mut tx, self.ctx, ticket, participant, &reason).await?;
                let settled = self
                    .settle(&mut tx, State::Done, "bounced", Ends::default())
                    .await?;
                (Went::Dropped, settled)
            }
            Planned::Rules(Plan::Drop(reason)) => {
                note(&mut tx, self.ctx, self.raw.id, "mail.dropped", reason).await?;
                let settled = self
                    .settle(&mut tx, State::Dropped, reason, Ends::default())
                    .await?;
                (Went::Dropped, settled)
            }
            Planned::Rules(Plan::Hold { reason, pause }) => {
                let sender = self.sender();
                if pause && !sender.is_empty() {
                    intake::store::pause(&mut tx, self.ctx, &sender, PAUSE, reason).await?;
                }
                note(&mut tx, self.ctx, self.raw.id, "mail.held", reason).await?;
                let settled = self
                    .settle(&mut tx, State::Quarantine, reason, Ends::default())
                    .await?;
                (Went::Held, settled)
            }
            Planned::Rules(Plan::Join {
                ticket,
                as_part,
                way,
                quiet,
                apart,
            }) => {
                let how = How { way, quiet, apart };
                let ends = self.join(&mut tx, ticket, as_part, how).await?;
                let settled = self
                    .settle(&mut tx, State::Done, way.as_str(), ends)
                    .await?;
                (Went::Ticket(ticket), settled)
            }
            Planned::Rules(Plan::Open { maybe }) => {
                let (ticket, ends) = self.open(&mut tx, maybe).await?;
                let settled = self
                    .settle(&mut tx, State::Done, Way::New.as_str(), ends)
                    .await?;
                (Went::Ticket(ticket), settled)
            }
        };
        // dropped without a commit it leaves nothing: another run was faster
        if !settled {
            return Ok(Went::Nowhere);
        }
        tx.commit().await?;
        Ok(went)
    }

    async fn settle(
        &self,
        tx: &mut Tx,
        state: State,
        reason: &str,
        ends: Ends,
    ) -> db::Result<bool> {
        let sender = self.sender();
        let verdict = Verdict {
            reason,
            why: &ends.why,
            sender: &sender,
            subject: &self.parsed.subject.whole,
            body_hash: &self.parsed.body_hash,
            machine: self.parsed.silent.is_some(),
            opened: ends.opened,
            customer: ends.customer,
            ticket: ends.ticket,
            entry: ends.entry,
            internal: ends.internal,
            shown: ends.entry.map(|_| self.parsed.shown()),
        };
        intake::store::settle(tx, self.ctx, self.raw.id, self.from, state, &verdict).await
    }

    async fn join(&self, tx: &mut Tx, id: TicketId, part: Part, how: How) -> db::Result<Ends> {
        let How { way, quiet, apart } = how;
        let proof = if way == Way::Staff {
            Proof::Unproven
        } else {
            verdict::proof(self.proof())
        };
        let mut ticket = threads::any(tx, id).await?;
        let user = part.user.filter(|_| proof == Proof::Proven);
        let name = self.name(tx, user, Some((id, part.id))).await?;
        let ctx = self.acting(user);
        let why = self.why(way, proof, &[]);
        // nobody outside may read with which words a service asks whether our address is theirs
        let internal = self.parsed.verification && way == Way::Staff;
        self.placed(tx).await?;
        let text = self.text();
        let written = Written {
            author: Author {
                id: user.map(|user| user.0),
                ..Author::stranger(&name)
            },
            channel: Channel::Mail,
            proof,
            text: &text,
            quoted: &self.parsed.quoted,
            internal,
            quiet,
            why: &why,
            files: &self.files,
        };
        let entry = if apart {
            ticket::held::hold(tx, &ctx, &mut ticket, &written).await?
        } else {
            ticket::write(tx, &ctx, &mut ticket, &written).await?
        };
        let takes_part = part.id != ParticipantId(Uuid::nil());
        if takes_part {
            let id = self.message_id();
            outbound::came_from(tx, self.ctx, ticket.id, entry, ticket.entries, part.id, &id)
                .await?;
            if proof == Proof::Proven && !quiet {
                outbound::reachable(tx, ticket.id, part.id).await?;
            }
        }
        self.keep(tx, ticket.id, entry, ticket.customer_id).await?;
        Ok(Ends {
            why,
            customer: ticket.customer_id,
            ticket: Some(ticket.id.0),
            entry: Some(entry.0),
            internal: internal || apart,
            opened: false,
        })
    }

    async fn open(
        &self,
        tx: &mut Tx,
        maybe: Vec<(i64, Way, verdict::But)>,
    ) -> db::Result<(TicketId, Ends)> {
        let proof = verdict::proof(self.proof());
        let opener = self.opener(tx, proof).await?;
        let department = self.department(tx).await?;
        let maybe: Vec<(i64, String, String)> = maybe
            .into_iter()
            .map(|(number, way, but)| (number, way.as_str().to_owned(), but.as_str().to_owned()))
            .collect();
        let why = self.why(Way::New, proof, &maybe);
        self.placed(tx).await?;
        let text = self.text();
        let subject = &self.parsed.subject;
        let subject = if is_blank(&subject.bare) {
            &subject.whole
        } else {
            &subject.bare
        };
        let ctx = self.acting(opener.user);
        let new = NewTicket {
            customer: opener.customer,
            subject,
            department: &department,
            // never from a mail
            priority: Priority::Normal,
            emergency: None,
            email: opener.email.as_ref(),
            company: None,
            claimed_number: None,
            language: self.app.settings().language,
            noted: None,
            first: Written {
                author: Author {
                    id: opener.user.map(|user| user.0),
                    ..Author::stranger(&opener.name)
                },
                channel: Channel::Mail,
                proof,
                text: &text,
                quoted: &self.parsed.quoted,
                internal: self.parsed.verification,
                quiet: self.parsed.silent.is_some(),
                why: &why,
                files: &self.files,
            },
        };
        let opened = ticket::open_ticket(tx, &ctx, &new).await?;
        if let Some(requester) = store::requester(tx, opened.id).await? {
            let id = self.message_id();
            outbound::came_from(tx, self.ctx, opened.id, opened.entry, 1, requester, &id).await?;
        }
        let answered =
            self.parsed.silent.is_none() && opener.email.is_some() && self.decided.is_none();
        if answered {
            outbound::acknowledge(tx, self.ctx, opened.id, opened.entry).await?;
        }
        self.keep(tx, opened.id, opened.entry, opener.customer)
            .await?;
        let ends = Ends {
            why,
            customer: opener.customer,
            ticket: Some(opened.id.0),
            entry: Some(opened.entry.0),
            internal: self.parsed.verification,
            opened: true,
        };
        Ok((opened.id, ends))
    }

    async fn placed(&self, tx: &mut Tx) -> db::Result<()> {
        if self.decided.is_none() {
            return Ok(());
        }
        note(tx, self.ctx, self.raw.id, "mail.placed", "").await
    }

    /// What hangs on the entry: HTML, and by which ids it is found again.
    async fn keep(
        &self,
        tx: &mut Tx,
        ticket: TicketId,
        entry: EntryId,
        customer: Option<kernel::CustomerId>,
    ) -> db::Result<()> {
        if let Some(html) = self
            .parsed
            .html
            .as_deref()
            .filter(|html| !html.trim().is_empty())
        {
            intake::store::keep_html(tx, customer, ticket.0, entry.0, html).await?;
        }
        // what a mail says that it answers is believed of those who are proven: others would lead their mails elsewhere
        let proven = self.proof() == intake::Proof::Proven;
        let foreign = self
            .parsed
            .answers
            .iter()
            .filter(|id| proven && outbound::read_message_id(&self.ctx.world, id).is_none());
        let ids: Vec<&str> = self
            .parsed
            .message_id
            .iter()
            .chain(foreign)
            .map(String::as_str)
            .collect();
        intake::store::note_ids(tx, customer, ticket.0, &ids).await
    }

    /// Who is certain acts as themselves in the log.
    fn acting(&self, user: Option<UserId>) -> Ctx {
        match user {
            Some(user) if self.decided.is_none() => Ctx {
                actor: Actor::User(user),
                ..self.ctx.clone()
            },
            _ => self.ctx.clone(),
        }
    }

    /// Only a proven address is somebody's; a user of several customers is asked later which one it is for.
    async fn opener(&self, tx: &mut Tx, proof: Proof) -> db::Result<Opener> {
        let sender = self.parsed.sender();
        let known = match sender.filter(|_| proof == Proof::Proven) {
            Some(email) => users::by_verified_email(tx, email).await?,
            None => None,
        };
        if let Some(user) = known {
            let mut theirs = Vec::new();
            for (customer, _) in member::customers_of(tx, user).await?.into_iter().take(5) {
                let held = member::rights_of(tx, customer, user).await?;
                if held.is_some_and(|held| held.has(rights::TICKETS)) {
                    theirs.push(customer);
                }
            }
            if let [customer] = theirs.as_slice() {
                return Ok(Opener {
                    customer: Some(*customer),
                    user: Some(user),
                    name: users::name(tx, user).await?,
                    email: None,
                });
            }
        }
        Ok(Opener {
            name: self.name(tx, None, None).await?,
            email: sender.cloned(),
            ..Opener::default()
        })
    }

    /// As the thread names the sender, who may take part in it already.
    async fn name(
        &self,
        tx: &mut Tx,
        user: Option<UserId>,
        part: Option<(TicketId, ParticipantId)>,
    ) -> db::Result<String> {
        if let Some(user) = user {
            return users::name(tx, user).await;
        }
        let said = self.parsed.sender_name();
        // an address in the name is what forgers write
        if !is_blank(said) && !said.contains('@') {
            return Ok(said.chars().take(100).collect());
        }
        let known = match part {
            Some((ticket, id)) => people::one(tx, ticket, id).await?,
            None => None,
        };
        if let Some(known) = known.filter(|one| !is_blank(&one.name)) {
            return Ok(known.name);
        }
        Ok(match self.parsed.sender() {
            Some(email) => email.to_string(),
            None => self.words("inbound-nobody"),
        })
    }

    async fn department(&self, tx: &mut Tx) -> db::Result<String> {
        let all = department::all(tx).await?;
        let has = |id: &str| all.iter().any(|one| one.id == id);
        if let Some(id) = self.raw.department.as_deref().filter(|id| has(id)) {
            return Ok(id.to_owned());
        }
        let by_address = all.iter().find(|one| {
            let from = one.mail_from.as_deref();
            from.is_some_and(|from| {
                self.parsed
                    .recipients
                    .iter()
                    .any(|to| to.eq_ignore_ascii_case(from))
            })
        });
        let first = all.iter().find(|one| one.id == "support").or(all.first());
        Ok(by_address
            .or(first)
            .map_or_else(|| "support".to_owned(), |one| one.id.clone()))
    }

    fn words(&self, key: &str) -> String {
        self.app
            .texts()
            .get(self.app.settings().language, key)
            .into_owned()
    }

    fn text(&self) -> String {
        let unread = self
            .parsed
            .notes
            .iter()
            .any(|note| matches!(note, intake::Note::Unread(_)));
        if !is_blank(&self.parsed.text) {
            return self.parsed.text.clone();
        }
        let key = if unread {
            "inbound-text-unread"
        } else if self.parsed.has_note("sealed") {
            "inbound-text-sealed"
        } else if self.parsed.files.is_empty() {
            "inbound-text-empty"
        } else {
            "inbound-text-files"
        };
        self.words(key)
    }

    fn message_id(&self) -> String {
        let own = self
            .parsed
            .message_id
            .as_deref()
            .map(|id| format!("<{id}>"));
        own.filter(|id| mail::is_id(id))
            .unwrap_or_else(|| format!("<{}@mail.invalid>", self.raw.id))
    }

    fn why(&self, way: Way, proof: Proof, maybe: &[(i64, String, String)]) -> String {
        let parsed = self.parsed;
        let answers_to = parsed.head.get("reply-to").and_then(|value| {
            let address = value.rsplit_once('<').map_or(value, |(_, rest)| rest);
            let email = Email::parse(address.trim_end_matches('>')).ok()?;
            let other = parsed
                .sender()
                .is_none_or(|sender| sender.domain() != email.domain());
            other.then(|| email.to_string())
        });
        let why = Why {
            way: way.as_str().to_owned(),
            proof: proof.as_str().to_owned(),
            from: self.sender(),
            maybe: maybe.to_vec(),
            machine: parsed.silent.map(str::to_owned),
            notes: parsed
                .notes
                .iter()
                .map(|note| note.word().to_owned())
                .collect(),
            answers_to,
        };
        serde_json::to_string(&why).unwrap_or_default()
    }
}

/// How a mail joins a thread.
#[derive(Debug, Clone, Copy)]
struct How {
    way: Way,
    quiet: bool,
    apart: bool,
}

#[derive(Debug, Clone, Default)]
struct Ends {
    why: String,
    customer: Option<kernel::CustomerId>,
    ticket: Option<Uuid>,
    entry: Option<Uuid>,
    internal: bool,
    opened: bool,
}

/// The thread, or the one it became part of.
async fn merged(tx: &mut Tx, id: TicketId) -> db::Result<Option<store::Thread>> {
    let mut id = id;
    for _ in 0..10 {
        let Some(thread) = store::thread(tx, id).await? else {
            return Ok(None);
        };
        match thread.merged_into {
            Some(next) => id = next,
            None => return Ok(Some(thread)),
        }
    }
    Ok(None)
}

/// A line of the log about a mail that became no entry.
pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    id: InboundId,
    act: &'static str,
    reason: &str,
) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: None,
        subject: "inbound",
        subject_id: id.to_string(),
        detail: json!({ "reason": reason }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
