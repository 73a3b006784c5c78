"""The rulebook engine: rules are TOML data, checked against their own examples, matched in linear time."""
