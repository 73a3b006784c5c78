"""The second labelled set: expands the short lines of `tests/data/second_set/*.toml` into the form of the shared examples.

Beside the flow. `python -m tests.second_set OUT.jsonl REGISTERS` writes the expanded set and the registers it stands on
(those of the demo borough, with the entries of `tests/data/second_set/registers` added) for `parapet evaluate
--labelled OUT.jsonl --registers REGISTERS`. Short form: see `tests/data/second_set/README.md`. Ids and hours are made
from kind and place in the file, so the same source gives the same set.
"""

import hashlib
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.demo import REGISTERS as DEMO
from pipeline.vocabulary.levels import ALERTING, Level
from tests.second_set_labels import labels

SOURCE = Path(__file__).with_name("data") / "second_set"
EXTRA = SOURCE / "registers"
FIRST_DAY = datetime(2026, 9, 16, 7, 0, tzinfo=UTC)
FIELDS = frozenset(
    "t at out on off by id bio thread re re_by when kind_of img share share_by profile before history x disputed note".split()
)
FORUM = {"x", "bluesky", "mastodon"}
OBJECTS = {"youtube": "message", "wikipedia": "revision"}
PREFIXES = {"facebook": "fb", "instagram": "ig", "youtube": "yt", "linkedin": "li", "wikipedia": "wp", "tiktok": "tt"}
PREFIXES |= {"mastodon": "ma", "bluesky": "bs", "nextdoor": "nd"}
FIRST_NAMES = "Pat Gaz Maureen Dilys Tariq Shaz Ewan Bolu Keith Agnieszka Trev Morag Siân Dev Lorraine Kwame".split()
LAST_NAMES = "Hobday Pickersgill Nnadi Tregear Ostler Bains Cottam Farrant Mulvey Sugden Okoro Yelland Gow".split()

Line = dict[str, Any]


def digits(count: int, *parts: str) -> str:
    """Return so many digits that stand for the parts."""
    return str(int(hashlib.sha256("\0".join(parts).encode()).hexdigest(), 16))[-count:].replace("0", "7", 1)


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


def accounts() -> dict[str, dict[str, Any]]:
    """Return the registered accounts by id without its `acc-`."""
    entries = json.loads((DEMO / "accounts.json").read_text(encoding="utf-8"))
    return {entry["id"].removeprefix("acc-"): entry for entry in entries}


def resident(name: str | None, given: str | None, platform: str, identity: str) -> dict[str, Any]:
    """Return an author who is in no register, with a made-up name where none is given."""
    seed = int(digits(6, identity))
    name = name or f"{FIRST_NAMES[seed % len(FIRST_NAMES)]} {LAST_NAMES[seed // 16 % len(LAST_NAMES)]}"
    handle = name.removeprefix("@") if name.startswith("@") else re.sub(r"[^\w]+", ".", name.lower()).strip(".")
    author = given or f"{PREFIXES.get(platform, platform)}:{digits(14, platform, name)}"
    return {"id": author, "handle": handle, "display_name": name.removeprefix("@"), "bio": None}


def owner(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account's owner as an author."""
    shown = {"handle": account["handle"], "display_name": account["display_name"], "bio": account["note"]}
    return {"id": account["platform_account_id"], **shown}


def moment(line: Line, identity: str) -> datetime:
    """Return when it was posted, London time: as given, or an hour of the autumn made from the id."""
    if "when" in line:
        return datetime.fromisoformat(line["when"]).replace(tzinfo=ZoneInfo("Europe/London"))
    made = FIRST_DAY + timedelta(days=int(digits(4, identity)) % 50, minutes=int(digits(5, identity, "m")) % 870)
    return made.astimezone(ZoneInfo("Europe/London"))


def quoted(line: Line, account: Mapping[str, Any], what: str) -> dict[str, str] | None:
    """Return the item answered or shared; an answer on a councillor's account answers the councillor."""
    if what not in line:
        return None
    own = what == "re" and account["owner_kind"] != "council_page" and "out" not in line
    return {"text": line[what], "author_handle": line.get(f"{what}_by", account["handle"] if own else "resident.77")}


def object_type(line: Line, platform: str) -> str:
    """Return what kind of item the line is on its platform."""
    if "kind_of" in line:
        return str(line["kind_of"])
    if "profile" in line:
        return "profile"
    if "share" in line:
        return "share"
    if "re" in line:
        return "reply"
    return OBJECTS.get(platform, "post" if "out" in line or platform in FORUM else "comment")


def action(line: Line, kind: str) -> str:
    """Return what happened to the item."""
    if kind == "profile":
        return "profile_update" if "before" in line else "snapshot"
    return {"share": "share", "reaction": "react", "revision": "update"}.get(kind, "create")


def webcast(line: Line, people: Mapping[str, str]) -> dict[str, Any] | None:
    """Return who is speaking where the line stands in a live chat: `on` is a councillor, or `-` for nobody."""
    if "on" not in line:
        return None
    speaker = None if line["on"] == "-" else f"cllr-{line['on']}"
    name = people[speaker] if speaker else None
    meeting = {"meeting": "Cabinet", "calendar_id": "cal-cabinet-1015", "offset_s": 2400}
    return meeting | {"speaker_id": speaker, "speaker_name": name and f"Cllr {name}"}


def attachments(line: Line) -> list[dict[str, Any]]:
    """Return the one picture of a line that has one."""
    if "img" not in line:
        return []
    image = {"type": "image", "alt_text": "", "ocr_text": ""} | line["img"]
    if "logo" in image:
        image |= {"is_council_logo": True, "logo_match": {"name": "Ellenford anchor", "score": image.pop("logo")}}
    return [image]


def event(identity: str, line: Line) -> dict[str, Any]:
    """Return the event of one short line, in the form of the shared examples."""
    account = accounts()[line.get("out") or line.get("at", "fb-council")]
    platform, posted, text = account["platform"], moment(line, identity), line.get("t", "")
    kind = object_type(line, platform)
    number = f"{platform}:{kind}:{digits(17, identity)}"
    mine = "out" in line
    answered = quoted(line, account, "re")
    title = line.get("thread") or (answered and answered["text"])
    mentions = re.findall(r"@([\w.]+\w)", text)
    if platform in FORUM and not mine and account["handle"] not in mentions:
        mentions.append(account["handle"])
    profile = {"bio_before": line.get("before"), "bio_after": line.get("profile"), "display_name": account["display_name"]}
    return {
        "platform": platform,
        "object_id": number,
        "permalink": f"{account['url']}/{number.rpartition(':')[2]}",
        "object_type": kind,
        "action": action(line, kind),
        "direction": "outbound" if mine else "inbound",
        "account": account["id"],
        "text": text,
        "author": owner(account) if mine else resident(line.get("by"), line.get("id"), platform, identity),
        "mentions": mentions,
        "in_reply_to": answered,
        "thread_title": None if mine and not answered else title,
        "shared": quoted(line, account, "share"),
        "attachments": attachments(line),
        "profile": profile if "profile" in line else None,
        "webcast": webcast(line, councillors()),
        "posted_at": posted.isoformat(),
        "edited_at": None,
        "observed_at": (posted + timedelta(seconds=3)).isoformat(),
    }


def councillors() -> dict[str, str]:
    """Return the councillors' names by id."""
    entries = json.loads((DEMO / "councillors.json").read_text(encoding="utf-8"))["councillors"]
    return {entry["id"]: entry["name"] for entry in entries}


def earlier(identity: str, line: Line, now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the history: `[DATE TIME] [Name: ]text`, by the same author at the same place where no name is given."""
    past = []
    for number, told in enumerate(line.get("history", []), start=1):
        when, by, text = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (?:<([^>]+)> )?(.*)", told).groups()  # type: ignore[union-attr]
        short = {k: line[k] for k in ("at", "out", "thread") if k in line} | {"t": text, "when": when}
        one = event(f"{identity}-before-{number}", short)
        one["author"] = resident(by, None, now["platform"], identity) if by else now["author"]
        past.append(one)
    return past


def example(identity: str, kind: str, line: Line) -> dict[str, Any]:
    """Return one labelled example."""
    now = event(identity, line)
    findings, expected = labels(line.get("x", []))
    tags = ["hard_negative"] if not findings else []
    tags += ["history"] if "history" in line else []
    whole = {"id": identity, "kind": kind, "event": now, "history": earlier(identity, line, now), "expected": expected}
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
