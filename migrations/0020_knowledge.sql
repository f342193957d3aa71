-- owner: knowledge

-- One row: revision counts every change of what readers see, so that each node knows when what it keeps in memory and
-- in its index is old; another epoch means that indexes are to be filled anew.
CREATE TABLE kb_state (
  id BIGINT PRIMARY KEY NOT NULL,
  epoch BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
INSERT INTO kb_state (id, epoch, revision) VALUES (1, 1, 0);

-- Folders and categories.
CREATE TABLE kb_groups (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  slug TEXT NOT NULL,
  name_de TEXT NOT NULL,
  name_en TEXT NULL,
  position BIGINT NOT NULL
);
CREATE UNIQUE INDEX kb_groups_slug ON kb_groups (kind, slug);

CREATE TABLE kb_manuals (
  id UUID PRIMARY KEY NOT NULL,
  title_de TEXT NOT NULL,
  title_en TEXT NULL,
  link TEXT NOT NULL,
  note_de TEXT NULL,
  note_en TEXT NULL,
  position BIGINT NOT NULL
);

-- categories: ids separated by blanks.
CREATE TABLE articles (
  id UUID PRIMARY KEY NOT NULL,
  slug TEXT NOT NULL,
  folder_id UUID NULL,
  categories TEXT NOT NULL,
  state TEXT NOT NULL,
  audience TEXT NOT NULL,
  published_at BIGINT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX articles_slug ON articles (slug);
CREATE INDEX articles_revision ON articles (revision);

-- The languages of an article. source: the file it was imported from, as long as it says the same.
CREATE TABLE article_texts (
  article_id UUID NOT NULL,
  locale TEXT NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NULL,
  keywords TEXT NULL,
  body TEXT NOT NULL,
  stale BOOLEAN NOT NULL,
  changed_at BIGINT NOT NULL,
  source TEXT NULL,
  PRIMARY KEY (article_id, locale)
);

CREATE TABLE article_versions (
  article_id UUID NOT NULL,
  locale TEXT NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NULL,
  keywords TEXT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (article_id, locale, version)
);

-- One vote a reader: of users their id, of guests a hash of their cookie.
CREATE TABLE article_votes (
  id UUID PRIMARY KEY NOT NULL,
  article_id UUID NOT NULL,
  reader TEXT NOT NULL,
  locale TEXT NOT NULL,
  helpful BOOLEAN NOT NULL,
  reasons TEXT NOT NULL,
  comment TEXT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX article_votes_reader ON article_votes (article_id, reader);
CREATE INDEX article_votes_at ON article_votes (article_id, at);

-- Searches that found nothing.
CREATE TABLE kb_misses (
  id UUID PRIMARY KEY NOT NULL,
  words TEXT NOT NULL,
  shown TEXT NOT NULL,
  locale TEXT NOT NULL,
  times BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX kb_misses_words ON kb_misses (words);
CREATE INDEX kb_misses_last ON kb_misses (last_at, id);
