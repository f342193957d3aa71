-- owner: web
-- Under which key a form was sent, and where that led: the same form sent again goes there, too.
CREATE TABLE form_keys (
    key TEXT NOT NULL,
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    body BYTES NOT NULL,
    location TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (key, actor, route)
);
CREATE INDEX form_keys_at ON form_keys (at);
