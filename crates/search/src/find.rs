//! Finding: each word of the query in the forms the index knows, from the very word to a slip of the keyboard.

use crate::Result;
use crate::highlight::Highlighter;
use crate::index::{Fields, Index, Open, backwards, guarded, locale};
use crate::rank::{Way, best};
use crate::words::{forms, is_empty_word, parts, plain, words};
use kernel::{Locale, Uuid};
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::query::FuzzyTermQuery;
use tantivy::termdict::TermDictionary;
use tantivy::{InvertedIndexReader, Score, Searcher, Term};

/// Words of a query that count, and letters of all of them.
const WORDS: usize = 12;
const LETTERS: usize = 300;
/// Documents that are looked at before languages of one thing are joined.
const LOOKED_AT: usize = 120;
/// Other words that one word may stand for.
const OTHERS: usize = 24;
/// A vocabulary of more words than this is not read from end to end while somebody waits.
const READ: usize = 50_000;
/// What scores less than this part of the best is not what was meant.
const LEAST: Score = 0.12;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// As it was typed: any text.
    pub text: &'a str,
    pub audiences: &'a [&'a str],
    /// This language comes first where two are equally good.
    pub locale: Locale,
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub id: Uuid,
    /// The language in which it was found.
    pub locale: Locale,
    pub score: f32,
}

/// What was found, the best first, and how to mark it in a text.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub marker: Highlighter,
}

impl Index {
    /// # Errors
    /// Only when the index itself is damaged; no query is wrong.
    pub fn find(&self, query: &Query) -> Result<Found> {
        let open = self.now();
        guarded(|| find(&open, query)).map_err(|error| self.damaged(&error))
    }
}

fn find(open: &Open, query: &Query) -> tantivy::Result<Found> {
    let searcher = open.reader.searcher();
    let vocabulary = Vocabulary::of(&searcher, &open.fields)?;
    let mut marker = Highlighter::default();
    let asked = asked(query.text);
    let last = asked.len().saturating_sub(1);
    let mut words = Vec::new();
    for (at, word) in asked.iter().enumerate() {
        let ways = vocabulary.ways(word, at == last)?;
        marker.add(ways.iter().flat_map(|way| &way.terms));
        if !ways.is_empty() {
            words.push(ways);
        }
    }
    if words.is_empty() {
        return Ok(Found::default());
    }
    let top = best(&searcher, &open.fields, &words, query.audiences, LOOKED_AT)?;
    let hits = joined(&searcher, top, query)?;
    Ok(Found { hits, marker })
}

/// The words that count; if none says anything, all do.
fn asked(text: &str) -> Vec<Asked> {
    let cut: String = text.chars().take(LETTERS).collect();
    let mut all: Vec<Asked> = Vec::new();
    for word in words(&cut) {
        let whole = plain(word.text);
        if !whole.is_empty() && !all.iter().any(|known| known.plain == whole) {
            all.push(Asked {
                plain: whole,
                parts: parts(word.text),
            });
        }
    }
    let says = |word: &Asked| {
        !is_empty_word(&word.plain)
            && (word.plain.len() > 1 || word.plain.bytes().all(|b| b.is_ascii_digit()))
    };
    if all.iter().any(says) {
        all.retain(says);
    }
    all.truncate(WORDS);
    all
}

struct Asked {
    plain: String,
    parts: Vec<String>,
}

/// All words of the index, forwards and backwards.
struct Vocabulary<'a> {
    fields: &'a Fields,
    segments: Vec<(Arc<InvertedIndexReader>, Arc<InvertedIndexReader>)>,
}

impl<'a> Vocabulary<'a> {
    fn of(searcher: &Searcher, fields: &'a Fields) -> tantivy::Result<Self> {
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            segments.push((
                reader.inverted_index(fields.forms)?,
                reader.inverted_index(fields.backwards)?,
            ));
        }
        Ok(Vocabulary { fields, segments })
    }

    fn has(&self, term: &str) -> tantivy::Result<bool> {
        for (forwards, _) in &self.segments {
            if forwards.terms().get(term.as_bytes())?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The forms of a plain word that stand in the index.
    fn known(&self, word: &str) -> tantivy::Result<Vec<String>> {
        let mut known = Vec::new();
        for form in forms(word) {
            if self.has(&form)? {
                known.push(form);
            }
        }
        Ok(known)
    }

    fn ways(&self, word: &Asked, is_last: bool) -> tantivy::Result<Vec<Way>> {
        let mut ways: Vec<Way> = Vec::new();
        for (at, form) in self.known(&word.plain)?.into_iter().enumerate() {
            let weight = if at == 0 { 1.0 } else { 0.9 };
            ways.push(Way::one(form, weight));
        }
        for part in &word.parts {
            for form in self.known(part)? {
                ways.push(Way::one(form, 0.5));
            }
        }
        self.compounds_with(&word.plain, &mut ways)?;
        if let Some(terms) = self.taken_apart(&word.plain, 3)? {
            // one part alone is worth little, but more than nothing
            for term in terms.iter().filter(|term| term.len() > 3) {
                ways.push(Way::one(term.clone(), 0.2));
            }
            ways.push(Way { terms, weight: 0.7 });
        }
        if is_last && word.plain.len() > 1 {
            let more = self.beginning(&word.plain)?.into_iter().take(OTHERS);
            ways.extend(more.map(|term| Way::one(term, 0.4)));
        }
        if ways.is_empty() {
            ways = self.slips(&word.plain)?;
        }
        if ways.is_empty() {
            for term in self.half_known(&word.plain)? {
                ways.push(Way::one(term, 0.4));
            }
        }
        if ways.is_empty() && word.plain.len() > 3 {
            for term in self.holding(&word.plain)? {
                ways.push(Way::one(term, 0.4));
            }
        }
        Ok(ways)
    }

    /// "umzug": "umzugsformular" and "serverumzug", where the rest is a word, too.
    fn compounds_with(&self, word: &str, ways: &mut Vec<Way>) -> tantivy::Result<()> {
        if word.len() < 3 {
            return Ok(());
        }
        let mut found = Vec::new();
        for form in forms(word).into_iter().filter(|form| form.len() > 2) {
            for term in self.beginning(&form)? {
                if let Some(rest) = term.strip_prefix(&form)
                    && form.len() > 3
                    && self.is_compound_rest(rest, true)?
                {
                    found.push(term);
                }
            }
            if form.len() > 3 {
                for term in self.ending(&form)? {
                    if let Some(rest) = term.strip_suffix(&form)
                        && self.is_compound_rest(rest, false)?
                    {
                        found.push(term);
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        found.truncate(OTHERS);
        ways.extend(found.into_iter().map(|term| Way::one(term, 0.55)));
        Ok(())
    }

    /// Whether what is left of a compound is a word: one of the index, with sounds that join, or a long one.
    fn is_compound_rest(&self, rest: &str, tail: bool) -> tantivy::Result<bool> {
        if rest.len() < 3 {
            return Ok(false);
        }
        for joint in JOINTS {
            let bare = if tail {
                rest.strip_prefix(joint)
            } else {
                rest.strip_suffix(joint)
            };
            if let Some(bare) = bare
                && bare.len() > 2
                && (joint.is_empty() && bare.len() > 5 || !self.known(bare)?.is_empty())
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// "serverumzug" read as "server" and "umzug", where both are words of the index.
    fn taken_apart(&self, word: &str, least: usize) -> tantivy::Result<Option<Vec<String>>> {
        if word.len() < 2 * least {
            return Ok(None);
        }
        // long beginnings first: "datenbank" before "daten"
        for at in (least..=word.len() - least).rev() {
            let Some((front, tail)) = word.split_at_checked(at) else {
                continue;
            };
            let Some(head) = self.head(front)? else {
                continue;
            };
            if let Some(form) = self.known(tail)?.pop() {
                return Ok(Some(vec![head, form]));
            }
            if tail.len() > 7
                && let Some(more) = self.taken_apart(tail, 4)?
            {
                let mut terms = vec![head];
                terms.extend(more);
                return Ok(Some(terms));
            }
        }
        Ok(None)
    }

    /// The first part of a compound, without the sound that joins it to the next.
    fn head(&self, front: &str) -> tantivy::Result<Option<String>> {
        for joint in JOINTS {
            if let Some(bare) = front.strip_suffix(joint)
                && bare.len() > 2
                && let Some(form) = self.known(bare)?.pop()
            {
                return Ok(Some(form));
            }
        }
        Ok(None)
    }

    /// Words that begin so, the commonest first.
    fn beginning(&self, start: &str) -> tantivy::Result<Vec<String>> {
        let mut found = Counted::default();
        for (forwards, _) in &self.segments {
            range(forwards.terms(), start, &mut found)?;
        }
        Ok(found.commonest())
    }

    fn ending(&self, end: &str) -> tantivy::Result<Vec<String>> {
        let mut found = Counted::default();
        for (_, reversed) in &self.segments {
            range(reversed.terms(), &backwards(end), &mut found)?;
        }
        let found = found.commonest().into_iter();
        Ok(found.map(|term| backwards(&term)).collect())
    }

    /// Words that differ by a slip or two; also with the slip in one part of a compound.
    fn slips(&self, word: &str) -> tantivy::Result<Vec<Way>> {
        let letters = word.chars().count();
        for distance in 1..=u8::from(letters > 3) + u8::from(letters > 5) {
            let weight = 0.75 / Score::from(distance);
            let near = self.near(word, distance)?;
            if !near.is_empty() {
                return Ok(near
                    .into_iter()
                    .map(|term| Way::one(term, weight))
                    .collect());
            }
        }
        if letters < 8 {
            return Ok(Vec::new());
        }
        for at in (4..=word.len() - 4).rev() {
            let Some((front, tail)) = word.split_at_checked(at) else {
                continue;
            };
            let (head, end) = (self.head(front)?, self.known(tail)?.pop());
            let (sure, both) = match (head, end) {
                (Some(head), None) => (
                    head.clone(),
                    self.near(tail, 1)?.pop().map(|end| vec![head, end]),
                ),
                (None, Some(end)) => (
                    end.clone(),
                    self.near(front, 1)?.pop().map(|head| vec![head, end]),
                ),
                _ => continue,
            };
            if let Some(terms) = both {
                let alone = Way::one(sure, 0.2);
                return Ok(vec![Way { terms, weight: 0.4 }, alone]);
            }
        }
        Ok(Vec::new())
    }

    fn near(&self, word: &str, distance: u8) -> tantivy::Result<Vec<String>> {
        let term = Term::from_field_text(self.fields.forms, word);
        let mut found = Counted::default();
        let first = word.chars().next().map(String::from).unwrap_or_default();
        for (forwards, _) in &self.segments {
            let slip = FuzzyTermQuery::new(term.clone(), distance, true).automaton()?;
            let mut near = forwards.terms().search(slip);
            if forwards.terms().num_terms() > READ {
                // few people slip in the first letter
                let end = [first.as_bytes(), &[u8::MAX]].concat();
                near = near.ge(&first).lt(end);
            }
            let mut stream = near.into_stream()?;
            while stream.advance() {
                found.add(stream.key(), stream.value().doc_freq);
            }
        }
        let mut found = found.commonest();
        found.sort_by_key(|near| !near.starts_with(&first));
        found.truncate(OTHERS / 3);
        Ok(found)
    }

    /// "urlaubsnotiz" where only "urlaub" is a word of the index.
    fn half_known(&self, word: &str) -> tantivy::Result<Vec<String>> {
        if word.len() < 8 {
            return Ok(Vec::new());
        }
        for at in (4..=word.len() - 3).rev() {
            if let Some((front, _)) = word.split_at_checked(at)
                && let Some(head) = self.head(front)?.filter(|head| head.len() > 3)
            {
                return Ok(vec![head]);
            }
        }
        for at in 3..=word.len() - 5 {
            if let Some((_, tail)) = word.split_at_checked(at)
                && let Some(known) = self.known(tail)?.pop()
            {
                return Ok(vec![known]);
            }
        }
        Ok(Vec::new())
    }

    /// Words with this in their middle: the last resort, which reads the whole vocabulary.
    fn holding(&self, word: &str) -> tantivy::Result<Vec<String>> {
        let mut found = Vec::new();
        let small = |of: &&(Arc<InvertedIndexReader>, _)| of.0.terms().num_terms() <= READ;
        for (forwards, _) in self.segments.iter().filter(small) {
            let mut stream = forwards.terms().stream()?;
            while found.len() < OTHERS && stream.advance() {
                if let Ok(text) = std::str::from_utf8(stream.key())
                    && text.contains(word)
                {
                    found.push(text.to_owned());
                }
            }
        }
        Ok(found)
    }
}

/// Sounds between the parts of a compound.
const JOINTS: [&str; 7] = ["", "s", "n", "en", "es", "er", "e"];

/// Words, and in how many documents each stands.
#[derive(Default)]
struct Counted(HashMap<String, u32>);

impl Counted {
    fn add(&mut self, term: &[u8], documents: u32) {
        if let Ok(term) = std::str::from_utf8(term) {
            *self.0.entry(term.to_owned()).or_default() += documents;
        }
    }

    fn commonest(self) -> Vec<String> {
        let mut all: Vec<(String, u32)> = self.0.into_iter().collect();
        all.sort_by(|(a, often), (b, less)| less.cmp(often).then_with(|| a.cmp(b)));
        all.into_iter().map(|(term, _)| term).collect()
    }
}

/// Longer words that begin so; where there are very many, some.
fn range(terms: &TermDictionary, start: &str, found: &mut Counted) -> tantivy::Result<()> {
    let mut stream = terms.range().ge(start.as_bytes()).into_stream()?;
    let mut read = 0;
    while read < OTHERS * 4 && stream.advance() && stream.key().starts_with(start.as_bytes()) {
        read += 1;
        if stream.key() != start.as_bytes() {
            found.add(stream.key(), stream.value().doc_freq);
        }
    }
    Ok(())
}

/// One hit for each thing, in the language asked for where it was found in that.
fn joined(
    searcher: &Searcher,
    top: Vec<(Score, tantivy::DocAddress)>,
    query: &Query,
) -> tantivy::Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    for (score, place) in top {
        let columns = searcher.segment_reader(place.segment_ord).fast_fields();
        let read = |name: &str| -> tantivy::Result<u64> {
            Ok(columns.u64(name)?.first(place.doc_id).unwrap_or_default())
        };
        let id = Uuid::from_u64_pair(read("high")?, read("low")?);
        let found_in = locale(read("locale")?);
        let own = found_in == query.locale;
        let score = if own { score * 1.15 } else { score };
        match hits.iter_mut().find(|hit| hit.id == id) {
            Some(known) => {
                known.score = known.score.max(score);
                if own {
                    known.locale = found_in;
                }
            }
            None => hits.push(Hit {
                id,
                locale: found_in,
                score,
            }),
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = hits.first().map_or(0.0, |hit| hit.score);
    hits.retain(|hit| hit.score >= best * LEAST);
    hits.truncate(query.limit);
    Ok(hits)
}
