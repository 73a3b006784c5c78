"""Long texts in overlapping windows: cost stays linear, and a threat at the very end is found like one at the
beginning.

Used by the screener. Ordinary posts are one window: themselves.
"""

from collections.abc import Iterator

import msgspec

from pipeline.vocabulary.event import Attachment, Event, Quoted
from pipeline.vocabulary.finding import Field, Finding

SIZE = 4000
OVERLAP = 400
_SLICED = frozenset({Field.TEXT, Field.OCR_TEXT, Field.ALT_TEXT, Field.SHARED})


def windows(event: Event) -> Iterator[tuple[int, Event]]:
    """Yield the event in windows: the offset of each in code points, and the event with its fields cut to the
    window.
    """
    ocr, alt, shared = _joined(event, "ocr_text"), _joined(event, "alt_text"), event.shared
    longest = max(len(event.text or ""), len(ocr), len(alt), len(shared.text) if shared is not None else 0)
    if longest <= SIZE:
        yield 0, event
        return
    for start in range(0, max(1, longest - OVERLAP), SIZE - OVERLAP):
        end = start + SIZE
        picture = Attachment(type="image", ocr_text=ocr[start:end] or None, alt_text=alt[start:end] or None)
        flags = tuple(msgspec.structs.replace(one, ocr_text=None, alt_text=None) for one in event.attachments)
        yield (
            start,
            msgspec.structs.replace(
                event,
                text=event.text[start:end] if event.text else event.text,
                attachments=(picture, *flags) if start == 0 else (picture,),
                shared=Quoted(text=shared.text[start:end], author_handle=shared.author_handle) if shared else None,
                profile=event.profile if start == 0 else None,
            ),
        )


def moved(finding: Finding, offset: int) -> Finding:
    """Return a finding of a window with its span counted from the beginning of the whole field."""
    if not offset or finding.span is None or finding.field not in _SLICED:
        return finding
    return msgspec.structs.replace(finding, span=(finding.span[0] + offset, finding.span[1] + offset))


def _joined(event: Event, name: str) -> str:
    return "\n".join(text for one in event.attachments if (text := getattr(one, name)))
