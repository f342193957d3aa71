-- owner: customers
ALTER TABLE addresses ADD COLUMN extra TEXT;
