"""Finds registered people in a text and puts a token in the place of each, so that rules need no names.

Second thing that happens to a post after folding: `Directory.mark` gives the text that rules read, and who was named
where.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from pipeline.registers.types import Registers
from pipeline.text.fold import Edit, Folded
from processors.reading.phrases import Phrase, Sureness, Token, key_of, phrases_of
from processors.reading.sense import quotations
from processors.reading.spellings import Spellings
from processors.rules.patterns import Found, compile_pattern, stands

_TITLES = r"(?:cllrs?|clr|councill?ors?|coun|mr|mrs|ms|miss|dr|mayor)\.?"
_TITLE, _NAME = 1, 2
"""Groups of the directory's pattern."""
_NOT_A_PERSON = re.compile(
    r"s?[ \-]+(?:road|rd|street|st|lane|ln|close|avenue|ave|drive|way|farm|green|land|lands|house|court|hill|wood|"
    r"harrier|bird|warbler|gas|hall|school|park|reserve|fritillary|marigold|fields?)\b"
)
_AFTER_A_NAME = re.compile(
    r"\W*(?:$|[.!?:]|['’]?s?\s+(?:is|has|will|wants|needs|should|deserves|gets|getting|soon|you|your|and his|and her|"
    r"ought|must|next|gonna|lives|again|ur|u)\b)"
)
_OTHERS = re.compile(r"\b(?:dog|church|fire|street|community|litter|flood|game|tree|air raid|covid|car park)[ -]$")
_ARTICLE = re.compile(r"\b(?:the|a|an|this|that|our|your|my|old|new|every|bouncy|salt|water)[ ]+$")
_POINTS = re.compile(r"\b(?:this|that)[ ]+$")
"""Before an ordinary word with a capital it points at a person: 'that Marsh woman'."""


@dataclass(frozen=True)
class Mention:
    """A token in the marked text; person is None for a body, a place or an outlet."""

    start: int
    end: int
    token: Token
    person: str | None


@dataclass(frozen=True)
class Marked:
    """A folded text with tokens for names, and who they stand for, in order."""

    folded: Folded
    mentions: tuple[Mention, ...]

    @property
    def text(self) -> str:
        """Return what rules read."""
        return self.folded.text

    @cached_property
    def quotations(self) -> tuple[tuple[int, int], ...]:
        """Return where quotations stand in it."""
        return quotations(self.text)

    def people(self) -> tuple[Mention, ...]:
        """Return the councillors and officers named."""
        return tuple(one for one in self.mentions if one.person is not None)


class Directory:
    """Whom the registers know, by every phrase they are called by. Built once for a set of registers."""

    def __init__(self, registers: Registers, spellings: Spellings) -> None:
        self._spellings = spellings
        self._by_key: dict[str, list[Phrase]] = {}
        for phrase in phrases_of(registers):
            if phrase.words:
                self._by_key.setdefault(key_of(phrase.words), []).append(phrase)
        self.by_handle = _handles(registers)
        self.council_handles = frozenset(
            [one.lower() for one in registers.council.handles.values()]
            + [one.handle.lower() for one in registers.accounts.values() if one.councillor_id is None]
        )
        words = {phrase.words for phrases in self._by_key.values() for phrase in phrases}
        names = "|".join(_spelled(one) for one in sorted(words, key=lambda one: (-len(one), one)))
        self._pattern = compile_pattern(rf"(?:^|[^a-z0-9_@])(?:({_TITLES}) +)?({names})s?(?:$|[^a-z0-9_])")
        self._any = compile_pattern(rf"(?:^|[^a-z0-9_])(?:{names})s?(?:$|[^a-z0-9_])")
        """Whether anybody is named at all: without groups a look costs a tenth, and most posts end there."""

    def mark(self, folded: Folded, near: Callable[[], Collection[str]]) -> Marked:
        """Return the text with tokens. near gives the people being talked to or about, for first names."""
        folded = self._spellings.plain(folded)
        if not stands(self._any, folded.text.encode()):
            return Marked(folded, ())
        edits: list[Edit] = []
        found_people: list[tuple[int, int, Phrase]] = []
        text = folded.text
        at = 0
        while found := self._pattern.search(text, at):
            start = found.start(_TITLE if found.group(_TITLE) else _NAME)
            end = found.end(_NAME)
            phrase = self._accept(folded, found, near)
            if phrase is not None and text[end : end + 1] == "s":
                phrase, end = (None, end) if phrase.sureness is not Sureness.SURE else (phrase, end + 1)
            if phrase is not None:
                edits.append((start, end, phrase.token.value))
                found_people.append((start, end, phrase))
            at = max(end, at + 1)
        if not edits:
            return Marked(folded, ())
        return Marked(folded.replaced(edits), _positions(found_people))

    def _accept(self, folded: Folded, found: Found, near: Callable[[], Collection[str]]) -> Phrase | None:
        written = found.group(_NAME) or ""
        best: Phrase | None = None
        for phrase in self._by_key.get(key_of(written), ()):
            if phrase.sureness is Sureness.SURE:
                return phrase
            if best is None and _holds(phrase, folded, found, near):
                best = phrase
        return best


def _holds(phrase: Phrase, folded: Folded, found: Found, near: Callable[[], Collection[str]]) -> bool:
    start, end = found.start(_NAME), found.end(_NAME)
    titled = found.group(_TITLE) is not None
    capital = folded.words(start, end)[:1].isupper()
    match phrase.sureness:
        case Sureness.TITLED:
            return titled
        case Sureness.CAPITAL:
            return capital or " " in phrase.words
        case Sureness.SHORT:
            return _OTHERS.search(folded.text, max(0, start - 14), start) is None
        case Sureness.SLIP:
            return titled or phrase.person in near() or _as_a_name(folded.text, start, end)
        case Sureness.FIRST:
            return phrase.person in near()
    return titled or _common(phrase, folded, start, end, near)


def _common(phrase: Phrase, folded: Folded, start: int, end: int, near: Callable[[], Collection[str]]) -> bool:
    """Return whether a name that is also an ordinary word stands as a name."""
    capital = folded.words(start, end)[:1].isupper()
    if _NOT_A_PERSON.match(folded.text, end):
        return False
    shouted = folded.original.isupper()
    before = max(0, start - 12)
    if _ARTICLE.search(folded.text, before, start):
        return capital and not shouted and _POINTS.search(folded.text, before, start) is not None
    unwritten = folded.original == folded.original.lower()
    return (capital and not shouted) or unwritten or phrase.person in near()


def _as_a_name(text: str, start: int, end: int) -> bool:
    """Return whether a word stands as a name does: no article before it, and a verb, a sign or nothing after it."""
    return _ARTICLE.search(text, max(0, start - 12), start) is None and _AFTER_A_NAME.match(text, end) is not None


def _positions(found: list[tuple[int, int, Phrase]]) -> tuple[Mention, ...]:
    mentions: list[Mention] = []
    shift = 0
    for start, end, phrase in found:
        token = phrase.token.value
        mentions.append(Mention(start + shift, start + shift + len(token), phrase.token, phrase.person))
        shift += len(token) - (end - start)
    return tuple(mentions)


def _spelled(words: str) -> str:
    prefix, rest = ("@?", words[1:]) if words.startswith("@") else ("", words)
    return prefix + r"[ \-]?".join(re.escape(part) for part in re.split(r"[ \-]+", rest))


def _handles(registers: Registers) -> dict[str, str]:
    by_handle = {handle.lower(): one.id for one in registers.councillors for handle in one.handles.values()}
    for account in registers.accounts.values():
        if account.councillor_id is not None:
            by_handle[account.handle.lower()] = account.councillor_id
    return by_handle
