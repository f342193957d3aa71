-- owner: support
-- held_since: since when a mail stands in the thread that staff has to look at first, because nothing proves who sent it.
-- Such an entry is internal and its proof is 'held', until staff takes it ('accepted') or not ('unproven').
ALTER TABLE tickets ADD COLUMN held_since BIGINT;
