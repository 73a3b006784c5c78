"""Writes the published JSON Schema beside the code that makes it; run by hand after a type of the event changed."""

from pipeline.schema import FILE, text

if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
