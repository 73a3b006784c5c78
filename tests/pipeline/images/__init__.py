"""Tests of `pipeline.images`; they draw their own pictures."""
