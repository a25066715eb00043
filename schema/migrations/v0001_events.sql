-- The log. Rows of these tables are written once; the triggers below keep it so against any SQLite client.

-- What this ledger is called in its Merkle tree, so that no two ledgers have a leaf in common. One row.
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY CHECK (id = 1),      -- 1: there is one row
    uid BLOB NOT NULL CHECK (length(uid) = 16)  -- a random UUID
) STRICT;

-- The subjects, numbered in the order of their first events.
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,   -- from 1 without gaps
    cluster TEXT NOT NULL,    -- what the person who records calls the cluster
    namespace TEXT NOT NULL,  -- the Kubernetes namespace
    kind TEXT NOT NULL,       -- deployment, service, pod, replicaset or recording
    name TEXT NOT NULL,       -- the object's name
    UNIQUE (cluster, namespace, kind, name)
) STRICT;

-- The types of events, numbered in the order of their first events.
CREATE TABLE event_type (
    id INTEGER PRIMARY KEY,    -- from 1 without gaps
    name TEXT NOT NULL UNIQUE  -- deployment.created, say
) STRICT;

-- The events: everything of them that the leaf of the Merkle tree covers, except the payload itself.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,                -- from 1 without gaps, in the order of commits
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),  -- a UUID: appending the same id again changes nothing
    stream INTEGER NOT NULL REFERENCES stream,   -- the subject
    version INTEGER NOT NULL,                    -- from 1 without gaps in its stream
    type INTEGER NOT NULL REFERENCES event_type,  -- what kind of thing happened
    schema_version INTEGER NOT NULL CHECK (schema_version >= 1),  -- the version of the type's payload schema
    occurred_at INTEGER NOT NULL,                -- microseconds since 1970 in UTC, by the cluster's clock where it says
    recorded_at INTEGER NOT NULL,                -- microseconds since 1970 in UTC, by the clock of who appended it
    rollout BLOB CHECK (length(rollout) = 16),   -- the engine's run; NULL for what was observed
    cause BLOB CHECK (length(cause) = 16),       -- the id of the event that led to this one
    actor TEXT,                                  -- a user, or a field manager; NULL if nothing tells
    actor_evidence TEXT,                         -- engine, audit or fieldManager; NULL with actor
    origin TEXT NOT NULL,                        -- engine, recorder, audit, import or command
    inferred INTEGER NOT NULL CHECK (inferred IN (0, 1)),         -- 1 if concluded afterwards rather than seen
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),  -- SHA-256 of 'payload/v1', a zero byte, salt, payload
    leaf BLOB NOT NULL CHECK (length(leaf) = 32)               -- the hash of the event's leaf in the tree
) STRICT;

-- Each of these ends with the position, as every index of SQLite does: one filter, in the order of the log.
CREATE INDEX event_by_stream ON event (stream);
CREATE INDEX event_by_type ON event (type);
CREATE INDEX event_by_occurred ON event (occurred_at);
CREATE INDEX event_by_actor ON event (actor) WHERE actor IS NOT NULL;
CREATE INDEX event_by_rollout ON event (rollout) WHERE rollout IS NOT NULL;

-- The payloads, apart from the events, so that a scan of events need not read them.
CREATE TABLE payload (
    position INTEGER PRIMARY KEY REFERENCES event,  -- of the event
    salt BLOB NOT NULL CHECK (length(salt) = 32),  -- random, so that the commitment does not give the payload away
    content BLOB NOT NULL                          -- UTF-8 JSON, as it was appended
) STRICT;

-- The right edge of the Merkle tree over all leaves. One row, which every append moves on.
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),  -- 1: there is one row
    size INTEGER NOT NULL,  -- the number of events
    frontier BLOB NOT NULL  -- size as 8 bytes, big-endian, then the roots of the perfect subtrees, the largest first
) STRICT;

-- Full tiles of the tree, as <https://c2sp.org/tlog-tiles> has them.
CREATE TABLE tile (
    level INTEGER NOT NULL,                                    -- 0 is the leaves
    number INTEGER NOT NULL,                                   -- from 0 within the level
    root BLOB NOT NULL CHECK (length(root) = 32),              -- one hash of the tile above
    hashes BLOB NOT NULL CHECK (length(hashes) = 256 * 32),    -- 256 hashes of 32 bytes, in order
    PRIMARY KEY (level, number)
) STRICT;

-- REPLACE deletes rows without firing delete triggers unless recursive_triggers is on, so inserts are judged as well.
CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
    OR NEW.version IS NOT
        coalesce((SELECT version FROM event WHERE stream = NEW.stream ORDER BY position DESC LIMIT 1), 0) + 1
    OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are only ever appended: wrong position or version, or an id that is there'); END;
CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events never change'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TRIGGER payload_insert BEFORE INSERT ON payload
WHEN NEW.position IS NOT (SELECT max(position) FROM event)
    OR EXISTS (SELECT 1 FROM payload WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'payloads are only ever appended: not that of the newest event, or it is there'); END;
CREATE TRIGGER payload_update BEFORE UPDATE ON payload BEGIN SELECT RAISE(ABORT, 'payloads never change'); END;
CREATE TRIGGER payload_delete BEFORE DELETE ON payload BEGIN SELECT RAISE(ABORT, 'payloads are never deleted'); END;

CREATE TRIGGER stream_insert BEFORE INSERT ON stream
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM stream)
    OR EXISTS (
        SELECT 1 FROM stream
        WHERE cluster = NEW.cluster AND namespace = NEW.namespace AND kind = NEW.kind AND name = NEW.name
    )
BEGIN SELECT RAISE(ABORT, 'streams are only ever appended: wrong id, or a name that is there'); END;
CREATE TRIGGER stream_update BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'streams never change'); END;
CREATE TRIGGER stream_delete BEFORE DELETE ON stream BEGIN SELECT RAISE(ABORT, 'streams are never deleted'); END;

CREATE TRIGGER event_type_insert BEFORE INSERT ON event_type
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event_type)
    OR EXISTS (SELECT 1 FROM event_type WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'event types are only ever appended: wrong id, or a name that is there'); END;
CREATE TRIGGER event_type_update BEFORE UPDATE ON event_type BEGIN SELECT RAISE(ABORT, 'event types never change'); END;
CREATE TRIGGER event_type_delete BEFORE DELETE ON event_type
BEGIN SELECT RAISE(ABORT, 'event types are never deleted'); END;

CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger)
BEGIN SELECT RAISE(ABORT, 'a ledger has one identity'); END;
CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'a ledger keeps its identity'); END;
CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'a ledger keeps its identity'); END;
