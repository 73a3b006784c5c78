"""Posts that were not screened (too long, a language not covered, a fault): an officer reads them, and says what came
of it. The words are hidden until asked for, as on an incident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.console.acts import looked_for, send, wait_for
from dashboards.console.audit import AuditAction
from dashboards.console.manual import Known, judgement_errors, record_of
from dashboards.console.not_screened import by_hand, event_of, kept_until, may_read, unjudged
from dashboards.console.purposes import Purpose, PurposeRefused, read_purpose
from dashboards.console.visit import Visit, see_other
from pipeline.dead_letters import letter_of, looked_at
from pipeline.vocabulary.categories import NO_FINDING, Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, LookedAt

WAITING_SHOWN = 200
LOOKED_AT_SHOWN = 50
LONGEST_NOTE = 5000
_REASON = DeadLetterReason.NOT_SCREENED


@dataclass(frozen=True)
class _Post:
    """A dead letter, the post it holds, and whether this visitor may read it."""

    letter: DeadLetter
    event: Event | None
    may_read: bool

    @property
    def waits(self) -> bool:
        return self.letter.state is DeadLetterState.WAITING


@dataclass(frozen=True)
class _Sent:
    """What was sent with a form, and what is wrong with it, by field."""

    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def not_screened(visit: Visit) -> Response:
    """List the posts that wait to be read, and those that were, without their words."""
    store, done = visit.desk.parts.store, visit.request.query_params.get("done", "")
    waiting = store.dead_letters(WAITING_SHOWN, _REASON)
    return visit.page(
        "not_screened.html",
        waiting=[one for one in waiting if one.dead_letter_id != done],
        total=store.count_dead_letters().get(_REASON, 0) - any(one.dead_letter_id == done for one in waiting),
        read=store.dead_letters(LOOKED_AT_SHOWN, _REASON, DeadLetterState.LOOKED_AT),
        kept_until=kept_until,
        done=done,
        registers=visit.desk.parts.registers(),
    )


def not_screened_post(visit: Visit) -> Response:
    """Show one post with its words hidden."""
    post = _wanted(visit)
    visit.record(AuditAction.VIEW, post.letter.dead_letter_id)
    return _show(visit, post)


def not_screened_words(visit: Visit) -> Response:
    """Show one post with its words, once a purpose is given."""
    return _reveal(visit, _wanted(visit))


def not_screened_looked_at(visit: Visit) -> Response:
    """Mark a post as looked at, with a note of what came of it."""
    post, note = _wanted(visit), visit.form.text("note")
    if not note or len(note) > LONGEST_NOTE:
        wrong = {"note": f"Enter what you made of it, in {LONGEST_NOTE} characters or fewer"}
        return _again(visit, post, wrong)
    if post.waits:
        visit.record(AuditAction.LOOKED_AT, post.letter.dead_letter_id)
        _mark(visit, post, LookedAt(by=visit.username, at=visit.desk.parts.clock(), note=note))
    return see_other(f"/not-screened?done={post.letter.dead_letter_id}")


def not_screened_record(visit: Visit) -> Response:
    """Record an incident by hand from a post, as it was received, and mark the post as looked at."""
    post, sent, parts = _wanted(visit), visit.form.plain(), visit.desk.parts
    known = Known(parts.registers(), visit.desk.guidance, visit.desk.zone, visit.username, parts.clock())
    errors = judgement_errors(sent, known)
    if errors:
        return _again(visit, post, errors)
    if post.event is None or not post.waits:
        return see_other(f"/not-screened/{post.letter.dead_letter_id}")
    activity = record_of(by_hand(post.event, visit.username), sent, known)
    detail = {name: sent[name] for name in ("category", "paragraph", "level")}
    visit.record(AuditAction.RECORD, activity.incident_id, ("", ""), not_screened=post.letter.dead_letter_id, **detail)
    send(parts.log, activity)
    _mark(visit, post, LookedAt(by=visit.username, at=known.now, incident_id=activity.incident_id))
    wait_for(parts.store, activity.incident_id, activity.activity_id)
    return see_other(f"/incidents/{activity.incident_id}?act={activity.activity_id}")


def _wanted(visit: Visit) -> _Post:
    parts = visit.desk.parts
    letter = letter_of(parts.log, visit.request.path_params["letter"])
    if letter is None or letter.reason is not _REASON:
        raise HTTPException(404)
    event = event_of(letter)
    readable = event is not None and may_read(visit.reader, event, parts.registers(), parts.clock())
    return _Post(letter, event, readable)


def _mark(visit: Visit, post: _Post, looked: LookedAt) -> None:
    parts, identity = visit.desk.parts, post.letter.dead_letter_id
    looked_at(parts.log, post.letter, looked)
    looked_for(
        lambda: all(one.dead_letter_id != identity for one in parts.store.dead_letters(WAITING_SHOWN, _REASON)) or None
    )


def _again(visit: Visit, post: _Post, errors: Mapping[str, str]) -> Response:
    """Return the page with what is wrong with a form; with the words where the form came from a page with words."""
    sent = _Sent(visit.form.plain(), errors)
    return _reveal(visit, post, sent) if visit.form.text("purpose") else _show(visit, post, sent)


def _reveal(visit: Visit, post: _Post, sent: _Sent | None = None) -> Response:
    """Show the words; the reading is recorded before it happens."""
    identity = post.letter.dead_letter_id
    if not post.may_read:
        visit.record(AuditAction.REFUSED, identity, wanted=AuditAction.REVEAL.value)
        return visit.page("forbidden.html", status=403)
    try:
        why = read_purpose(visit.form.text("purpose"), visit.form.text("complaint"))
    except PurposeRefused as error:
        return _show(visit, post, _Sent(visit.form.plain(), {f"reveal-{error.field}": str(error)}))
    visit.record(AuditAction.REVEAL, identity, why)
    return _show(visit, post, sent, why)


def _show(visit: Visit, post: _Post, sent: _Sent | None = None, why: tuple[str, str] | None = None) -> Response:
    """Return the page of one post; why is the purpose and complaint its words are shown for, None to hide them."""
    parts, session, sent = visit.desk.parts, visit.must_session(), sent or _Sent()
    shown = post.event if why is not None else None
    return visit.page(
        "not_screened_post.html",
        status=422 if sent.errors else 200,
        letter=post.letter,
        waits=post.waits,
        held=post.event is not None,
        may_read=post.may_read,
        kept_until=kept_until(post.letter),
        event=shown,
        why=why,
        passages=unjudged(shown, parts.settings.number("screen_longest")) if shown else (),
        sent=sent.texts,
        errors=sent.errors,
        purposes=tuple(Purpose),
        usual_purpose=session.purpose or Purpose.SAFETY_INCIDENT,
        complaint=session.complaint or "",
        registers=parts.registers(),
        paragraphs=visit.desk.guidance.paragraph,
        categories=tuple(one for one in Category if one not in NO_FINDING),
        levels=tuple(reversed(Level)),
    )
