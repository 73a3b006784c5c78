"""Read a folder of registers and validate it as a whole: nothing counts until all of it holds together.

Files are JSON, or CSV of the same columns where `parapet init` wrote them as JSON. Every error names file, entry, field
and cure; all of them are reported at once.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pipeline.registers import fingerprints
from pipeline.registers.confidential import settled, topic_faults
from pipeline.registers.elections import end_of
from pipeline.registers.fingerprints import Fingerprint
from pipeline.registers.suppressions import Suppression, suppression_faults
from pipeline.registers.topic import ConfidentialTopic
from pipeline.registers.types import (
    Account,
    Authorisation,
    CalendarEntry,
    Consent,
    Council,
    Councillor,
    MediaOutlet,
    Officer,
    OwnerKind,
    Published,
    Recipient,
    Registers,
    StopRequest,
    Takedown,
)
from pipeline.watch import Faulty

FILES = (
    "council",
    "councillors",
    "accounts",
    "topics",
    "authorisations",
    "consents",
    "media",
    "published",
    "stop_requests",
    "takedowns",
    "calendar",
    "recipients",
    "suppressions",
    fingerprints.FILE,
)

T = TypeVar("T")


class RegisterError(Faulty):
    """The registers do not hold together. problems lists each fault with its file, field and cure."""


class _People(msgspec.Struct, frozen=True):
    councillors: tuple[Councillor, ...] = ()
    officers: tuple[Officer, ...] = ()


def load_registers(folder: Path) -> Registers:
    """Return the registers in a folder.

    Raises:
        RegisterError: with every problem found, each naming file, entry, field and cure.
    """
    problems: list[str] = []
    if not folder.is_dir():
        raise RegisterError([f"{folder} is no folder: `parapet init` makes one with registers in it"])

    def rows(name: str, kind: type[T]) -> tuple[T, ...]:
        found = _read(folder / f"{name}.json", tuple[kind, ...], problems)  # type: ignore[valid-type]
        return found or ()

    council = _read(folder / "council.json", Council, problems)
    people = _read(folder / "councillors.json", _People, problems) or _People()
    accounts = rows("accounts", Account)
    problems += [
        f"{required}.json is missing in {folder}: `parapet init` writes one"
        for required in ("council", "accounts")
        if not (folder / f"{required}.json").exists()
    ]
    if problems or council is None:
        raise RegisterError(problems)
    loaded = Registers(
        council=council,
        councillors=people.councillors,
        officers=people.officers,
        accounts={account.id: account for account in accounts},
        topics=settled(rows("topics", ConfidentialTopic), problems),
        authorisations=rows("authorisations", Authorisation),
        consents=rows("consents", Consent),
        media=rows("media", MediaOutlet),
        published=rows("published", Published),
        stop_requests=rows("stop_requests", StopRequest),
        takedowns=rows("takedowns", Takedown),
        calendar=rows("calendar", CalendarEntry),
        recipients=rows("recipients", Recipient),
        suppressions=rows("suppressions", Suppression),
        fingerprints=rows(fingerprints.FILE, Fingerprint),
        salt=_salt(folder, problems),
        version=_fingerprint(folder),
    )
    problems += _repeated("accounts.json", (account.id for account in accounts))
    for check in _CHECKS:
        problems += check(loaded)
    if problems:
        raise RegisterError(problems)
    return loaded


def _read(path: Path, kind: type[T], problems: list[str]) -> T | None:
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        problems.append(f"{path.name}: {error}: correct that field")
    except msgspec.DecodeError as error:
        problems.append(f"{path.name} is no JSON ({error}): correct it, or restore the last version")
    return None


def _salt(folder: Path, problems: list[str]) -> bytes:
    try:
        return fingerprints.read_salt(folder)
    except (ValueError, OSError):
        problems.append(f"{fingerprints.SALT_FILE} cannot be read: restore it from a copy of the home")
        return b""


def _check_fingerprints(loaded: Registers) -> list[str]:
    problems = []
    mark = fingerprints.salt_mark(loaded.salt)
    for one in loaded.fingerprints:
        where = f"{fingerprints.FILE}.json: {one.id!r}"
        if one.salted_with != mark:
            problems.append(
                f"{where}: was made with another salt than {fingerprints.SALT_FILE}: restore that file from a copy of "
                "the home, or remove the document and add it again"
            )
        try:
            deque(fingerprints.rows(one), maxlen=0)
        except ValueError:
            problems.append(f"{where}: hashes are damaged: remove the document and add it again")
    return problems


def _fingerprint(folder: Path) -> str:
    seen = hashlib.sha256()
    for name in FILES:
        path = folder / f"{name}.json"
        seen.update(name.encode() + b"\0" + (path.read_bytes() if path.exists() else b""))
    return seen.hexdigest()[:16]


def _repeated(file: str, ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again = {one for one in ids if one in seen or seen.add(one)}  # type: ignore[func-returns-value]
    return [f"{file}: id {one!r} stands twice: give each entry its own" for one in sorted(again)]


def _check_council(loaded: Registers) -> list[str]:
    try:
        ZoneInfo(loaded.council.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return [f"council.json: timezone {loaded.council.timezone!r} is unknown: write Europe/London"]
    return []


def _ids(loaded: Registers) -> list[str]:
    return [councillor.id for councillor in loaded.councillors] + [officer.id for officer in loaded.officers]


def _check_people(loaded: Registers) -> list[str]:
    problems = _repeated("councillors.json", _ids(loaded))
    known = {officer.id for officer in loaded.officers}
    problems += [
        f"councillors.json: officer {officer.id!r}, service_head {officer.service_head!r} is not in the register"
        for officer in loaded.officers
        if officer.service_head is not None and officer.service_head not in known
    ]
    return problems


def _check_accounts(loaded: Registers) -> list[str]:
    problems = []
    councillors = {councillor.id for councillor in loaded.councillors}
    for account in loaded.accounts.values():
        where = f"accounts.json: {account.id!r}"
        if not account.agreement_ref.strip():
            problems.append(f"{where}: agreement_ref is empty: a source without an agreement is no source")
        if account.owner_kind is not OwnerKind.COUNCIL_PAGE and account.councillor_id is None:
            problems.append(f"{where}: councillor_id is missing: say whose account it is")
        if account.councillor_id is not None and account.councillor_id not in councillors:
            problems.append(f"{where}: councillor_id {account.councillor_id!r} is not in councillors.json")
        if account.active_until is not None and account.active_until < account.active_from:
            problems.append(f"{where}: active_until is before active_from: correct one of them")
    return problems


def _check_topics(loaded: Registers) -> list[str]:
    return _repeated("topics.json", (topic.ref for topic in loaded.topics)) + topic_faults(loaded)


def _check_recipients(loaded: Registers) -> list[str]:
    problems = _repeated("recipients.json", (recipient.id for recipient in loaded.recipients))
    problems += [
        f"recipients.json: {recipient.id!r}: address is no e-mail address: write name@domain"
        for recipient in loaded.recipients
        if recipient.channel.value == "email" and "@" not in recipient.address
    ]
    return problems


def _check_suppressions(loaded: Registers) -> list[str]:
    return _repeated("suppressions.json", (one.ref for one in loaded.suppressions)) + suppression_faults(
        loaded.suppressions, loaded.accounts
    )


def _check_calendar(loaded: Registers) -> list[str]:
    problems = _repeated("calendar.json", (entry.id for entry in loaded.calendar))
    for entry in loaded.calendar:
        where = f"calendar.json: {entry.id!r}"
        if None in {time.tzinfo for time in (entry.starts_at, entry.ends_at) if time is not None}:
            problems.append(f"{where}: a time has no offset: write 2026-05-07T07:00:00+01:00")
        elif end_of(entry) <= entry.starts_at:
            problems.append(f"{where}: it ends before it begins: give minutes, or an ends_at after starts_at")
    return problems


_CHECKS: tuple[Callable[[Registers], list[str]], ...] = (
    _check_council,
    _check_people,
    _check_accounts,
    _check_topics,
    _check_fingerprints,
    _check_recipients,
    _check_suppressions,
    _check_calendar,
)
