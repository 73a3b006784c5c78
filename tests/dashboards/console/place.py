"""A console in a folder of its own: real log, store, accounts and audit log, a clock that stands still, real steps.

Tests sign in through the form, as people do.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from dashboards.console.accounts import Accounts
from dashboards.console.app import build_app
from dashboards.console.audit import Audit
from dashboards.console.database import FILE
from dashboards.console.parts import ConsoleParts
from dashboards.console.passwords import Passwords
from pipeline.codec import encode
from pipeline.log.interface import Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.types import Account, Councillor, Officer, OwnerKind, Registers
from pipeline.store.sqlite import SqliteStore
from pipeline.topics import INCIDENTS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Level, Role, Route
from processors.stages import Agent, Parts
from tests.builders import (
    ACCOUNT,
    NOON,
    PERSON,
    a_detection,
    a_finding,
    an_event,
    an_incident,
    some_registers,
    some_settings,
)

ORIGIN = "http://127.0.0.1"
PASSWORD = "correct horse battery"
WORDS = "comment about Reed & <b>bold</b>"
NOW = NOON + timedelta(minutes=5)
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class StillClock:
    """A clock that a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time, UTC."""
        return self.now

    def seconds(self) -> float:
        """Return the time as seconds since 1970."""
        return self.now.timestamp()


def cheap_passwords() -> Passwords:
    """Return argon2 at its cheapest: what is tested is the console, not the hash."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def borough() -> Registers:
    """Return registers with a borough and a parish councillor, an officer, and three sources."""
    page = some_registers().accounts[ACCOUNT]
    accounts = {
        ACCOUNT: msgspec.structs.replace(page, display_name="Testwick Council page"),
        "acc-x": msgspec.structs.replace(page, id="acc-x", platform="x", handle="TestwickBC"),
        "acc-old": msgspec.structs.replace(page, id="acc-old", active_until=NOON.date() - timedelta(days=1)),
        "acc-reed": Account(
            id="acc-reed",
            platform="bluesky",
            handle="reed.example",
            owner_kind=OwnerKind.COUNCILLOR_PERSONAL,
            councillor_id=PERSON,
            notice_date=NOON.date(),
            agreement_ref="AGR-2",
            active_from=NOON.date() - timedelta(days=30),
        ),
    }
    people = (
        Councillor(id=PERSON, name="Alex Reed", ward="Millbank"),
        Councillor(id="cllr-marsh", name="Jo Marsh", ward="Oldfield", tier="parish"),
    )
    officers = (Officer(id="off-housing", role="Head of Housing", service="Housing"),)
    council = msgspec.structs.replace(
        some_registers().council,
        monitoring_officer_email="mo@testwick.example",
        press_office_email="press@testwick.example",
        police_force="Testshire Police",
    )
    return some_registers(council=council, councillors=people, officers=officers, accounts=accounts)


def a_threat(number: int = 1, level: Level = Level.CRITICAL, **changes: object) -> Incident:
    """Return an incident of a direct threat whose text carries markup; its words are hidden until asked for."""
    event = an_event(number, author=f"fb:{number}", text=WORDS, permalink=f"https://facebook.example/{number}")
    finding = a_finding(Category.THREAT_DIRECT, level, quote="comment")
    plain = {"route": Route.POLICE_999 if level is Level.CRITICAL else Route.POLICE_101} | changes
    return an_incident(a_detection(event, finding), **plain)


def a_leak(number: int = 7) -> Incident:
    """Return an incident of possible confidential business: topic and place, no quote."""
    event = an_event(number, author="x:9", account="acc-x", platform="x", text="the Millbank depot sale, all of it")
    finding = a_finding(
        Category.CONFIDENTIAL_LEAK,
        Level.HIGH,
        target=None,
        topic_ref="CT-1",
        paragraph="5.2.2",
        quote=None,
        span=(4, 23),
    )
    detection = a_detection(event, finding, concern="topic:CT-1")
    roles = (Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER, Role.SERVICE_HEAD)
    return an_incident(detection, notify=roles)


def at_time(incident: Incident, at: datetime) -> Incident:
    """Return an incident whose posts were made at another time."""
    return msgspec.structs.replace(incident, first_posted_at=at, last_posted_at=at)


@dataclass
class Place:
    """One console and what stands behind it. Close it at the end."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    clock: StillClock = field(default_factory=StillClock)
    registers: Registers = field(default_factory=borough)

    def __post_init__(self) -> None:
        self.log = SqliteLog(self.home / "log.db", partitions=2)
        self.store = SqliteStore(self.home / "store.db")
        self.accounts = Accounts(self.home / FILE, self.clock.seconds, cheap_passwords())
        self.audit = Audit(self.home / FILE, self.clock)
        self.parts = ConsoleParts(
            settings=some_settings(self.home, self.settings),
            registers=lambda: self.registers,
            log=self.log,
            store=self.store,
            accounts=self.accounts,
            audit=self.audit,
            clock=self.clock,
        )
        self.app = build_app(self.parts)
        self._stop_workers: Callable[[], None] = lambda: None

    def hold(self, *incidents: Incident) -> None:
        """Put incidents on the log and into the store, as record and index do."""
        self.publish(*incidents)
        self.store.upsert(incidents)
        self.store.refresh()

    def publish(self, *incidents: Incident) -> None:
        """Put incidents on the log alone."""
        self.log.append(
            [
                Outgoing(topic=INCIDENTS.name, key=one.incident_id, value=encode(one), routing_key=one.concern)
                for one in incidents
            ]
        )

    def start_workers(self) -> None:
        """Start the casework and indexing steps, so that acts are applied."""
        from processors.desk import Desk
        from processors.embedded import Embedded
        from processors.steps import build_step

        parts = Parts(
            registers=lambda: self.registers, clock=self.clock, settings=self.parts.settings, store=self.store
        )
        desks = [
            Desk(agent, build_step(agent, parts), self.log, self.clock) for agent in (Agent.CASEWORK, Agent.INDEXING)
        ]
        workers = Embedded(self.log, parts, desks=desks)
        workers.start()
        self._stop_workers = workers.stop

    def add(self, *roles: str, username: str = "sam") -> str:
        """Add an account and return its username."""
        self.accounts.add(username, f"{username.capitalize()} Officer", roles, PASSWORD)
        return username

    def close(self) -> None:
        """Stop the workers and close every file."""
        self._stop_workers()
        for one in (self.audit, self.accounts, self.store, self.log):
            one.close()


class Browser:
    """A client that keeps cookies and sends forms as a browser does: with origin and form token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **headers: str) -> Response:
        """Load a page; keep its form token."""
        return self._kept(self.client.get(path, headers=headers))

    def post(self, path: str, **fields: str | Sequence[str]) -> Response:
        """Send a form of the page loaded last; names in the form may hold dashes, written as __."""
        return self._kept(self.client.post(path, data=self._filled(fields), headers={"origin": ORIGIN}))

    def upload(self, path: str, screenshot: bytes, **fields: str | Sequence[str]) -> Response:
        """Send a form with a file."""
        files = {"screenshot": ("screenshot.png", screenshot)}
        headers = {"origin": ORIGIN}
        return self._kept(self.client.post(path, data=self._filled(fields), files=files, headers=headers))

    def _filled(self, fields: Mapping[str, str | Sequence[str]]) -> dict[str, str | Sequence[str]]:
        return {"csrf": self.token} | {name.replace("__", "-"): value for name, value in fields.items()}

    def sign_in(self, username: str, password: str = PASSWORD) -> Response:
        """Sign in by the form."""
        self.get("/sign-in")
        answer = self.post("/sign-in", username=username, password=password)
        if answer.status_code == 303:
            self.get("/account")
        return answer

    def _kept(self, answer: Response) -> Response:
        found = _TOKEN.search(answer.text)
        if found:
            self.token = found.group(1)
        return answer


def client_of(place: Place) -> TestClient:
    """Return a client of a console; enter it to begin its lifespan."""
    return TestClient(place.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
