//! Which documents are judged, and how well each fits: BM25 over title, keywords and text.
//!
//! The engine's own queries give the same numbers, but every union in them reads ahead through thousands of documents,
//! and here each word is a union of forms in three zones. This reads the lists once, only where somebody is judged.

use crate::index::Fields;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

/// What stands in more documents than this is common. What holds nothing else of the query is not what was meant, where
/// there is something rare beside it.
const COMMON: u64 = 500;
/// Where all words are common, so many documents are judged that hold them in title or keywords, and so many that hold
/// them anywhere: the last of the index, where the latest changes stand. To judge everything costs more the more was ever
/// written.
const JUDGED: u64 = 500;
/// So many of each segment: small ones hold what came last.
const JUDGED_AT_LEAST: u64 = 100;
/// So many documents are looked through at once from the end of a segment.
const WINDOW: DocId = 4_096;
/// What the second best counts beside the best: of a word's ways, and of the zones where a term stands.
const OTHER_WAY: Score = 0.1;
const OTHER_ZONE: Score = 0.3;

/// One way a word may be meant: terms that stand together, and how likely that is.
pub(crate) struct Way {
    pub terms: Vec<String>,
    pub weight: Score,
}

impl Way {
    pub fn one(term: impl Into<String>, weight: Score) -> Way {
        Way {
            terms: vec![term.into()],
            weight,
        }
    }
}

/// The best documents for these words, each given by its ways, among those this audience may see.
pub(crate) fn best(
    searcher: &Searcher,
    fields: &Fields,
    words: &[Vec<Way>],
    audiences: &[&str],
    most: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let zones = Zone::all(searcher, fields)?;
    let judged: Vec<Vec<Judge>> = words
        .iter()
        .map(|ways| {
            ways.iter()
                .map(|way| Judge::of(way, searcher, &zones))
                .collect()
        })
        .collect::<tantivy::Result<_>>()?;
    let mut top = Vec::new();
    let found = candidates(searcher, fields, words, audiences)?;
    for ((ord, segment), found) in (0..).zip(searcher.segment_readers()).zip(found) {
        let scores = judge(segment, &zones, &judged, &found)?;
        let places = found.iter().map(|doc| DocAddress::new(ord, *doc));
        top.extend(scores.into_iter().zip(places));
    }
    // of equals the later
    top.sort_by(|(a, here), (b, there)| b.total_cmp(a).then(there.cmp(here)));
    top.truncate(most);
    Ok(top)
}

/// Who is judged in each segment, in order: all that hold something rare; where nothing asked is rare, the last of those
/// that hold every word, or else any.
fn candidates(
    searcher: &Searcher,
    fields: &Fields,
    words: &[Vec<Way>],
    audiences: &[&str],
) -> tantivy::Result<Vec<Vec<DocId>>> {
    let (mut rare, mut all_common) = (Vec::new(), true);
    for ways in words {
        let some = rare_ones(searcher, fields, ways)?;
        all_common &= some.len() < ways.len();
        rare.extend(some);
    }
    let lists: Vec<Lists> = searcher
        .segment_readers()
        .iter()
        .map(|segment| Lists {
            segment,
            audiences: (fields.audience, audiences),
        })
        .collect();
    let mut found: Vec<Vec<DocId>> = lists
        .iter()
        .map(|of| {
            let rare = of.any_of(&[fields.forms], rare.iter().copied())?;
            of.between(0, TERMINATED, vec![rare])
        })
        .collect::<tantivy::Result<_>>()?;
    if all_common {
        let last = |zones: &[Field]| -> tantivy::Result<Vec<Vec<DocId>>> {
            let each = |of: &Lists| of.last(searcher, || of.each_of(zones, words));
            lists.iter().map(each).collect()
        };
        let heads = last(&[fields.title, fields.keywords])?;
        let mut texts = last(&[fields.forms])?;
        if texts.iter().all(Vec::is_empty) {
            let any = |of: &Lists| {
                let all = || Ok(vec![of.any_of(&[fields.forms], words.iter().flatten())?]);
                of.last(searcher, all)
            };
            texts = lists.iter().map(any).collect::<tantivy::Result<_>>()?;
        }
        for ((found, heads), texts) in found.iter_mut().zip(heads).zip(texts) {
            found.extend(heads.into_iter().chain(texts));
            found.sort_unstable();
            found.dedup();
        }
    }
    Ok(found)
}

/// Ways of a word that stand in few documents, together no more than makes a word common.
fn rare_ones<'a>(
    searcher: &Searcher,
    fields: &Fields,
    ways: &'a [Way],
) -> tantivy::Result<Vec<&'a Way>> {
    let mut left = COMMON;
    let mut rare = Vec::new();
    for way in ways {
        let mut fewest = u64::MAX;
        for term in &way.terms {
            let found = searcher.doc_freq(&Term::from_field_text(fields.forms, term))?;
            fewest = fewest.min(found);
        }
        if let Some(rest) = left.checked_sub(fewest) {
            left = rest;
            rare.push(way);
        }
    }
    Ok(rare)
}

/// Documents that hold all of some terms.
struct Together(Vec<SegmentPostings>);

impl Together {
    /// The first of them that is not before `from`.
    fn seek(&mut self, from: DocId) -> DocId {
        let mut at = from;
        loop {
            let before = at;
            for list in &mut self.0 {
                if list.doc() < at {
                    list.seek(at);
                }
                at = at.max(list.doc());
            }
            if at == before || at == TERMINATED {
                return at;
            }
        }
    }
}

/// Documents that fit in one of some ways.
struct AnyOf(Vec<Together>);

impl AnyOf {
    fn seek(&mut self, from: DocId) -> DocId {
        let each = self.0.iter_mut().map(|way| way.seek(from));
        each.min().unwrap_or(TERMINATED)
    }
}

/// The lists of a segment: which documents hold a term.
struct Lists<'a> {
    segment: &'a SegmentReader,
    audiences: (Field, &'a [&'a str]),
}

impl Lists<'_> {
    fn list(&self, field: Field, term: &str) -> tantivy::Result<Option<SegmentPostings>> {
        let index = self.segment.inverted_index(field)?;
        let term = Term::from_field_text(field, term);
        Ok(index.read_postings(&term, IndexRecordOption::Basic)?)
    }

    fn any_of<'w>(
        &self,
        zones: &[Field],
        ways: impl Iterator<Item = &'w Way>,
    ) -> tantivy::Result<AnyOf> {
        let mut any = Vec::new();
        for way in ways {
            for zone in zones {
                let lists = way.terms.iter().map(|term| self.list(*zone, term));
                if let Some(all) = lists.collect::<tantivy::Result<Option<Vec<_>>>>()? {
                    any.push(Together(all));
                }
            }
        }
        Ok(AnyOf(any))
    }

    fn each_of(&self, zones: &[Field], words: &[Vec<Way>]) -> tantivy::Result<Vec<AnyOf>> {
        let each = words.iter().map(|ways| self.any_of(zones, ways.iter()));
        each.collect()
    }

    fn readable(&self) -> tantivy::Result<AnyOf> {
        let (field, audiences) = self.audiences;
        let lists = audiences
            .iter()
            .filter_map(|audience| self.list(field, audience).transpose());
        let lists = lists.map(|list| Ok(Together(vec![list?])));
        Ok(AnyOf(lists.collect::<tantivy::Result<_>>()?))
    }

    /// The documents from `from` on and before `end` that stand in all of these, and that the audience may see.
    fn between(&self, from: DocId, end: DocId, mut all: Vec<AnyOf>) -> tantivy::Result<Vec<DocId>> {
        all.push(self.readable()?);
        let mut found = Vec::new();
        let mut at = from;
        while at < end {
            let before = at;
            for one in &mut all {
                at = one.seek(at);
            }
            if at == before {
                if !self.segment.is_deleted(at) {
                    found.push(at);
                }
                at += 1;
            }
        }
        Ok(found)
    }

    /// The last of the documents that stand in all of what is asked: as many of them as fall to this segment.
    fn last(
        &self,
        searcher: &Searcher,
        asked: impl Fn() -> tantivy::Result<Vec<AnyOf>>,
    ) -> tantivy::Result<Vec<DocId>> {
        let most = self.share(searcher);
        let (mut end, mut width) = (self.segment.max_doc(), WINDOW);
        let mut found = Vec::new();
        while found.len() < most && end > 0 {
            let from = end.saturating_sub(width);
            found.extend(self.between(from, end, asked()?)?.into_iter().rev());
            (end, width) = (from, width.saturating_mul(2));
        }
        found.truncate(most);
        Ok(found)
    }

    fn share(&self, searcher: &Searcher) -> usize {
        let all = searcher.segment_readers().iter();
        let all: u64 = all.map(|one| u64::from(one.max_doc())).sum();
        let share = JUDGED * u64::from(self.segment.max_doc()) / all.max(1);
        usize::try_from(share.max(JUDGED_AT_LEAST)).unwrap_or(usize::MAX)
    }
}

/// A part of a document, and what it counts.
struct Zone {
    field: Field,
    boost: Score,
    documents: u64,
    /// Forms in this zone of a document, on average.
    length: Score,
}

impl Zone {
    fn all(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Zone>> {
        let segments = searcher.segment_readers();
        let documents: u64 = segments.iter().map(|one| u64::from(one.max_doc())).sum();
        let zone = |(field, boost)| {
            let mut forms = 0;
            for segment in segments {
                forms += segment.inverted_index(field)?.total_num_tokens();
            }
            Ok(Zone {
                field,
                boost,
                documents,
                length: forms as Score / documents.max(1) as Score,
            })
        };
        [
            (fields.title, 2.6),
            (fields.keywords, 2.0),
            (fields.body, 1.0),
        ]
        .map(zone)
        .into_iter()
        .collect()
    }
}

/// A way, ready to be judged.
struct Judge {
    weight: Score,
    /// Each term with what it counts in each zone.
    terms: Vec<Vec<(Term, Bm25Weight)>>,
}

impl Judge {
    fn of(way: &Way, searcher: &Searcher, zones: &[Zone]) -> tantivy::Result<Judge> {
        let in_zone = |zone: &Zone, term: &str| {
            let term = Term::from_field_text(zone.field, term);
            let found = searcher.doc_freq(&term)?;
            let weight = Bm25Weight::for_one_term(found, zone.documents, zone.length);
            Ok((term, weight.boost_by(zone.boost)))
        };
        let term = |term: &String| zones.iter().map(|zone| in_zone(zone, term)).collect();
        Ok(Judge {
            weight: way.weight,
            terms: way.terms.iter().map(term).collect::<tantivy::Result<_>>()?,
        })
    }
}

/// The best of several scores of each candidate, and a part of the others.
struct Best {
    best: Vec<Score>,
    sum: Vec<Score>,
}

impl Best {
    fn of(candidates: usize) -> Best {
        Best {
            best: vec![0.0; candidates],
            sum: vec![0.0; candidates],
        }
    }

    fn with(&mut self, scores: impl Iterator<Item = Score>) {
        for ((best, sum), score) in self.best.iter_mut().zip(&mut self.sum).zip(scores) {
            *best = best.max(score);
            *sum += score;
        }
    }

    fn end(&self, others: Score) -> impl Iterator<Item = Score> {
        let each = self.best.iter().zip(&self.sum);
        each.map(move |(best, sum)| best + others * (sum - best))
    }
}

/// What each candidate is worth. Candidates are in order.
fn judge(
    segment: &SegmentReader,
    zones: &[Zone],
    words: &[Vec<Judge>],
    candidates: &[DocId],
) -> tantivy::Result<Vec<Score>> {
    let mut scores = vec![0.0; candidates.len()];
    if candidates.is_empty() {
        return Ok(scores);
    }
    let lengths: Vec<FieldNormReader> = zones
        .iter()
        .map(|zone| segment.get_fieldnorms_reader(zone.field))
        .collect::<tantivy::Result<_>>()?;
    for ways in words {
        let mut word = Best::of(candidates.len());
        for way in ways {
            let share = way.weight / way.terms.len().max(1) as Score;
            let mut together: Option<Vec<Score>> = None;
            for term in &way.terms {
                let one = anywhere(segment, &lengths, term, candidates)?;
                together = Some(match together {
                    None => one.end(OTHER_ZONE).collect(),
                    // together they count as one word, and only together
                    Some(so_far) => so_far
                        .into_iter()
                        .zip(one.end(OTHER_ZONE))
                        .map(|(a, b)| if a > 0.0 && b > 0.0 { a + b } else { 0.0 })
                        .collect(),
                });
            }
            word.with(together.into_iter().flatten().map(|score| score * share));
        }
        for (score, of_word) in scores.iter_mut().zip(word.end(OTHER_WAY)) {
            *score += of_word;
        }
    }
    Ok(scores)
}

/// A term in title, keywords or text.
fn anywhere(
    segment: &SegmentReader,
    lengths: &[FieldNormReader],
    term: &[(Term, Bm25Weight)],
    candidates: &[DocId],
) -> tantivy::Result<Best> {
    let mut best = Best::of(candidates.len());
    for ((term, weight), lengths) in term.iter().zip(lengths) {
        let index = segment.inverted_index(term.field())?;
        let Some(mut list) = index.read_postings(term, IndexRecordOption::WithFreqs)? else {
            continue;
        };
        best.with(candidates.iter().map(|doc| {
            if list.doc() < *doc {
                list.seek(*doc);
            }
            if list.doc() == *doc {
                weight.score(lengths.fieldnorm_id(*doc), list.term_freq())
            } else {
                0.0
            }
        }));
    }
    Ok(best)
}
