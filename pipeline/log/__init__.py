"""The log: where every message is kept, in order, until all it caused is acknowledged."""
