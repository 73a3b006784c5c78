"""Ellenford, the example borough that `make run` feeds: registers and one day of events, all invented for Parapet."""
