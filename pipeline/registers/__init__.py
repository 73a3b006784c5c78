"""Registers: councillors, accounts, topics and the rest, as files that are validated as a whole before they count."""
