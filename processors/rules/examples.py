"""The rules' own examples, run through the whole screener: a rule whose hit is missed or whose miss is found has
failed.

Examples are texts; a mark in brackets says where they stand: none, under a council page's post; `[page]`, on a
councillor's own page; `[reply]`, in answer to the councillor; `[chat]`, while the councillor speaks at a webcast
meeting; `[out]`, written by the councillor. A score that a rule asks for counts as reached: examples try its words.
Every example knows one small invented borough with Cllr Robin Fenwick and Cllr Moira Castle.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from weakref import WeakKeyDictionary

from pipeline.ids import content_hash, event_id
from pipeline.registers.types import Account, Council, Councillor, Officer, OwnerKind, Registers
from pipeline.vocabulary.event import Action, Author, Direction, Event, Observation, Quoted, Webcast
from processors.reading.tone import all_heard
from processors.rules.match import Rulebook
from processors.rules.model import Rule

_MARK = re.compile(r"^\[(page|reply|chat|out)\]\s*")
_WHEN = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)
_SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class Failure:
    """One example that came out wrong: the number-th of the rule's hits or misses. others: rules that did find it."""

    rule: str
    field: str
    number: int
    example: str
    others: tuple[str, ...] = ()

    def place(self) -> str:
        """Return the fault with its cure, without the words of the example: for the log."""
        said = "is not found" if self.field == "hits" else "is found"
        also = f" ({', '.join(self.others)} found it)" if self.others and self.field == "hits" else ""
        return f"rule {self.rule!r}: {self.field}[{self.number}] {said}{also}: correct the patterns, or the example"

    def __str__(self) -> str:
        """Return the fault with its cure, in a line."""
        return f"{self.place()}: {self.example!r}"


@dataclass(frozen=True)
class Example:
    """One example of a rule: the number-th of its hits or misses."""

    rule: Rule
    field: str
    number: int
    text: str


_whole: WeakKeyDictionary[Rulebook, tuple[Failure, ...]] = WeakKeyDictionary()
"""What came of running every example of a rulebook: it does not change, and nor does a rulebook."""


def failures(rulebook: Rulebook, only: Container[str] | None = None) -> list[Failure]:
    """Return every example of every rule, or of those named in only, that comes out wrong; none where all is well."""
    if only is not None:
        return _run(rulebook, only)
    known = _whole.get(rulebook)
    if known is None:
        known = _whole[rulebook] = tuple(_run(rulebook, None))
    return list(known)


def _run(rulebook: Rulebook, only: Container[str] | None) -> list[Failure]:
    from processors.screener import Listening, Screener  # noqa: PLC0415 - the screener reads rules, tried on it here

    screener = Screener(sample_registers(), rulebook, tone=Listening(all_heard, None))
    wrong: list[Failure] = []
    for one in examples(rulebook.rules):
        if only is not None and one.rule.id not in only:
            continue
        event = example_event(one.text)
        if bool(screener.alone(event, one.rule.id)) is not (one.field == "hits"):
            others = tuple(sorted({finding.rule for finding in screener.every(event)} - {one.rule.id}))
            wrong.append(Failure(one.rule.id, one.field, one.number, one.text, others))
    return wrong


def examples(rules: Iterable[Rule]) -> Iterator[Example]:
    """Yield all examples of rules, the hits of each first."""
    for rule in rules:
        yield from (Example(rule, "hits", number, text) for number, text in enumerate(rule.hits, start=1))
        yield from (Example(rule, "misses", number, text) for number, text in enumerate(rule.misses, start=1))


def example_event(example: str) -> Event:
    """Return the event that an example stands for."""
    mark = _MARK.match(example)
    where = mark.group(1) if mark else ""
    text = _MARK.sub("", example)
    page = {"page": "robin-page", "reply": "robin-short", "out": "robin-page"}.get(where, "council-page")
    seen = Observation(
        platform="facebook",
        object_id="facebook:comment:1",
        object_type="comment",
        action=Action.CREATE,
        account=page,
        observed_at=_WHEN,
        posted_at=_WHEN,
        direction=Direction.OUTBOUND if where == "out" else Direction.INBOUND,
        text=text,
        author=_author(where),
        in_reply_to=Quoted(text="Long meeting tonight.", author_handle="CllrFenwick") if where == "reply" else None,
        webcast=Webcast(speaker_id="robin-fenwick", speaker_name="Cllr Robin Fenwick") if where == "chat" else None,
    )
    content = content_hash(seen)
    fields = {name: getattr(seen, name) for name in seen.__struct_fields__}
    return Event(**fields, event_id=event_id(seen, content, None), content_hash=content)


def _author(where: str) -> Author:
    if where == "out":
        return Author(id="fb:robin", handle="CllrRobinFenwick", display_name="Cllr Robin Fenwick")
    return Author(id="fb:somebody", handle="some.body", display_name="Some Body")


@cache
def sample_registers() -> Registers:
    """Return the registers that examples know."""
    robin, moira = "robin-fenwick", "moira-castle"
    return Registers(
        council=Council(
            name="Larchbury Borough Council",
            short_name="Larchbury",
            aliases=("Larchbury Council",),
            wards=("Larch", "Elm Bank"),
            places=("Larch Hall",),
            phone_numbers=("01632 960100",),
        ),
        councillors=(
            Councillor(
                id=robin,
                name="Robin Fenwick",
                ward="Larch",
                aliases=("Robin Fenwick", "Fenwick"),
                handles={"x": "CllrFenwick", "facebook": "CllrRobinFenwick"},
                public_phone="01632 960201",
            ),
            Councillor(
                id=moira,
                name="Moira Castle",
                ward="Elm Bank",
                aliases=("Moira", "Castle"),
                common_word_aliases=("Castle",),
                roles=("Leader of the Council",),
            ),
        ),
        officers=(
            Officer(id="monitoring", role="Monitoring Officer", service="Law", role_words=("monitoring officer",)),
            Officer(
                id="planners", role="Planning officers (team)", service="Planning", role_words=("planning officer",)
            ),
            Officer(id="housing", role="Housing officer", service="Housing", role_words=("housing officer",)),
        ),
        accounts={
            one.id: one
            for one in (
                _account("council-page", None, "LarchburyBC", "facebook"),
                _account("robin-page", robin, "CllrRobinFenwick", "facebook"),
                _account("robin-short", robin, "CllrFenwick", "x"),
            )
        },
    )


def _account(name: str, councillor: str | None, handle: str, platform: str) -> Account:
    return Account(
        id=name,
        platform=platform,
        handle=handle,
        owner_kind=OwnerKind.COUNCIL_PAGE if councillor is None else OwnerKind.COUNCILLOR_OFFICIAL,
        councillor_id=councillor,
        notice_date=_SINCE,
        agreement_ref="examples",
        active_from=_SINCE,
        platform_account_id="fb:robin" if councillor else None,
    )
