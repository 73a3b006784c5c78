"""Verb forms made by code: what a lexicon entry stands for in each form."""

import re

import pytest

from processors.rules.inflect import gerund, participle, past, third
from processors.rules.load import RulebookError, joined
from processors.rules.model import Lexicon
from processors.rules.patterns import compile_pattern, spell_out
from processors.rules.verbs import FORMS, Verbs, verb_forms

WORDS = {"who": ("him", "her", "the mayor"), "your": ("his", "her")}
HARM = Verbs(object="<who>", entries=("chin", "string up", "put {<who>} in hospital", "kick/stamp {<your> head} in"))
COUNTS = Verbs(object="<who>", entries=("set fire to/burn {<your> (?:big ){0,2}house} (?:right ){0,1}down",))


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("kill", "kills killing killed killed"),
        ("chop", "chops chopping chopped chopped"),
        ("knife", "knifes knifing knifed knifed"),
        ("batter", "batters battering battered battered"),
        ("chin", "chins chinning chinned chinned"),
        ("smash", "smashes smashing smashed smashed"),
        ("bury", "buries burying buried buried"),
        ("shoot", "shoots shooting shot shot"),
        ("break", "breaks breaking broke broken"),
        ("break", "breaks breakin broke broke"),
        ("hang", "hangs hanging hung hanged"),
        ("kneecap", "kneecaps kneecapping kneecapped kneecapped"),
        ("pummel", "pummels pummelling pummelled pummelled"),
        ("do", "does doing did done"),
        ("behead", "beheads beheading beheaded beheaded"),
        ("slit", "slits slitting slit slit"),
        ("burn", "burns burnin' burnt burned"),
        ("glass", "glasses glassing glassed glassed"),
        ("slap", "slaps slapping slapped slapped"),
        ("fly-?tip", "fly-tips flytipping fly-tipped flytipped"),
        ("petrol.?bomb", "petrolbombs petrol-bombing petrol-bombed petrolbombed"),
        ("throw", "throws throwing threw thrown"),
    ],
)
def test_a_verb_is_inflected_as_people_write_it(verb: str, forms: str) -> None:
    made = (third, gerund, past, participle)
    for written, form in zip(forms.split(), made, strict=True):
        assert re.fullmatch(form(verb), written), f"{form.__name__} of {verb} is not {written}"


@pytest.mark.parametrize(
    ("form", "found", "not_found"),
    [
        ("do", "string him up; string up the mayor; chin her; put him in hospital; stamp his head in", "strung him up"),
        ("does", "chins him; strings her up; puts the mayor in hospital; kicks his head in", "chin him"),
        ("did", "chinned him; strung up the mayor; put her in hospital; kicked her head in", "chinning him"),
        ("doing", "chinning him; stringing her up; kicking his head in", "chinned him"),
        ("done", "chinned; strung up; put in hospital; his head kicked in", "his head kicking in"),
        ("needing", "chinning; stringing up; putting in hospital; his head kicking in", "his head kicked in"),
        ("bare", "chin; string up; kick in", "chinned"),
    ],
)
def test_a_form_stands_for_every_entry(form: str, found: str, not_found: str) -> None:
    words = WORDS | verb_forms("harm", HARM)
    pattern = compile_pattern(spell_out(f"<harm.{form}>", words))
    for text in found.split("; "):
        match = pattern.search(text)
        assert match is not None, f"{form}: {text}"
        assert match.group() == text
    assert pattern.search(not_found) is None


def test_a_count_in_a_pattern_is_no_object() -> None:
    pattern = compile_pattern(spell_out("<fire.do>", WORDS | verb_forms("fire", COUNTS)))
    assert pattern.search("burn his big big house down") is not None
    assert pattern.search("set fire to her house right down") is not None


def test_every_form_is_explained() -> None:
    assert {name.partition(".")[2] for name in verb_forms("harm", HARM)} == set(FORMS)


def test_a_name_that_stands_in_two_lexicon_files_is_refused() -> None:
    one = Lexicon(version="1", words={"house": ("house",)})
    with pytest.raises(RulebookError, match=r"house.*give each name once"):
        joined([one, one])
