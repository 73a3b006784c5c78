"""Pure detectors: an event and a context in, findings out; no clock, no log, no store."""
