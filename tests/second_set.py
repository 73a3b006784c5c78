"""The second labelled set: the short lines of `tests/data/second_set/*.toml` in the form of the shared examples.

Beside the flow. `python -m tests.second_set OUT.jsonl REGISTERS` writes the expanded set and the registers it stands on
(those of the demo borough, with the entries of `tests/data/second_set/registers` added) for `parapet evaluate
--labelled OUT.jsonl --registers REGISTERS`. The short form is explained in `tests/data/second_set/README.md`.
"""

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dashboards.demo import REGISTERS as DEMO
from tests.second_set_events import Line, event
from tests.second_set_labels import labels

SOURCE = Path(__file__).with_name("data") / "second_set"
EXTRA = SOURCE / "registers"
FIELDS = frozenset({"t", "x", "at", "out", "on", "by", "id", "when", "thread", "re", "re_by", "share", "share_by"})
FIELDS |= {"kind_of", "img", "profile", "before", "history", "disputed", "note"}


def source_lines() -> Iterator[tuple[str, str, Line]]:
    """Yield id, kind and short line of the whole set, in the order of files; what the kind says holds for its lines.

    Raises:
        ValueError: naming the line with a field that is none.
    """
    for file in sorted(SOURCE.glob("*.toml")):
        for kind in tomllib.loads(file.read_text(encoding="utf-8"))["kind"]:
            for number, given in enumerate(kind["lines"], start=1):
                identity = f"{kind['name']}-{number:02d}"
                line = {"t": given} if isinstance(given, str) else given
                if line.keys() - FIELDS:
                    raise ValueError(f"{file.name}, {identity}: {sorted(line.keys() - FIELDS)} are no fields")
                yield identity, kind["name"], {k: kind[k] for k in ("at", "thread") if k in kind} | line


def earlier(identity: str, line: Line, now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the history: each `DATE TIME text`, by the same author at the same place."""
    past = []
    for number, told in enumerate(line.get("history", []), start=1):
        when, text = told[:16], told[17:]
        short = {k: line[k] for k in ("at", "out", "thread") if k in line} | {"t": text, "when": when}
        past.append(event(f"{identity}-before-{number}", short) | {"author": now["author"]})
    return past


def example(identity: str, kind: str, line: Line) -> dict[str, Any]:
    """Return one labelled example."""
    now = event(identity, line)
    findings, expected = labels(line.get("x", []))
    tags = ["hard_negative"] if not findings else []
    tags += ["history"] if "history" in line else []
    whole: dict[str, Any] = {
        "id": identity,
        "kind": kind,
        "event": now,
        "history": earlier(identity, line, now),
        "expected": expected,
    }
    whole |= {"tags": [*tags, f"kind:{kind}"], "note": line.get("note")}
    return whole | ({"disputed": True, "note": line["disputed"]} if "disputed" in line else {})


def examples() -> list[dict[str, Any]]:
    """Return the whole set."""
    return [example(*one) for one in source_lines()]


def write_registers(folder: Path) -> None:
    """Write the demo borough's registers with the set's own entries added."""
    shutil.copytree(DEMO, folder, dirs_exist_ok=True)
    for extra in EXTRA.glob("*.json"):
        path = folder / extra.name
        entries = json.loads(path.read_text(encoding="utf-8")) + json.loads(extra.read_text(encoding="utf-8"))
        path.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")


def main(out: Path, folder: Path) -> None:
    """Write the expanded set and its registers."""
    out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in examples()), encoding="utf-8")
    write_registers(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
