"""Turns `day.txt` into `feed.jsonl`, the example borough's day in the form that the file source reads.

Beside the flow: run by hand (`python -m dashboards.demo.make_feed`) after the day was rewritten; a test says when it
was forgotten. Ids and seconds are hashes of what they stand for, so the same day gives the same file.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dashboards.demo import DAY, FEED, REGISTERS

HERE = Path(__file__).parent
OFFSET = "+01:00"
FORUM = {"x", "bluesky", "mastodon"}
"""Platforms where every answer is a reply, and those answered are mentioned."""
ROOT_TYPES = {"instagram": "media", "youtube": "media", "tiktok": "media", "wikipedia": "revision"}
PREFIXES = {"facebook": "fb", "instagram": "ig", "youtube": "yt", "linkedin": "li", "wikipedia": "wp", "tiktok": "tt"}
PREFIXES |= {"mastodon": "ma", "bluesky": "bs", "nextdoor": "nd"}
_LINE = re.compile(
    r"(?P<kind>[=<>+~x&s-]) (?P<time>\d\d:\d\d) ?(?P<head>[^|#]*)(?:#(?P<tag>\w+) ?)?(?:\| (?P<text>.*))?$"
)

Event = dict[str, Any]


@dataclass
class Thread:
    """What the lines under one start share: the account, its first item, the item last written, the webcast."""

    account: dict[str, Any]
    title: str | None = None
    root: Event | None = None
    last: Event | None = None
    webcast: Event | None = None


@dataclass
class Day:
    """The accounts, the events so far, and the tagged ones among them."""

    accounts: dict[str, dict[str, Any]]
    events: list[Event] = field(default_factory=list)
    tagged: dict[str, Event] = field(default_factory=dict)


def number(digits: int, *parts: str) -> str:
    """Return so many digits that stand for the parts."""
    return str(int(hashlib.sha256("\0".join(parts).encode()).hexdigest(), 16))[-digits:].replace("0", "7", 1)


def moment(time: str, *parts: str) -> datetime:
    """Return the time of a line, with seconds made from its parts."""
    return datetime.fromisoformat(f"{DAY}T{time}:{int(number(4, *parts)) % 60:02d}{OFFSET}")


def resident(name: str, platform: str) -> Event:
    """Return an author; a name that starts with @ is a handle and nothing else."""
    handle = name[1:] if name.startswith("@") else name.lower().replace(" ", ".")
    prefix = PREFIXES.get(platform, platform)
    shown = handle if name.startswith("@") else name
    return {"id": f"{prefix}:{number(14, platform, name)}", "handle": handle, "display_name": shown, "bio": None}


def owner(account: Event) -> Event:
    """Return the account's owner as an author."""
    return {
        "id": account["platform_account_id"],
        "handle": account["handle"],
        "display_name": account["display_name"],
        "bio": account["note"],
    }


def blank(account: Event, kind: str, posted: datetime) -> Event:
    """Return an event of the Thornmere form with nothing said in it yet."""
    platform = account["platform"]
    identity = f"{platform}:{kind}:{number(17, account['id'], kind, posted.isoformat())}"
    return {
        "platform": platform,
        "object_id": identity,
        "permalink": f"{account['url']}/{identity.rpartition(':')[2]}",
        "object_type": kind,
        "action": "create",
        "direction": "inbound",
        "account": account["id"],
        "text": "",
        "author": None,
        "mentions": [],
        "in_reply_to": None,
        "thread_title": None,
        "shared": None,
        "attachments": [],
        "profile": None,
        "webcast": None,
        "posted_at": posted.isoformat(),
        "edited_at": None,
        "observed_at": (posted + timedelta(seconds=2 + int(number(2, identity)) % 40)).isoformat(),
    }


def quoted(event: Event) -> Event:
    """Return an item as another item refers to it."""
    return {"text": event["text"], "author_handle": event["author"]["handle"]}


def start(day: Day, line: re.Match[str]) -> Thread:
    """Begin a thread: a post by the account's owner, or by somebody on the account."""
    account_id, _, name = line["head"].strip().partition(" ")
    account, text = day.accounts[account_id], line["text"]
    thread = Thread(account, title=text)
    if account["platform"] == "wikipedia":
        thread.title = account["display_name"]
        return thread
    kind = ROOT_TYPES.get(account["platform"], "post")
    event = blank(account, kind, moment(line["time"], text))
    own = line["kind"] == "="
    event |= {"text": text, "direction": "outbound" if own else "inbound"}
    event["author"] = owner(account) if own else resident(name, account["platform"])
    event["mentions"] = re.findall(r"@([\w.]+\w)", text)
    if kind == "media":
        event["attachments"] = [{"type": "image", "alt_text": f"Picture: {text}", "ocr_text": ""}]
    thread.root = thread.last = event
    day.events.append(event)
    return thread


def answer(thread: Thread, line: re.Match[str]) -> Event:
    """Return a comment, a reply, a chat message, a revision or the owner's answer under a thread."""
    platform, own = thread.account["platform"], line["kind"] == "+"
    kind = {"-": "reply" if platform in FORUM else "comment"}.get(line["kind"], "reply")
    kind = {"wikipedia": "revision", "youtube": "message"}.get(platform, kind)
    event = blank(thread.account, kind, moment(line["time"], line["text"]))
    event |= {"text": line["text"], "direction": "outbound" if own else "inbound", "webcast": thread.webcast}
    event["author"] = owner(thread.account) if own else resident(line["head"].strip(), platform)
    event["thread_title"] = thread.title
    event["action"] = "update" if kind == "revision" else "create"
    answered = thread.root if line["kind"] == "-" and platform in FORUM else thread.last
    if kind == "reply" and answered is not None:
        event["in_reply_to"] = quoted(answered)
    if platform in FORUM:
        event["mentions"] = [answered["author"]["handle"] if own and answered else thread.account["handle"]]
    return event


def again(day: Day, line: re.Match[str]) -> Event:
    """Return an edit, a delete or a second delivery of a tagged item."""
    first, seen = day.tagged[line["tag"]], moment(line["time"], line["tag"]).isoformat()
    if line["kind"] == "&":
        return first | {"observed_at": seen}
    if line["kind"] == "~":
        return first | {"action": "update", "text": line["text"], "edited_at": seen, "observed_at": seen}
    kept = ("platform", "object_id", "object_type", "account")
    gone: Event = dict.fromkeys(first) | {"mentions": [], "attachments": [], "action": "delete", "observed_at": seen}
    return gone | {name: first[name] for name in kept}


def share(day: Day, line: re.Match[str]) -> Event:
    """Return a share by an account's owner of what somebody else wrote."""
    account_id, _, name = line["head"].strip().partition(" ")
    account, handle = day.accounts[account_id], name.lstrip("@")
    event = blank(account, "share", moment(line["time"], line["text"]))
    event |= {"action": "share", "direction": "outbound", "author": owner(account)}
    return event | {"text": f"RT @{handle}: {line['text']}", "shared": {"text": line["text"], "author_handle": handle}}


def speaking(thread: Thread, line: str) -> None:
    """Note the meeting, or who has the floor in it."""
    name, _, what = line.removeprefix("! ").partition(" | ")
    if what.startswith("cal-"):
        thread.title, thread.webcast = name, {"meeting": name.partition(",")[0], "calendar_id": what, "offset_s": None}
    quiet = what.startswith("cal-") or what == "-"
    speaker = {"speaker_id": None if quiet else what, "speaker_name": None if quiet else name}
    thread.webcast = (thread.webcast or {}) | speaker


def make(text: str, accounts: list[Event]) -> list[Event]:
    """Return the events of a day in the order they were observed. Raises ValueError naming a line that is none."""
    day = Day({account["id"]: account for account in accounts})
    thread: Thread | None = None
    for number_of, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw.startswith("! ") and thread is not None:
            speaking(thread, raw)
            continue
        line = _LINE.match(raw)
        if line is None:
            raise ValueError(f"day.txt, line {number_of}: not a line of a day: {raw}")
        thread = take(day, thread, line)
    return sorted(day.events, key=lambda event: datetime.fromisoformat(event["observed_at"]))


def take(day: Day, thread: Thread | None, line: re.Match[str]) -> Thread | None:
    """Add what one line says to the day, and return the thread the next line stands in."""
    if line["kind"] in "=<":
        thread = start(day, line)
    elif line["kind"] in "~x&":
        day.events.append(again(day, line))
        return thread
    elif line["kind"] == "s":
        day.events.append(share(day, line))
        return thread
    elif thread is not None:
        thread.last = answer(thread, line)
        day.events.append(thread.last)
    if line["tag"] and thread is not None and thread.last is not None:
        day.tagged[line["tag"]] = thread.last
    return thread


def main() -> None:
    """Write feed.jsonl beside the day."""
    accounts = json.loads((REGISTERS / "accounts.json").read_text(encoding="utf-8"))
    events = make((HERE / "day.txt").read_text(encoding="utf-8"), accounts)
    lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    FEED.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
