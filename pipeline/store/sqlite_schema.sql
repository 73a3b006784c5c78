-- The embedded store. rank_down and posted_down are negated, so that every order in use is ascending and an index serves it.
CREATE TABLE IF NOT EXISTS incident (
  number INTEGER PRIMARY KEY,
  incident_id TEXT NOT NULL UNIQUE,
  reference TEXT NOT NULL,
  version INTEGER NOT NULL,
  rank_down INTEGER NOT NULL,
  state TEXT NOT NULL,
  person TEXT,
  topic_ref TEXT,
  platform TEXT NOT NULL,
  posted_down INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS incident_reference ON incident (reference);
CREATE INDEX IF NOT EXISTS incident_newest ON incident (posted_down, incident_id);
CREATE INDEX IF NOT EXISTS incident_level ON incident (rank_down, posted_down, incident_id);
CREATE INDEX IF NOT EXISTS incident_state ON incident (state, rank_down, posted_down, incident_id);
CREATE INDEX IF NOT EXISTS incident_person ON incident (person, posted_down, incident_id);
CREATE INDEX IF NOT EXISTS incident_topic ON incident (topic_ref, posted_down, incident_id);
CREATE INDEX IF NOT EXISTS incident_platform ON incident (platform, posted_down, incident_id);
CREATE TABLE IF NOT EXISTS incident_body (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facet (
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (field, value, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facet_number ON facet (number);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (terms, tokenize = 'ascii', columnsize = 0);
CREATE TABLE IF NOT EXISTS small (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  grouping TEXT NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS small_group ON small (kind, grouping, at, key);
