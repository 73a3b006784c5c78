"""The register of confidential topics: every fault names field and cure and quotes no term; times know their zone."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from dashboards.console.permissions import ConsoleRole
from pipeline.registers.confidential import (
    AUDIENCE_ROLES,
    BasisKind,
    read_basis,
    settled,
    topic_faults,
    topic_notes,
)
from pipeline.registers.topic import ConfidentialTopic, TopicStatus
from pipeline.registers.types import Officer, Published
from tests.builders import some_registers

PLAIN: dict[str, Any] = {
    "ref": "CT-1",
    "title": "A matter",
    "basis": "Schedule 12A para 3",
    "owner": "Head of Property",
    "confidential_from": "2026-01-01T00:00:00+00:00",
    "terms_all_of": [["quarry mill"], ["buyer"]],
}


def a_topic(**changes: Any) -> ConfidentialTopic:
    problems: list[str] = []
    made = settled([msgspec.convert(PLAIN | changes, ConfidentialTopic)], problems)
    assert problems == []
    return made[0]


def faults(**changes: Any) -> list[str]:
    return topic_faults(some_registers(topics=(a_topic(**changes),)))


def test_a_plain_topic_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("written", "kind", "label"),
    [
        ("Schedule 12A para 3", BasisKind.EXEMPT, "exempt, Schedule 12A paragraph 3"),
        ("Schedule 12A paras 1, 2 and 7", BasisKind.EXEMPT, "exempt, Schedule 12A paragraphs 1, 2, 7"),
        ("Sch 12A Part 1 paragraph 5", BasisKind.EXEMPT, "exempt, Schedule 12A paragraph 5"),
        ("s.100A(3)(a)", BasisKind.CONFIDENTIAL, "confidential, section 100A(3)(a)"),
        ("section 100A", BasisKind.CONFIDENTIAL, "confidential, section 100A(3)"),
        ("Embargo until agenda published", BasisKind.EMBARGO, "under embargo"),
        ("Other: court order", BasisKind.OTHER, "kept confidential"),
    ],
)
def test_bases(written: str, kind: BasisKind, label: str) -> None:
    basis = read_basis(written)
    assert basis is not None
    assert (basis.kind, basis.label) == (kind, label)


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"basis": "Schedule 12A para 9"}, "basis is none of those there are"),
    ({"basis": "secret"}, "basis is none of those there are"),
    ({"ref": "CT 1 the sale"}, "ref is no reference"),
    ({"title": " "}, "title is empty"),
    ({"owner": ""}, "owner is empty"),
    ({"confidential_until": "2025-12-01T00:00:00+00:00"}, "confidential_until is not after confidential_from"),
    ({"lifted_at": "2026-02-01T00:00:00+00:00", "status": "lifted"}, "lifted_by or lift_reason is missing"),
    ({"status": "lifted"}, "status lifted and lifted_at go together"),
    ({"status": "published"}, "status is published, and nothing says when"),
    ({"terms_all_of": [["quarry mill"]]}, "nothing could match"),
    ({"terms_all_of": [["quarry mill"], []]}, "terms_all_of, group 2 is empty"),
    ({"terms_all_of": [["quarry mill"], ["of"]]}, "terms_all_of, group 2, entry 1 is too short"),
    ({"strong_terms": ["!!"]}, "strong_terms, entry 1 is too short"),
    ({"people": ["Okonkwo"]}, "people, entry 1 is one word"),
    ({"sums": ["a lot"]}, "sums, entry 1 holds no figure"),
    ({"addresses": ["Foundry"]}, "addresses, entry 1 is no address"),
    ({"audience": ["everybody"]}, "audience: 'everybody' is nobody"),
    ({"audience": ["user:"]}, "audience: 'user:' is nobody"),
]


@pytest.mark.parametrize(("changes", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_names_topic_field_and_cure(changes: dict[str, Any], said: str) -> None:
    found = faults(**changes)
    assert any(said in fault and fault.startswith("topics.json: ") and ": " in fault for fault in found), found


def test_no_fault_quotes_a_term() -> None:
    found = faults(people=["Okonkwo"], sums=["a lot"], addresses=["Foundry"], basis="x", status="lifted")
    assert len(found) == 5
    assert [one for one in ("okonkwo", "a lot", "foundry", "quarry") if one in " ".join(found).lower()] == []


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-03-28T17:00:00", datetime(2026, 3, 28, 17, 0, tzinfo=UTC)),
        ("2026-03-29T17:00:00", datetime(2026, 3, 29, 16, 0, tzinfo=UTC)),
        ("2026-10-24T17:00:00", datetime(2026, 10, 24, 16, 0, tzinfo=UTC)),
        ("2026-10-25T17:00:00", datetime(2026, 10, 25, 17, 0, tzinfo=UTC)),
        ("2026-10-25T17:00:00+01:00", datetime(2026, 10, 25, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_the_clock_of_the_zone(written: str, utc: datetime) -> None:
    assert a_topic(confidential_until=written).confidential_until == utc


@pytest.mark.parametrize("written", ["2026-03-29T01:30:00", "2026-10-25T01:30:00"])
def test_an_hour_that_is_not_there_or_there_twice_wants_an_offset(written: str) -> None:
    problems: list[str] = []
    settled([msgspec.convert(PLAIN | {"confidential_until": written}, ConfidentialTopic)], problems)
    assert len(problems) == 1
    assert "confidential_until: the clocks change in that hour: write an offset" in problems[0]


def test_an_unknown_zone_is_a_fault() -> None:
    problems: list[str] = []
    settled([msgspec.convert(PLAIN | {"timezone": "Europe/Atlantis"}, ConfidentialTopic)], problems)
    assert "timezone 'Europe/Atlantis' is unknown" in problems[0]


def notes(today: date = date(2026, 6, 1), **changes: Any) -> list[str]:
    officers = (Officer(id="o1", role="Head of Property", service="Property"),)
    return topic_notes(some_registers(topics=(a_topic(**changes),), officers=officers), today)


def test_notes_are_about_what_wants_looking_at() -> None:
    assert notes() == []
    assert "owner is the role of no officer" in notes(owner="Head of Parks")[0]
    assert "it is embargoed and has no confidential_until" in notes(status=TopicStatus.EMBARGOED.value)[0]
    assert "its review is on 2026-06-30" in notes(review_on="2026-06-30")[0]
    assert notes(review_on="2026-07-02") == []
    assert "is 18:00 by the clock of Europe/London" in notes(confidential_until="2026-07-01T17:00:00+00:00")[0]


def test_a_publication_of_no_topic_is_noted() -> None:
    item = Published(ref="P1", kind="minutes", title="t", published_at=datetime(2026, 1, 1, tzinfo=UTC), topic_ref="X")
    assert "published.json: 'P1': topic_ref 'X'" in topic_notes(some_registers(published=(item,)), date(2026, 1, 1))[0]


def test_the_audience_names_roles_of_the_console() -> None:
    assert set(AUDIENCE_ROLES) <= {role.value for role in ConsoleRole}
