-- What recorders need to go on where they stopped. It is no part of the log: it says nothing about the past, and can be
-- lost with no more harm than a gap.
CREATE TABLE recorder_memory (
    recorder TEXT NOT NULL,  -- whose memory it is: the cluster and the namespaces that are recorded
    key TEXT NOT NULL,       -- what is remembered
    value BLOB NOT NULL,     -- as JSON
    PRIMARY KEY (recorder, key)
) STRICT, WITHOUT ROWID;
