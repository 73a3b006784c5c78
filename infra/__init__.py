"""Images, definitions and local engines; not part of the distribution."""
