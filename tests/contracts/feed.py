"""A small feed for both runtimes: everything an incident can come of, and what must not become one. Thornmere's form.

Each author writes about one person on one account, so that the order of what concerns one incident is the same however
accounts fall into partitions.
"""

import json
from pathlib import Path
from typing import Any

DAY = "2026-10-0{day}T{time}:00+01:00"


def line(number: int, author: str, text: str, **changes: Any) -> dict[str, Any]:
    """Return a comment on the council's Facebook page; `day` and `time` say when it was posted."""
    day, time = changes.pop("day", 5), changes.pop("time", "12:00")
    at = DAY.format(day=day, time=time)
    plain: dict[str, Any] = {
        "platform": "facebook",
        "object_id": f"facebook:comment:{number}",
        "object_type": "comment",
        "action": "create",
        "direction": "inbound",
        "account": "acc-fb-council",
        "text": text,
        "author": {"id": f"fb:{author}", "handle": author, "display_name": f"Resident {author}", "bio": None},
        "thread_title": "What happens to the old library?",
        "posted_at": at,
        "observed_at": at,
    }
    return plain | changes


def gone(number: int, **changes: Any) -> dict[str, Any]:
    """Return the removal of a comment."""
    return {
        "platform": "facebook",
        "object_id": f"facebook:comment:{number}",
        "object_type": "comment",
        "action": "delete",
        "account": "acc-fb-council",
        "observed_at": DAY.format(day=5, time="18:00"),
    } | changes


YOUTUBE = {"platform": "youtube", "account": "acc-yt-council", "object_type": "message"}
MASTODON = {"platform": "mastodon", "account": "acc-ma-tamblin", "object_type": "reply"}

LINES: tuple[dict[str, Any] | str, ...] = (
    *(line(number, f"calm{number}", f"Will the green bins come on day {number} this week?") for number in range(1, 13)),
    line(20, "direct", "Cllr Brindle I am going to kill you"),
    line(21, "direct", "I will stab Cllr Brindle tonight, watch me", time="13:00"),
    line(22, "direct", "I will stab Cllr Brindle tonight, watch me", time="13:00"),
    line(30, "course", "Cllr Oswin you are a worthless lying piece of filth", day=3),
    line(31, "course", "Cllr Oswin still the same worthless lying piece of filth", day=5),
    line(40, "rising", "Cllr Lisle is a pathetic useless idiot", day=4),
    line(41, "rising", "Cllr Lisle I know where you live and I am coming to hurt you", day=5),
    line(50, "edits", "Nice weather for the fair"),
    line(
        50,
        "edits",
        "Somebody should shoot Cllr Quill and be done with it",
        action="update",
        edited_at=DAY.format(day=5, time="14:00"),
        observed_at=DAY.format(day=5, time="14:00"),
    ),
    line(60, "removed", "I'm going to burn your house down Cllr Fairlight", object_id="youtube:message:60", **YOUTUBE),
    gone(60, object_id="youtube:message:60", **YOUTUBE),
    line(70, "old", "Cllr Tamblin kill yourself, nobody wants you here", day=1,
         object_id="mastodon:reply:70", observed_at=DAY.format(day=5, time="12:00"), **MASTODON),
    line(71, "older", "We are going to beat Cllr Tamblin to a pulp outside the next meeting", day=1,
         object_id="mastodon:reply:71", observed_at=DAY.format(day=5, time="12:01"), **MASTODON),
    line(75, "engineer", "parapet chain test heron lantern teapot"),
    line(80, "critic", "Cllr Winter is wrong about the budget and should resign"),
    line(81, "direct", "Cllr Brindle I am going to kill you", account="acc-of-nobody"),
    line(82, "direct", "Cllr Brindle I am going to kill you", platform="x", account="acc-x-tamblin"),
    "this is no JSON",
    line(83, "slip", "No time", posted_at="yesterday"),
)  # fmt: skip
"""`direct` repeats a threat under a second id; what `old` and `older` wrote came late; the last four are refused."""


def write_feed(path: Path) -> None:
    """Write the feed as JSONL."""
    rows = [row if isinstance(row, str) else json.dumps(row) for row in LINES]
    path.write_text("\n".join([*rows, *rows[:14]]) + "\n", encoding="utf-8")
