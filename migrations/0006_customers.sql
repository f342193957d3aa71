-- owner: customers

CREATE TABLE customers (
    id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    kind_at BIGINT NOT NULL,
    company TEXT,
    salutation TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    vat_id TEXT,
    phone TEXT,
    mobile TEXT,
    billing_email TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customers_number ON customers (number);

-- What the desk finds a customer by: each name, number and address in its folded form.
CREATE TABLE customer_keys (
    customer_id UUID NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (customer_id, key)
);
CREATE INDEX customer_keys_key ON customer_keys (key, customer_id);

-- rights is empty for owners: they hold all. used_at tells which customer is in force after sign-in by address.
CREATE TABLE memberships (
    customer_id UUID NOT NULL,
    user_id UUID NOT NULL,
    is_owner BOOLEAN NOT NULL,
    is_main_owner BOOLEAN NOT NULL,
    rights TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
CREATE UNIQUE INDEX memberships_main_owner ON memberships (customer_id) WHERE is_main_owner = TRUE;

CREATE TABLE addresses (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company TEXT,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    town TEXT NOT NULL,
    country TEXT NOT NULL,
    phone TEXT,
    billing BOOLEAN NOT NULL,
    delivery BOOLEAN NOT NULL
);
CREATE INDEX addresses_customer ON addresses (customer_id, id);
CREATE UNIQUE INDEX addresses_billing ON addresses (customer_id) WHERE billing = TRUE;
CREATE UNIQUE INDEX addresses_delivery ON addresses (customer_id) WHERE delivery = TRUE;
