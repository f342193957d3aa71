-- owner: identity

-- The language of the desk's pages that the person has chosen; until then they follow the browser.
ALTER TABLE staff ADD COLUMN language TEXT;
CREATE INDEX staff_listed ON staff (name, id);
