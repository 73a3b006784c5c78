"""Tone in screening: a signal that stays low, gives way to rules, is scored once a batch, and may fail without harm."""

from pathlib import Path

import msgspec
import pytest

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.assess import assess
from processors.hearing import Hearing
from processors.models.shelf import Shelf
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import load_rulebook
from processors.screener import Listening, Screener
from tests.processors.models.scripted import Scripted

ABUSE = {"toxicity": 0.99}
SCRIPT = {
    "flibbert": ABUSE,
    "grumble": {"toxicity": 0.6},
    "zorch": {"threat": 0.8, "toxicity": 0.9},
    "skree": {"threat": 0.999, "toxicity": 0.99},
    "vex": {"identity_attack": 0.99, "toxicity": 0.99},
    "moron": ABUSE,
    "wibble": {"doxxing": 0.9},
    "sprocket": {"threat": 0.8, "threat_conditional": 0.45, "threat_veiled": 0.4},
    "quaggle": {"discrimination": 0.9, "bullying": 0.7},
    "murmur": {"confidential_leak": 0.9},
    "lonesome": {"own_safety": 0.9},
}


@pytest.fixture
def scripted() -> Scripted:
    return Scripted(SCRIPT)


@pytest.fixture
def hearing(scripted: Scripted) -> Hearing:
    return Hearing(lambda: Shelf(scripted))


@pytest.fixture
def screener(hearing: Hearing) -> Screener:
    return Screener(sample_registers(), load_rulebook(), tone=Listening(hearing.hear, hearing.version))


def numbered(number: int) -> Observation:
    event = example_event(f"Cllr Fenwick, flibbert number {number}")
    return msgspec.structs.replace(event, object_id=f"facebook:comment:{number}")


def found(screener: Screener, text: str) -> list[Finding]:
    return screener.screen(example_event(text))


@pytest.mark.parametrize(
    ("text", "category", "level"),
    [
        ("flibbert says the weather", Category.ABUSE, Level.LOW),
        ("Cllr Fenwick, flibbert says the weather", Category.ABUSE, Level.MODERATE),
        ("Cllr Fenwick, zorch says the weather", Category.THREAT_VEILED, Level.MODERATE),
        ("skree says the weather", Category.THREAT_VEILED, Level.LOW),
        ("Cllr Fenwick, skree says the weather", Category.THREAT_VEILED, Level.HIGH),
        ("Cllr Fenwick, vex says the weather", Category.HATE, Level.MODERATE),
        ("Cllr Fenwick, sprocket says the weather", Category.THREAT_CONDITIONAL, Level.MODERATE),
        ("Cllr Fenwick, wibble says the weather", Category.DOXXING, Level.MODERATE),
        ("wibble says the weather", Category.DOXXING, Level.LOW),
    ],
)
def test_a_score_alone_stays_low_and_only_a_certain_threat_at_somebody_alerts(
    screener: Screener, text: str, category: Category, level: Level
) -> None:
    (one,) = found(screener, text)
    assert (one.category, one.level) == (category, level)
    assert one.rule.startswith("tone.")
    assert one.versions is not None
    assert one.versions.model == "scripted-1"
    assert one.quote is not None
    assert one.quote in text
    assert "heard in: " in one.reason


@pytest.mark.parametrize("text", ["grumble says the weather", "The weather is fine", "Cllr Fenwick opened the fair"])
def test_a_score_just_over_its_threshold_or_none_makes_no_finding(screener: Screener, text: str) -> None:
    assert found(screener, text) == []


@pytest.mark.parametrize(
    ("text", "category", "paragraph"),
    [
        ("quaggle says the weather", Category.DISCRIMINATION, "5.2.3"),
        ("lonesome says the weather", Category.OWN_SAFETY, "6.1"),
    ],
)
def test_what_councillors_write_is_read_closely_and_heard_by_their_paragraphs(
    screener: Screener, scripted: Scripted, text: str, category: Category, paragraph: str
) -> None:
    event = example_event(f"[out] {text}")
    (one,) = screener.screen(event)
    assert (one.category, one.paragraph) == (category, paragraph)
    assert one.level in {Level.LOW, Level.MODERATE}
    assert scripted.closely == [text]
    found(screener, "Cllr Fenwick, wibble")
    assert scripted.closely == [text]


def test_a_leak_is_never_told_by_a_score_alone(screener: Screener) -> None:
    assert screener.screen(example_event("[out] murmur says the weather")) == []


def test_what_councillors_write_is_not_heard_in_what_the_public_writes(screener: Screener) -> None:
    assert found(screener, "Cllr Fenwick, quaggle says the weather") == []


def test_what_a_rule_finds_takes_the_place_of_a_score(screener: Screener) -> None:
    rules = [one.rule for one in found(screener, "Cllr Fenwick is a moron")]
    assert rules
    assert not any(one.startswith("tone.") for one in rules)


def test_a_certain_threat_stands_beside_abuse_that_a_rule_finds(screener: Screener) -> None:
    heard, ruled = found(screener, "Cllr Fenwick is a moron, skree")
    assert (heard.category, heard.level) == (Category.THREAT_VEILED, Level.HIGH)
    assert ruled.category is Category.ABUSE
    rules = [one.rule for one in found(screener, "Cllr Fenwick is a moron, zorch")]
    assert not any(one.startswith("tone.") for one in rules)


def test_scores_alone_make_no_course_of_conduct(screener: Screener) -> None:
    registers = sample_registers()
    seen = [numbered(n) for n in range(4)]
    assessed = assess(seen[-1], seen[:-1], screener, registers)
    assert [one.rule for one in assessed.findings] == ["tone.toxicity"]
    assert not assessed.decision.alert


def test_a_batch_is_scored_once(hearing: Hearing, scripted: Scripted) -> None:
    texts = ("flibbert", "weather", "flibbert", "", None)
    hearing.ahead(msgspec.structs.replace(numbered(n), text=text) for n, text in enumerate(texts))
    for text in ("flibbert", "weather"):
        assert hearing.hear(text) is not None
    assert scripted.calls == [["flibbert", "weather"]]


def test_a_batch_is_kept_while_the_next_is_scored_and_no_longer(hearing: Hearing, scripted: Scripted) -> None:
    for word in ("flibbert", "zorch"):
        hearing.ahead([msgspec.structs.replace(numbered(1), text=word)])
    for word in ("flibbert", "zorch"):
        assert hearing.hear(word) is not None
    assert scripted.calls == [["flibbert"], ["zorch"]]
    hearing.ahead([msgspec.structs.replace(numbered(1), text="vex")])
    for word in ("vex", "flibbert"):
        assert hearing.hear(word) is not None
    assert sorted(scripted.calls[2:]) == [["flibbert"], ["vex"]]


def test_a_failing_classifier_leaves_the_rules_at_work_and_says_so(
    screener: Screener, hearing: Hearing, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.broken = True
    assert [one.category for one in found(screener, "Cllr Fenwick is a moron")] == [Category.ABUSE]
    assert found(screener, "Cllr Fenwick, flibbert says the weather") == []
    assert hearing.problem is not None
    assert hearing.problem.startswith("model offline: RuntimeError")
    assert "flibbert" not in caplog.text
    scripted.broken = False
    assert len(found(screener, "Cllr Fenwick, flibbert says the weather")) == 1
    assert hearing.problem is None


def test_without_a_classifier_findings_name_no_model() -> None:
    hearing = Hearing(lambda: Shelf(None, "model offline: gone"))
    assert (hearing.version, hearing.hear("any")) == (None, None)
    hearing.ahead([numbered(1)])
    assert hearing.problem == "model offline: gone"
    plain = Screener(sample_registers(), load_rulebook())
    (one,) = plain.screen(example_event("Cllr Fenwick is a moron"))
    assert one.versions is not None
    assert one.versions.model is None


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    opened: list[int] = []

    def opening() -> Shelf:
        opened.append(1)
        return Shelf(None)

    hearing = Hearing(opening)
    assert hearing.problem is None
    assert opened == []
    _ = (hearing.version, hearing.version)
    assert opened == [1]


SIGHTED = "Cllr Fenwick, I saw you in Tesco again, the blue coat suits you"


def test_words_of_much_harmless_talk_page_nobody_where_no_harm_is_heard(screener: Screener, scripted: Scripted) -> None:
    (one,) = found(screener, SIGHTED)
    assert one.rule == "harassment.sightings"
    assert one.level is Level.MODERATE
    assert one.reason.startswith("moderate because: ")
    assert one.reason.endswith("a classifier hears no harm in it (0.01), so nobody is paged")
    assert scripted.closely == [SIGHTED]


def test_they_page_where_harm_is_heard_and_where_no_classifier_listens(screener: Screener) -> None:
    (heard,) = found(screener, f"{SIGHTED}, wibble")
    assert heard.level is Level.HIGH
    (alone,) = found(Screener(sample_registers(), load_rulebook()), SIGHTED)
    assert (alone.rule, alone.level) == ("harassment.sightings", Level.HIGH)


def test_harm_is_listened_for_beside_the_words_however_long_the_post_is(screener: Screener, scripted: Scripted) -> None:
    found(screener, f"{'The weather is fine today. ' * 60}{SIGHTED}. {'The road is shut. ' * 60}")
    (part,) = scripted.closely
    assert SIGHTED in part
    assert len(part) < 600


def test_no_score_keeps_a_plain_threat_from_paging(screener: Screener) -> None:
    (one,) = found(screener, "Cllr Fenwick I am going to kill you")
    assert one.level.rank >= Level.HIGH.rank
