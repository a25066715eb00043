-- The projections: folds of the events, written in the transaction of each append. They can be dropped and rebuilt from
-- the log, byte for byte the same; `shipslog rebuild` does. They have no rowids, so that equal rows are equally stored.

-- The rollouts of every subject.
CREATE TABLE rollout (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,          -- from 1 in its stream
    start_position INTEGER NOT NULL,  -- the event that began it
    body TEXT NOT NULL,               -- the rollout as JSON with sorted keys
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollout_by_start ON rollout (start_position);

-- The distinct templates of every subject; of a Service, its selectors.
CREATE TABLE revision (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,  -- from 1 in its stream
    body TEXT NOT NULL,       -- the revision as JSON with sorted keys
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;

-- The times in which a Service had no ready endpoint.
CREATE TABLE outage (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,  -- from 1 in its stream
    body TEXT NOT NULL,       -- the outage as JSON with sorted keys
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;

-- The state of a subject after every 256th of its events. There is no table of current states: now is the newest
-- snapshot and the fewer than 256 events since.
CREATE TABLE snapshot (
    stream INTEGER NOT NULL REFERENCES stream,           -- the subject
    version INTEGER NOT NULL CHECK (version % 256 = 0),  -- of its last event
    position INTEGER NOT NULL,      -- of the event of that version
    max_occurred INTEGER NOT NULL,  -- the latest occurred_at of all events of the stream up to here
    min_occurred INTEGER NOT NULL,  -- the earliest occurred_at of the 256 events that end here
    state BLOB NOT NULL,            -- the state as JSON with sorted keys
    PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;
