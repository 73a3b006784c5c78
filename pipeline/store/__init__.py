"""The store: where incidents are found again. SQLite with FTS5, or Elasticsearch; the same hits in both."""
