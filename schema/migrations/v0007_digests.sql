-- A template's digest takes a member that is null for one that is not there, as API servers do, which was otherwise
-- before: revisions are numbered anew.
DELETE FROM revision;
