"""Pure detectors: an event and a context in, findings out; no clock, no log, no store. DETECTORS lists all of them."""

from collections.abc import Callable, Iterable

from pipeline.vocabulary.finding import Finding
from processors.detectors import (
    abuse,
    contacts,
    doxxing,
    impersonation,
    leaks,
    media,
    personal_data,
    personal_data_asked,
    profile,
    quotations,
    sharing,
    takedowns,
    takeover,
    threats,
    tone,
    voice,
    words,
)
from processors.reading.case import Case

DETECTORS: tuple[Callable[[Case], Iterable[Finding]], ...] = (
    threats.detect,
    doxxing.detect,
    words.detect,
    abuse.detect,
    leaks.detect,
    quotations.detect,
    personal_data.detect,
    personal_data_asked.detect,
    impersonation.detect,
    contacts.detect,
    media.detect,
    voice.detect,
    profile.detect,
    takedowns.detect,
    takeover.detect,
    sharing.detect,
    tone.detect,
)
"""Every detector, in the order in which they read an event. One visible list; a test compares it with the folder."""
