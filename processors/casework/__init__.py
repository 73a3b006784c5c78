"""Casework: correlate and record in one step. The only writer of incidents; decides whether somebody must know now."""

from processors.casework.step import CaseworkStep

__all__ = ["CaseworkStep"]
