-- Rollouts and attributions with a column for each part, so that long lists are read without parsing and found by any
-- part. These tables take the place of those of the same names; who applies this script rebuilds the projections.
DROP TABLE rollout;
DROP TABLE attribution;

-- The rollouts of every subject. Lists and labels are JSON.
CREATE TABLE rollout (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,           -- from 1 in its stream
    kind TEXT NOT NULL,                -- rollout or rollback
    strategy TEXT NOT NULL,            -- RollingUpdate, Recreate, BlueGreen, Canary or Replace
    outcome TEXT NOT NULL,             -- running, succeeded, failed, rolledBack, superseded or aborted
    from_images TEXT NOT NULL,         -- in the order of the containers: ["nginx:1.25"]
    to_images TEXT NOT NULL,           -- likewise
    from_selector TEXT,                -- of a Service: {"app":"web"}; else NULL
    to_selector TEXT,                  -- likewise
    revision INTEGER NOT NULL,         -- the number in table revision
    from_revision INTEGER,             -- the number of the revision before; NULL for a first rollout
    restores INTEGER,                  -- of a rollback: the rollout whose revision it brings back
    started_at INTEGER NOT NULL,       -- microseconds since 1970 in UTC
    ended_at INTEGER,                  -- likewise; NULL while it runs
    diagnosis TEXT,                    -- why it is not well; NULL if nothing is known against it
    actor TEXT,                        -- a user, or a field manager; NULL if nothing tells
    actor_evidence TEXT,               -- engine, audit or fieldManager; NULL with actor
    actor_event BLOB,                  -- the id of the event that the actor is of
    change_cause TEXT,                 -- what the annotation kubernetes.io/change-cause says
    desired INTEGER NOT NULL,          -- how many pods were wanted last
    pods TEXT NOT NULL,                -- the pods created for it, in order of creation, at most 1,000
    lowest_ready INTEGER NOT NULL,     -- the lowest number of ready pods of any revision while it ran
    most_pods INTEGER NOT NULL,        -- the most pods at once while it ran
    first_position INTEGER NOT NULL,   -- of the first action that belongs to it
    start_position INTEGER NOT NULL,   -- of the event that began it
    end_position INTEGER,              -- of the event that ended it; NULL while it runs
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollout_by_start ON rollout (start_position);

-- Who did what an event says, where another event than that one tells it. One row for each that does.
CREATE TABLE attribution (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL,       -- the position of the event that tells it
    event BLOB NOT NULL,           -- the id of the event that is attributed
    actor TEXT NOT NULL,           -- a user
    actor_evidence TEXT NOT NULL,  -- engine, audit or fieldManager
    confidence TEXT NOT NULL,      -- exact or inferred
    position INTEGER,              -- of that event; NULL if it does not come before the one that tells it
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribution_by_event ON attribution (event);
CREATE INDEX attribution_by_actor ON attribution (actor, position);
