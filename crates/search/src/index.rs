//! The index itself: opened, filled, brought up to date, and begun anew when it is damaged.

use crate::words::all_forms;
use crate::{Error, Result};
use kernel::{Locale, Uuid};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tantivy::directory::error::LockError;
use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::index::SegmentId;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

/// Raised when the fields or the forms of words change: an index of another format is begun anew.
const FORMAT: i64 = 2;
/// What the writer may keep before it writes, in bytes; the least the engine allows.
const HEAP: usize = 15_000_000;

/// What is found: one language of one thing.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: Uuid,
    pub locale: Locale,
    /// Who may find it: one word, of those a [`crate::Query`] names.
    pub audience: &'static str,
    pub title: String,
    /// Words that stand nowhere in the text.
    pub keywords: String,
    pub body: String,
}

/// Up to where the index follows what it copies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Another one means: all anew.
    pub epoch: i64,
    pub revision: i64,
}

pub(crate) struct Fields {
    pub id: Field,
    pub high: Field,
    pub low: Field,
    pub locale: Field,
    pub audience: Field,
    pub title: Field,
    pub keywords: Field,
    pub body: Field,
    /// All forms of all words, and the same written backwards.
    pub forms: Field,
    pub backwards: Field,
}

impl Fields {
    fn schema() -> (Schema, Fields) {
        let mut schema = Schema::builder();
        let words = |record| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("whitespace")
                .set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Fields {
            id: schema.add_text_field("id", STRING),
            high: schema.add_u64_field("high", FAST),
            low: schema.add_u64_field("low", FAST),
            locale: schema.add_u64_field("locale", FAST),
            audience: schema.add_text_field("audience", STRING),
            title: schema.add_text_field("title", words(IndexRecordOption::WithFreqs)),
            keywords: schema.add_text_field("keywords", words(IndexRecordOption::WithFreqs)),
            body: schema.add_text_field("body", words(IndexRecordOption::WithFreqs)),
            forms: schema.add_text_field("forms", words(IndexRecordOption::Basic)),
            backwards: schema.add_text_field("backwards", words(IndexRecordOption::Basic)),
        };
        (schema.build(), fields)
    }

    fn document(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        let (high, low) = document.id.as_u64_pair();
        out.add_text(self.id, document.id.to_string());
        out.add_u64(self.high, high);
        out.add_u64(self.low, low);
        out.add_u64(self.locale, number(document.locale));
        out.add_text(self.audience, document.audience);
        let mut all = BTreeSet::new();
        for (field, text) in [
            (self.title, &document.title),
            (self.keywords, &document.keywords),
            (self.body, &document.body),
        ] {
            let forms = all_forms(text);
            out.add_text(field, forms.join(" "));
            all.extend(forms);
        }
        let forms: Vec<String> = all.into_iter().collect();
        let backwards: Vec<String> = forms.iter().map(|form| backwards(form)).collect();
        out.add_text(self.forms, forms.join(" "));
        out.add_text(self.backwards, backwards.join(" "));
        out
    }
}

pub(crate) fn backwards(form: &str) -> String {
    form.chars().rev().collect()
}

fn number(locale: Locale) -> u64 {
    match locale {
        Locale::De => 0,
        Locale::En => 1,
    }
}

pub(crate) fn locale(number: u64) -> Locale {
    if number == 1 { Locale::En } else { Locale::De }
}

/// An open index.
pub(crate) struct Open {
    pub index: tantivy::Index,
    pub reader: IndexReader,
    pub fields: Fields,
    mark: Option<Mark>,
}

/// An index, shared by all who search.
pub struct Index {
    folder: Option<PathBuf>,
    open: RwLock<Arc<Open>>,
}

impl Index {
    /// Opens the index in this folder, which is its alone. What is damaged or of another format is thrown away; where
    /// nothing can be written the index lives in memory.
    pub fn open(folder: &Path) -> Index {
        let opened = guarded(|| on_disk(folder)).or_else(|error| {
            // the first start finds none
            if folder.exists() {
                tracing::info!(%error, folder = %folder.display(), "search index begun anew");
            }
            guarded(|| anew(folder))
        });
        match opened {
            Ok(open) => Index {
                folder: Some(folder.to_owned()),
                open: RwLock::new(Arc::new(open)),
            },
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "search index is kept in memory");
                Index::in_memory()
            }
        }
    }

    /// An index that goes with the process.
    pub fn in_memory() -> Index {
        let open = in_memory().expect("an empty index in memory asks nothing of the machine");
        Index {
            folder: None,
            open: RwLock::new(Arc::new(open)),
        }
    }

    pub(crate) fn now(&self) -> Arc<Open> {
        self.open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Up to where it follows; `None`: it was never filled.
    pub fn mark(&self) -> Option<Mark> {
        self.now().mark
    }

    /// Fills it with these documents and nothing else. Takes its time: call it where blocking is allowed. Where a word
    /// stands in very many, the last ones are found: give them by id, the latest last, if that matters.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn fill(&self, documents: impl IntoIterator<Item = Document>, mark: Mark) -> Result<()> {
        let write = |open: &Open| {
            let mut writer: IndexWriter = open.index.writer_with_num_threads(1, HEAP)?;
            writer.set_merge_policy(Box::new(NoMergePolicy));
            writer.delete_all_documents()?;
            for document in documents {
                writer.add_document(open.fields.document(&document))?;
            }
            write_down(&mut writer, mark)?;
            // a query reads the vocabulary of each segment: several are only slower
            let joined = in_order(&open.index).and_then(|segments| match segments.len() {
                0 | 1 => Ok(None),
                _ => writer.merge(&segments).wait(),
            });
            if let Err(error) = joined {
                tracing::warn!(%error, "segments of the search index not joined");
            }
            writer.wait_merging_threads()
        };
        self.written(write, mark)
    }

    /// Puts what has changed in the place of what was: of each thing all its documents, none if it is gone. Takes its
    /// time, too.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn update(&self, changed: &[(Uuid, Vec<Document>)], mark: Mark) -> Result<()> {
        let write = |open: &Open| {
            let mut writer: IndexWriter = open.index.writer_with_num_threads(1, HEAP)?;
            for (id, documents) in changed {
                writer.delete_term(Term::from_field_text(open.fields.id, &id.to_string()));
                for document in documents {
                    writer.add_document(open.fields.document(document))?;
                }
            }
            write_down(&mut writer, mark)?;
            // small pieces are joined now; nobody else writes
            writer.wait_merging_threads()
        };
        self.written(write, mark)
    }

    fn written(&self, write: impl FnOnce(&Open) -> tantivy::Result<()>, mark: Mark) -> Result<()> {
        let open = self.now();
        let done = guarded(|| {
            write(&open)?;
            opened(open.index.clone(), Some(mark))
        });
        match done {
            Ok(fresh) => {
                self.put(fresh);
                Ok(())
            }
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => Err(Error::InUse),
            Err(error) => Err(self.damaged(&error)),
        }
    }

    fn put(&self, open: Open) {
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(open);
    }

    /// Begins anew, and says so.
    pub(crate) fn damaged(&self, why: &TantivyError) -> Error {
        tracing::warn!(error = %why, "search index damaged: begun anew");
        let fresh = match &self.folder {
            Some(folder) => guarded(|| anew(folder)).or_else(|_| in_memory()),
            None => in_memory(),
        };
        match fresh {
            Ok(open) => self.put(open),
            Err(error) => tracing::error!(%error, "no search index"),
        }
        Error::Damaged(why.to_string())
    }
}

fn write_down(writer: &mut IndexWriter, mark: Mark) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&format!("{FORMAT} {} {}", mark.epoch, mark.revision));
    prepared.commit().map(drop)
}

/// The segments by the first id in each.
fn in_order(index: &tantivy::Index) -> tantivy::Result<Vec<SegmentId>> {
    let mut all = Vec::new();
    for segment in reader(index)?.searcher().segment_readers() {
        let first = segment.fast_fields().u64("high")?.first(0);
        all.push((first, segment.segment_id()));
    }
    all.sort_unstable();
    Ok(all.into_iter().map(|(_, id)| id).collect())
}

fn read_mark(payload: &str) -> Option<Mark> {
    let mut numbers = payload.split(' ').map(str::parse);
    match (numbers.next()?, numbers.next()?, numbers.next()?) {
        (Ok(FORMAT), Ok(epoch), Ok(revision)) => Some(Mark { epoch, revision }),
        _ => None,
    }
}

fn reader(index: &tantivy::Index) -> tantivy::Result<IndexReader> {
    let builder = index.reader_builder();
    builder.reload_policy(ReloadPolicy::Manual).try_into()
}

fn opened(index: tantivy::Index, mark: Option<Mark>) -> tantivy::Result<Open> {
    let (_, fields) = Fields::schema();
    Ok(Open {
        reader: reader(&index)?,
        index,
        fields,
        mark,
    })
}

fn in_memory() -> tantivy::Result<Open> {
    let (schema, _) = Fields::schema();
    let index = tantivy::Index::open_or_create(RamDirectory::create(), schema)?;
    opened(index, None)
}

fn on_disk(folder: &Path) -> tantivy::Result<Open> {
    let index = tantivy::Index::open(MmapDirectory::open(folder)?)?;
    let damaged = index.validate_checksum()?;
    let payload = index.load_metas()?.payload.unwrap_or_default();
    let (schema, _) = Fields::schema();
    let mark = read_mark(&payload).filter(|_| index.schema() == schema);
    if !damaged.is_empty() || mark.is_none() {
        return Err(TantivyError::SystemError(
            "damaged or of another format".into(),
        ));
    }
    opened(index, mark)
}

fn anew(folder: &Path) -> tantivy::Result<Open> {
    let io = |error| TantivyError::IoError(Arc::new(error));
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(io)?;
    }
    std::fs::create_dir_all(folder).map_err(io)?;
    let (schema, _) = Fields::schema();
    let index = tantivy::Index::open_or_create(MmapDirectory::open(folder)?, schema)?;
    opened(index, None)
}

/// Files that were changed from outside can make the engine stumble anywhere; that ends one attempt, not the program.
pub(crate) fn guarded<T>(act: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<T> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(TantivyError::SystemError("the engine stumbled".into())))
}
