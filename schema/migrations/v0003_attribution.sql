-- Who did what an event says, where another event than that one tells it. One row for each that does.
CREATE TABLE attribution (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,  -- the position of the event that tells it
    event TEXT NOT NULL,      -- the id of the event that is attributed
    body TEXT NOT NULL,       -- the attribution as JSON with sorted keys
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribution_by_event ON attribution (event);
