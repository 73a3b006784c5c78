"""Faults: the services' own commands as processes, killed in the middle of their work."""
