-- What a list of subjects is chosen by. One row for each subject that has had labels.
CREATE TABLE subject (
    stream INTEGER NOT NULL REFERENCES stream,  -- the subject
    number INTEGER NOT NULL CHECK (number = 1), -- there is one row for each
    body TEXT NOT NULL,                         -- its labels, as JSON with sorted keys: {"labels":{"app":"web"}}
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;
