"""What happens to an event: the stage table, pure detectors, rules, models, the two runtimes."""
