"""Search means the same in every store: one suite, run on SQLite and on a real Elasticsearch node."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.store.interface import Query, Store
from pipeline.text.analysis import MOST_TERMS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Attachment, Author, Profile, Quoted
from pipeline.vocabulary.incident import Evidence, Incident, IncidentState, Note, Verdict, VerdictCode
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident


def saying(text: str, number: int = 1, **changes: Any) -> Incident:
    return an_incident(a_detection(an_event(number, text=text)), **changes)


def with_event(**changes: Any) -> Incident:
    return an_incident(a_detection(an_event(**{"text": "nothing", **changes})))


def found(store: Store, *incidents: Incident, **query: Any) -> list[str]:
    """Return the ids that a query finds among incidents."""
    store.upsert(incidents)
    store.refresh()
    page = store.search(Query(**query))
    assert page.total == len(page.hits)
    return [hit.incident.incident_id for hit in page.hits]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("I will kill you", "kill"),
        ("I will k1ll you", "kill"),
        ("I will kill you", "K1LL"),
        ("k i l l him", "kill"),
        ("k\u200bill him", "kill"),
        ("he was killed", "killing"),
        ("they organized it", "organise"),
        ("they organised it", "organize"),
        ("what colour is it", "color"),
        ("a liar in our neighborhood", "neighbourhood"),
        ("a false defense", "defence"),
        ("Councillor Reed", "cllr reed"),
        ("Reed's house", "reed"),
        ("don’t you dare", "dont"),
        ("you 🔪🔪 wait", "🔪"),
        ("you 🔪🔪 wait", "knife"),
        ("Ünïcode café", "unicode CAFE"),
        ("これは 日本語 です", "日本語"),
        ("words order any", "any words"),
        ("a" * 300, "a" * 300),
        ("see https://news.example/Reed?a=1.", "HTTPS://news.example/reed?a=1"),
        ("see https://news.example/reed", "news.example"),
    ],
)
def test_words_are_found_in_any_form(store: Store, text: str, query: str) -> None:
    wanted = saying(text)
    assert found(store, wanted, saying("something else", 2), text=query) == [wanted.incident_id]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("skilled work", "kill"),
        ("Scunthorpe council", "unt"),
        ("kill the bill", "kill everybody"),
        ("a knife", "🔪"),
        ("kill him now", '"him kill"'),
        ("kill and then him", '"kill him"'),
        ("see https://news.example/reed", "https://news.example/other"),
    ],
)
def test_other_words_are_not_found(store: Store, text: str, query: str) -> None:
    assert found(store, saying(text), text=query) == []


@pytest.mark.parametrize(
    "query", ['"kill him"', "“k1ll HIM”", '"killing him" tonight', 'tonight "him"', '"kill" "him tonight"']
)
def test_quoted_words_stand_together(store: Store, query: str) -> None:
    wanted = saying("I will kill him tonight")
    apart = saying("him I kill, you said tonight", 2)
    assert wanted.incident_id in found(store, wanted, apart, text=query)
    if '"him"' not in query:
        assert store.search(Query(text=query)).total == 1


def test_a_phrase_does_not_reach_from_one_piece_into_the_next(store: Store) -> None:
    event = an_event(text="we will kill", thread_title="him or her")
    assert found(store, an_incident(a_detection(event)), text='"kill him"') == []


HOSTILE = {
    "kill*": True,
    "ki?l": False,
    "kill~": True,
    "kill~2": False,
    "kill OR": False,
    "NOT kill": False,
    "kill -him": True,
    "+kill": True,
    "^kill": True,
    "%kill%": True,
    "terms:kill": False,
    "{terms}: kill": False,
    "kill NEAR(him)": False,
    "kill) AND (": False,
    "'; DROP TABLE incident; --": False,
    '"': False,
    '""': False,
    '"kill': True,
    '"kill" "': True,
    "kill\\": True,
    "<b>kill</b>": False,
    "kill\x00him": False,
    "kill 😀": False,
}


@pytest.mark.parametrize(("query", "wanted"), HOSTILE.items())
def test_no_sign_in_a_query_has_a_power(store: Store, query: str, wanted: bool) -> None:
    incident = saying("kill him at once")
    assert found(store, incident, text=query) == ([incident.incident_id] if wanted else [])


@pytest.mark.parametrize("query", ["***", "\"'()", "…", "\x00", "§", "¤", "\u200b!"])
def test_text_without_a_word_finds_nothing(store: Store, query: str) -> None:
    assert found(store, saying("kill § ¤ him")) != []
    assert store.search(Query(text=query)).hits == ()


@pytest.mark.parametrize("query", ["", "  ", "\n"])
def test_no_text_narrows_nothing(store: Store, query: str) -> None:
    assert len(found(store, saying("kill"), text=query)) == 1


def test_as_many_words_as_may_be_are_looked_for(store: Store) -> None:
    words = " ".join(f"word{number}" for number in range(MOST_TERMS))
    wanted = saying(words)
    assert found(store, wanted, saying(words[:-6], 2), text=words) == [wanted.incident_id]


def test_more_words_are_an_error_that_says_so(store: Store) -> None:
    words = " ".join(f"word{number}" for number in range(MOST_TERMS + 1))
    with pytest.raises(ValueError, match=f"at most {MOST_TERMS}"):
        store.search(Query(text=words))


def test_a_very_long_text_of_few_words_is_no_error(store: Store) -> None:
    wanted = saying("kill him")
    assert found(store, wanted, text="kill him " * 20_000) == [wanted.incident_id]


@pytest.mark.parametrize(
    ("incident", "query", "place"),
    [
        (with_event(text="needle"), "needle", "text"),
        (with_event(attachments=(Attachment(type="image", alt_text="a needle"),)), "needle", "alt_text"),
        (with_event(attachments=(Attachment(type="image", ocr_text="a needle"),)), "needle", "ocr_text"),
        (with_event(shared=Quoted(text="needle")), "needle", "shared"),
        (with_event(in_reply_to=Quoted(text="needle")), "needle", "in_reply_to"),
        (with_event(thread_title="the needle"), "needle", "thread_title"),
        (with_event(profile=Profile(bio_after="my needle")), "needle", "profile"),
        (with_event(permalink="https://x.example/p/1"), "https://x.example/p/1", "link"),
        (an_incident(author=Author(id="x:1", handle="need_le")), "need_le", "author"),
        (an_incident(author=Author(id="x:1", display_name="Needle 🔪")), "needle", "author"),
        (an_incident(notes=(Note(note_id="1", by="o", at=NOON, text="needle"),)), "needle", "note"),
        (
            an_incident(verdict=Verdict(code=VerdictCode.CONFIRMED, level=None, reason="needle", by="o", at=NOON)),
            "needle",
            "verdict",
        ),
        (an_incident(complaints=("SC/2026/014",)), "SC/2026/014", "reference"),
        (an_incident(), an_incident().reference, "reference"),
    ],
)
def test_every_text_is_searched_and_the_hit_says_where(
    store: Store, incident: Incident, query: str, place: str
) -> None:
    other = saying("hay", 9)
    assert found(store, incident, other, text=query) == [incident.incident_id]
    (hit,) = store.search(Query(text=query)).hits
    assert hit.matched_in == (place,)
    assert hit.matched_terms


def test_a_hit_says_which_terms_and_filters_it_met(store: Store) -> None:
    store.upsert([saying("I will kill him tonight")])
    store.refresh()
    (hit,) = store.search(Query(text='killing "him tonight"', person="cllr-reed", levels=(Level.MODERATE,))).hits
    assert hit.matched_terms == ("kill", "him tonight")
    assert hit.matched_filters == ("person", "levels")
    assert hit.matched_in == ("text",)


ONE = an_incident(
    a_detection(
        an_event(1, author="x:1", account="acc-1", platform="x"),
        a_finding(category=Category.DOXXING, level=Level.CRITICAL, target="cllr-a", paragraphs=("6.1", "5.2")),
    ),
    complaints=("SC/1", "SC/2"),
    topic_ref="CT-01",
)
TWO = an_incident(
    a_detection(an_event(2, author="fb:2", account="acc-2"), a_finding(level=Level.LOW, target="cllr-b")),
    state=IncidentState.CLOSED,
    last_posted_at=NOON + timedelta(hours=1, microseconds=1),
)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"person": "cllr-a"}, [ONE]),
        ({"person": "cllr"}, []),
        ({"topic_ref": "CT-01"}, [ONE]),
        ({"account": "acc-2"}, [TWO]),
        ({"platform": "x"}, [ONE]),
        ({"paragraph": "5.2"}, [ONE]),
        ({"paragraph": "6.1"}, [TWO, ONE]),
        ({"paragraph": "6"}, []),
        ({"category": Category.DOXXING}, [ONE]),
        ({"levels": (Level.LOW,)}, [TWO]),
        ({"levels": (Level.LOW, Level.CRITICAL)}, [TWO, ONE]),
        ({"states": (IncidentState.CLOSED,)}, [TWO]),
        ({"states": (IncidentState.OPEN, IncidentState.ACKNOWLEDGED)}, [ONE]),
        ({"complaint": "SC/2"}, [ONE]),
        ({"complaint": "sc/2"}, []),
        ({"author": "fb.2"}, [TWO]),
        ({"author": "@FB.2"}, [TWO]),
        ({"author": "resident  FB:2"}, [TWO]),
        ({"author": "fb:2"}, [TWO]),
        ({"author": "fb"}, []),
        ({"author_id": "x:1"}, [ONE]),
        ({"author_id": "X:1"}, []),
        ({"posted_from": NOON}, [TWO, ONE]),
        ({"posted_from": NOON + timedelta(microseconds=1)}, [TWO]),
        ({"posted_until": NOON}, []),
        ({"posted_until": NOON + timedelta(microseconds=1)}, [ONE]),
        ({"posted_until": NOON + timedelta(hours=1, microseconds=1)}, [ONE]),
        ({"paragraph": "6.1", "person": "cllr-b", "text": "comment"}, [TWO]),
        ({"paragraph": "5.2", "person": "cllr-b"}, []),
    ],
)
def test_each_filter_narrows(store: Store, query: dict[str, Any], wanted: list[Incident]) -> None:
    assert found(store, ONE, TWO, **query) == [incident.incident_id for incident in wanted]


def test_an_incident_is_found_by_every_account_and_author_of_its_evidence(store: Store) -> None:
    others = tuple(
        Evidence(event=an_event(number, author=f"x:{number}", account=f"acc-{number}"), findings=())
        for number in (7, 8)
    )
    pile_on = an_incident(evidence=others, author=None)
    wanted = [pile_on.incident_id]
    assert found(store, pile_on, account="acc-8") == wanted
    assert found(store, author_id="x:7", author="x.8") == wanted
    assert found(store, account="acc-fb-council") == wanted
