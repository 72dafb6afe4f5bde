-- The index of an archive. Rows never change, and leave only when their version has a tombstone.
CREATE TABLE object (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL,
  version INTEGER NOT NULL,
  manifest TEXT NOT NULL REFERENCES object (sha256),
  readers TEXT NOT NULL, -- ids with a space between, as held_file has them: a long list is written in one pass
  met_on TEXT NOT NULL,
  sealed INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  added_at TEXT NOT NULL,
  UNIQUE (ref, version, manifest)
) STRICT;
CREATE INDEX entry_by_day ON entry (met_on);
CREATE INDEX entry_by_manifest ON entry (manifest);

CREATE TABLE held_file (
  entry INTEGER NOT NULL REFERENCES entry (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  reader TEXT,
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  PRIMARY KEY (entry, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_file_by_reader ON held_file (reader, entry);
CREATE INDEX held_file_by_digest ON held_file (sha256);

CREATE TABLE facts (
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL,
  version INTEGER NOT NULL,
  said TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
CREATE INDEX facts_by_ref ON facts (ref, version, id);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL,
  what TEXT NOT NULL,
  day TEXT NOT NULL,
  version INTEGER,
  reader TEXT,
  how TEXT,
  added_at TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_ref ON event (ref, id, what);
CREATE INDEX event_by_what ON event (what, ref);

CREATE TABLE tombstone (
  ref TEXT NOT NULL,
  version INTEGER NOT NULL,
  disposed_on TEXT NOT NULL,
  manifest TEXT NOT NULL,
  PRIMARY KEY (ref, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER object_never_changes BEFORE UPDATE ON object BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER held_file_never_changes BEFORE UPDATE ON held_file BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER facts_never_change BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER event_never_changes BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER tombstone_never_changes BEFORE UPDATE ON tombstone BEGIN SELECT RAISE(ABORT, 'rows never change'); END;
CREATE TRIGGER tombstone_stays BEFORE DELETE ON tombstone BEGIN SELECT RAISE(ABORT, 'rows never change'); END;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE ref = OLD.ref AND version = OLD.version)
BEGIN SELECT RAISE(ABORT, 'rows never change'); END;

CREATE TRIGGER held_file_stays BEFORE DELETE ON held_file
WHEN NOT EXISTS (
  SELECT 1 FROM entry JOIN tombstone USING (ref, version) WHERE entry.id = OLD.entry
)
BEGIN SELECT RAISE(ABORT, 'rows never change'); END;

CREATE TRIGGER facts_stay BEFORE DELETE ON facts
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE ref = OLD.ref AND version = OLD.version)
BEGIN SELECT RAISE(ABORT, 'rows never change'); END;

CREATE TRIGGER event_stays BEFORE DELETE ON event
WHEN EXISTS (SELECT 1 FROM entry WHERE ref = OLD.ref) OR NOT EXISTS (SELECT 1 FROM tombstone WHERE ref = OLD.ref)
BEGIN SELECT RAISE(ABORT, 'rows never change'); END;

CREATE TRIGGER disposed_stays_disposed BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM tombstone WHERE ref = NEW.ref AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'disposed'); END;
