//! "Textbausteine": what is written often, in both languages, with variables.

use super::thread::{self, Reply};
use super::words::NAMES;
use super::{BLOCK, BLOCK_NEW, BLOCK_REMOVE, BLOCKS, QUEUE};
use crate::ticket::{self, TicketId};
use db::{Tx, audit, params, sql};
use identity::rights::TICKETS_MANAGE;
use kernel::{Ctx, Locale, Moment, fold, stored_key};
use serde::Serialize;
use web::{Bad, FormView, Page, Param, Posted, RawForm, Result, Staff, bad};

kernel::typed_id!(
    /// A text block.
    BlockId
);

/// More are no longer looked through, neither by people nor by pages.
const MOST: i64 = 200;

web::form! {
    pub struct Block as "block"; {
        name: String = line(80),
        body_de: String = text(8000).rows(8),
        body_en: Option<String> = text(8000).rows(8),
    }
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Stored {
        pub id: BlockId,
        pub name: String,
        pub body_de: String,
        pub body_en: String,
        pub changed_at: Moment,
    }
}

impl Stored {
    /// In this language; where that is missing in the other.
    pub fn body(&self, locale: Locale) -> &str {
        match locale {
            Locale::En if !self.body_en.is_empty() => &self.body_en,
            _ => &self.body_de,
        }
    }
}

pub async fn all(tx: &mut Tx) -> db::Result<Vec<Stored>> {
    let stmt = sql!(
        Stored,
        "SELECT id, name, body_de, body_en, changed_at FROM text_blocks ORDER BY name_key LIMIT $1"
    );
    tx.all(stmt, params![MOST]).await
}

async fn one(tx: &mut Tx, id: BlockId) -> db::Result<Stored> {
    let stmt = sql!(
        Stored,
        "SELECT id, name, body_de, body_en, changed_at FROM text_blocks WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    id: BlockId,
    name: &str,
) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: None,
        subject: "block",
        subject_id: id.to_string(),
        detail: serde_json::json!({ "name": name }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// A new block; a conflict where one is called so.
pub async fn add(tx: &mut Tx, ctx: &Ctx, block: &Block) -> db::Result<BlockId> {
    let id: BlockId = ctx.id();
    let stmt = sql!(
        "INSERT INTO text_blocks (id, name, name_key, body_de, body_en, changed_at) VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let params = params![
        id,
        &block.name,
        stored_key(&fold(&block.name)),
        &block.body_de,
        block.body_en.as_deref().unwrap_or_default(),
        ctx.now
    ];
    tx.exec(stmt, params).await?;
    record(tx, ctx, "block.added", id, &block.name).await?;
    Ok(id)
}

pub async fn edit(tx: &mut Tx, ctx: &Ctx, id: BlockId, block: &Block) -> db::Result<()> {
    one(tx, id).await?;
    let stmt = sql!(
        "UPDATE text_blocks SET name = $2, name_key = $3, body_de = $4, body_en = $5, changed_at = $6 WHERE id = $1"
    );
    let params = params![
        id,
        &block.name,
        stored_key(&fold(&block.name)),
        &block.body_de,
        block.body_en.as_deref().unwrap_or_default(),
        ctx.now
    ];
    tx.exec(stmt, params).await?;
    record(tx, ctx, "block.changed", id, &block.name).await
}

pub async fn delete(tx: &mut Tx, ctx: &Ctx, id: BlockId) -> db::Result<()> {
    let stmt = sql!(
        (String,),
        "DELETE FROM text_blocks WHERE id = $1 RETURNING name"
    );
    let (name,) = tx.one(stmt, params![id]).await?;
    record(tx, ctx, "block.removed", id, &name).await
}

/// Puts the chosen block behind what stands in the answer, and shows the thread with it: nothing is sent.
pub(super) async fn put_in(cx: &Staff, id: TicketId, raw: &RawForm) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let chosen = raw.get("baustein").and_then(|id| id.parse().ok());
    let mut raw = raw.clone();
    if let Some(chosen) = chosen {
        let block = one(&mut tx, chosen).await?;
        let words = thread::words(cx, &mut tx, &ticket).await?;
        let text = raw.get("text").unwrap_or_default().trim_end();
        let between = if text.is_empty() { "" } else { "\n\n" };
        let filled = words.fill(block.body(words.locale));
        let text = format!("{text}{between}{filled}");
        raw.set("text", text);
    }
    let page = thread::page(cx, &mut tx, ticket, Reply::Filled(&raw)).await?;
    cx.page(page)
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: Option<String>,
    pub name: String,
    pub begins: String,
    pub english: bool,
    pub changed_at: Moment,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    /// For those who may.
    pub new: Option<String>,
    pub queue: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/desk/blocks.html";
    fn samples() -> Vec<Self> {
        let row = |english: bool| Row {
            href: english.then(|| BLOCK.to("1")),
            name: "Begrüßung".into(),
            begins: "Guten Tag {name},".into(),
            english,
            changed_at: Moment::from_micros(1_795_000_000_000_000),
        };
        let page = |rows, new: bool| ListPage {
            rows,
            new: new.then(|| BLOCK_NEW.url()),
            queue: QUEUE.url(),
        };
        vec![
            page(vec![row(true), row(false)], true),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

fn beginning(text: &str) -> String {
    let mut begins: String = text.chars().take(120).collect();
    if begins.len() < text.len() {
        begins.push('…');
    }
    begins
}

pub async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let may = cx.may(TICKETS_MANAGE);
    let rows = all(&mut tx).await?.into_iter().map(|block| Row {
        href: may.then(|| BLOCK.to(block.id)),
        begins: beginning(block.body(cx.ctx.locale)),
        english: !block.body_en.is_empty(),
        name: block.name,
        changed_at: block.changed_at,
    });
    cx.page(ListPage {
        rows: rows.collect(),
        new: may.then(|| BLOCK_NEW.url()),
        queue: QUEUE.url(),
    })
}

#[derive(Debug, Serialize)]
pub struct BlockPage {
    /// Of one that is there.
    pub name: Option<String>,
    pub form: FormView,
    pub remove: Option<String>,
    pub variables: Vec<&'static str>,
    pub list: String,
    pub queue: String,
}

impl Page for BlockPage {
    const TEMPLATE: &'static str = "support/desk/block.html";
    fn samples() -> Vec<Self> {
        let page = |form: FormView, full: bool| BlockPage {
            name: full.then(|| "Begrüßung".into()),
            form,
            remove: full.then(|| BLOCK_REMOVE.to("1")),
            variables: NAMES.to_vec(),
            list: BLOCKS.url(),
            queue: QUEUE.url(),
        };
        let [plain, wrong] = FormView::samples::<Block>();
        vec![page(plain, false), page(wrong, true)]
    }
}

fn page(cx: &Staff, stored: Option<&Stored>, bad: Option<&Bad>) -> BlockPage {
    let action = stored.map_or_else(|| BLOCK_NEW.url(), |block| BLOCK.to(block.id));
    let form = cx
        .form::<Block>(action)
        .submit("form-save")
        .cancel(BLOCKS.url());
    let form = match (bad, stored) {
        (Some(bad), _) => form.bad(bad),
        (None, Some(block)) => form.filled(&Block {
            name: block.name.clone(),
            body_de: block.body_de.clone(),
            body_en: Some(block.body_en.clone()),
        }),
        (None, None) => form.empty(),
    };
    BlockPage {
        name: stored.map(|block| block.name.clone()),
        form,
        remove: stored.map(|block| BLOCK_REMOVE.to(block.id)),
        variables: NAMES.to_vec(),
        list: BLOCKS.url(),
        queue: QUEUE.url(),
    }
}

pub async fn new(cx: Staff) -> Result {
    cx.page(page(&cx, None, None))
}

pub async fn create(cx: Staff, form: Posted<Block>) -> Result {
    let block = match form.parse() {
        Ok(block) => block,
        Err(bad) => return cx.invalid(page(&cx, None, Some(&bad))),
    };
    let mut tx = cx.begin().await?;
    match add(&mut tx, &cx.ctx, &block).await {
        Ok(_) => cx.done(tx, BLOCKS.url(), "notice-block-saved").await,
        Err(db::Error::Conflict(_)) => {
            let bad = bad(&form.raw, "name", "fault-block-taken");
            cx.invalid(page(&cx, None, Some(&bad)))
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn show(cx: Staff, Param(id): Param<BlockId>) -> Result {
    let mut tx = cx.read().await?;
    let block = one(&mut tx, id).await?;
    cx.page(page(&cx, Some(&block), None))
}

pub async fn change(cx: Staff, Param(id): Param<BlockId>, form: Posted<Block>) -> Result {
    let again = |block: Stored, bad: Bad| cx.invalid(page(&cx, Some(&block), Some(&bad)));
    let block = match form.parse() {
        Ok(block) => block,
        Err(bad) => {
            let mut tx = cx.read().await?;
            return again(one(&mut tx, id).await?, bad);
        }
    };
    let mut tx = cx.begin().await?;
    match edit(&mut tx, &cx.ctx, id, &block).await {
        Ok(()) => cx.done(tx, BLOCKS.url(), "notice-block-saved").await,
        Err(db::Error::Conflict(_)) => {
            drop(tx);
            let mut tx = cx.read().await?;
            let stored = one(&mut tx, id).await?;
            again(stored, bad(&form.raw, "name", "fault-block-taken"))
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn remove(cx: Staff, Param(id): Param<BlockId>) -> Result {
    let mut tx = cx.begin().await?;
    delete(&mut tx, &cx.ctx, id).await?;
    cx.done(tx, BLOCKS.url(), "notice-block-removed").await
}
