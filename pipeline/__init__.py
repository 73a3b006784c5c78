"""Vocabulary, ways in, places to keep things; imports neither neighbour."""
