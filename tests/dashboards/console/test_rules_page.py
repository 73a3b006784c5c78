"""The page of what rules kept back: who may see it, what it says, and no words of a post."""

from pipeline.codec import encode
from pipeline.log.interface import Outgoing
from pipeline.topics import FINDINGS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import RuleState
from pipeline.vocabulary.levels import Level
from tests.builders import a_detection, a_finding, an_event
from tests.dashboards.console.place import Browser, Place


def test_it_shows_what_shadow_rules_and_suppressions_kept_back_without_words(place: Place, browser: Browser) -> None:
    words = "heron of the marshes"
    shadow = a_finding(Category.THREAT_DIRECT, Level.HIGH, state=RuleState.SHADOW, quote=words, reason=words)
    hidden = a_finding(state=RuleState.SHADOW, suppressed_by="SUP-7", quote=words)
    detection = a_detection(an_event(text=words), shadow, hidden)
    place.parts.log.append([Outgoing(topic=FINDINGS.name, key=detection.concern, value=encode(detection))])
    browser.sign_in(place.add("communications_lead"))
    text = browser.get("/rules").text
    for said in ("threat_direct-rule", "SUP-7", "Possible direct threat", "Paged communications team"):
        assert said in text
    assert words not in text


def test_an_officer_has_no_such_page(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    assert browser.get("/rules").status_code == 403
