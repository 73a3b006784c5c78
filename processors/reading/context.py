"""What is worked out once from registers and rulebook, and read by every detector: the same for all events."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.registers.types import Registers
from pipeline.text.fold import fold
from processors.reading.fingerprints import Fingerprints
from processors.reading.names import Directory
from processors.reading.namesakes import Namesakes
from processors.reading.phrases import key_of
from processors.reading.sense import Cues
from processors.reading.spellings import Spellings
from processors.reading.topics import Topics
from processors.rules.match import Rulebook
from processors.rules.patterns import Pattern, compile_pattern


@dataclass(frozen=True)
class Context:
    """Registers and rulebook, made ready."""

    registers: Registers
    rulebook: Rulebook
    directory: Directory
    cues: Cues
    topics: Topics
    fingerprints: Fingerprints
    namesakes: Namesakes
    """Whose name or handle an author shows."""
    pictures: tuple[tuple[str, str | None], ...]
    """Hashes of registered profile pictures, with the councillor's id; None is the Council."""
    platform_ids: frozenset[str]
    """Platform ids of all registered accounts."""
    media_handles: frozenset[str]
    published_keys: tuple[str, ...]
    """Numbers and addresses that the Council itself publishes, as keys."""

    @classmethod
    def of(cls, registers: Registers, rulebook: Rulebook) -> "Context":
        """Return the context of a set of registers. KeyError where the lexicon lacks a cue."""
        return cls(
            registers=registers,
            rulebook=rulebook,
            directory=Directory(registers, Spellings(rulebook.lexicon.spellings)),
            cues=Cues(rulebook),
            topics=Topics(registers),
            fingerprints=Fingerprints(registers),
            namesakes=Namesakes(registers),
            pictures=(
                *((one, None) for one in registers.council.picture_hashes),
                *((one, person.id) for person in registers.councillors for one in person.picture_hashes),
            ),
            platform_ids=frozenset(
                one.platform_account_id for one in registers.accounts.values() if one.platform_account_id
            ),
            media_handles=frozenset(
                handle.lower() for one in registers.media for handles in one.handles.values() for handle in handles
            ),
            published_keys=tuple(_published(registers)),
        )

    def scope(self, tag: str) -> Pattern:
        """Return the words of a tag of an authorisation's scope; a tag without a cue stands for itself."""
        try:
            return self.rulebook.cue(f"scope_{tag.replace('-', '_')}")
        except KeyError:
            return compile_pattern(re.escape(fold(tag.replace("-", " ")).text))


def _published(registers: Registers) -> Iterator[str]:
    council = registers.council
    shown = [*council.phone_numbers, council.press_office_email, council.monitoring_officer_email]
    for one in registers.councillors:
        shown += [one.public_phone, one.public_address, one.email]
    for text in shown:
        key = key_of(text.lower()) if text else ""
        if len(key) > 6:
            yield key
