"""Events of the second labelled set: one short line becomes one event in the form of the shared examples.

Beside the flow, for `tests.second_set`. Ids, hours and residents' names are made from the line's own id.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.demo import REGISTERS as DEMO

LONDON = ZoneInfo("Europe/London")
OFFSET = timedelta(minutes=40)
"""How far into a meeting its live chat lines are."""
FIRST_DAY = datetime(2026, 9, 16, 7, 0, tzinfo=UTC)
FORUM = {"x", "bluesky", "mastodon"}
OBJECTS = {"youtube": "message", "wikipedia": "revision"}
PREFIXES = {"facebook": "fb", "instagram": "ig", "youtube": "yt", "linkedin": "li", "wikipedia": "wp", "tiktok": "tt"}
PREFIXES |= {"mastodon": "ma", "bluesky": "bs", "nextdoor": "nd"}
FIRST_NAMES = ("Pat", "Gaz", "Maureen", "Dilys", "Tariq", "Shaz", "Ewan", "Bolu", "Keith", "Agnieszka", "Trev", "Morag")
LAST_NAMES = ("Hobday", "Pickersgill", "Nnadi", "Tregear", "Ostler", "Bains", "Cottam", "Farrant", "Mulvey", "Sugden")

Line = dict[str, Any]


def digits(count: int, *parts: str) -> str:
    """Return so many digits that stand for the parts."""
    return str(int(hashlib.sha256("\0".join(parts).encode()).hexdigest(), 16))[-count:].replace("0", "7", 1)


@cache
def accounts() -> dict[str, dict[str, Any]]:
    """Return the registered accounts by id without its `acc-`."""
    entries = json.loads((DEMO / "accounts.json").read_text(encoding="utf-8"))
    return {entry["id"].removeprefix("acc-"): entry for entry in entries}


@cache
def councillors() -> dict[str, str]:
    """Return the councillors' names by id."""
    entries = json.loads((DEMO / "councillors.json").read_text(encoding="utf-8"))["councillors"]
    return {entry["id"]: entry["name"] for entry in entries}


def resident(name: str | None, given: str | None, platform: str, identity: str) -> dict[str, Any]:
    """Return an author who is in no register, with a made-up name where none is given."""
    seed = int(digits(6, identity))
    name = name or f"{FIRST_NAMES[seed % len(FIRST_NAMES)]} {LAST_NAMES[seed // 12 % len(LAST_NAMES)]}"
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
        return datetime.fromisoformat(line["when"]).replace(tzinfo=LONDON)
    if "on" in line:
        return meeting(line)[1] + OFFSET
    made = FIRST_DAY + timedelta(days=int(digits(4, identity)) % 50, minutes=int(digits(5, identity, "m")) % 870)
    return made.astimezone(LONDON)


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
    title, _, calendar_id = meeting(line)
    shown = {"meeting": title, "calendar_id": calendar_id, "offset_s": OFFSET.total_seconds()}
    return shown | {"speaker_id": speaker, "speaker_name": f"Cllr {people[speaker]}" if speaker else None}


def meeting(line: Line) -> tuple[str, datetime, str]:
    """Return the meeting whose live chat the line stands in: title, start and calendar id."""
    if line["thread"].startswith("Planning"):
        return "Planning Committee", datetime(2026, 10, 8, 18, 30, tzinfo=LONDON), "cal-planning-1008"
    return "Cabinet", datetime(2026, 10, 15, 18, 0, tzinfo=LONDON), "cal-cabinet-1015"


def attachments(line: Line) -> list[dict[str, Any]]:
    """Return the one picture of a line that has one."""
    if "img" not in line:
        return []
    image = {"type": "image", "alt_text": "", "ocr_text": ""} | line["img"]
    if "logo" in image:
        image |= {"is_council_logo": True, "logo_match": {"name": "Ellenford anchor", "score": image.pop("logo")}}
    return [image]


def mentions(line: Line, account: Mapping[str, Any]) -> list[str]:
    """Return the handles in the text, and on X and its like that of the account written to."""
    found = re.findall(r"@([\w.]+\w)", line.get("t", ""))
    written_to = account["platform"] in FORUM and "out" not in line and account["handle"] not in found
    return [*found, account["handle"]] if written_to else found


def profile(line: Line, account: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Return the profile of a line that is one."""
    if "profile" not in line:
        return None
    return {"bio_before": line.get("before"), "bio_after": line["profile"], "display_name": account["display_name"]}


def event(identity: str, line: Line) -> dict[str, Any]:
    """Return the event of one short line, in the form of the shared examples."""
    account = accounts()[line.get("out") or line.get("at", "fb-council")]
    platform, posted = account["platform"], moment(line, identity)
    kind = object_type(line, platform)
    number = f"{platform}:{kind}:{digits(17, identity)}"
    mine = "out" in line
    answered = quoted(line, account, "re")
    return {
        "platform": platform,
        "object_id": number,
        "permalink": f"{account['url']}/{number.rpartition(':')[2]}",
        "object_type": kind,
        "action": action(line, kind),
        "direction": "outbound" if mine else "inbound",
        "account": account["id"],
        "text": line.get("t", ""),
        "author": owner(account) if mine else resident(line.get("by"), line.get("id"), platform, identity),
        "mentions": mentions(line, account),
        "in_reply_to": answered,
        "thread_title": line.get("thread") or (answered and answered["text"]),
        "shared": quoted(line, account, "share"),
        "attachments": attachments(line),
        "profile": profile(line, account),
        "webcast": webcast(line, councillors()),
        "posted_at": posted.isoformat(),
        "edited_at": None,
        "observed_at": (posted + timedelta(seconds=3)).isoformat(),
    }
