"""Ellenford, the example borough that `make run` feeds: registers and one day of events, all invented for Parapet."""

from datetime import date
from pathlib import Path

REGISTERS = Path(__file__).with_name("registers")
FEED = Path(__file__).with_name("feed.jsonl")
DAY = date(2026, 10, 8)
