"""What the console is built from, and what its pages share. The composition root fills ConsoleParts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment

from dashboards.console.access_requests import AccessRequests
from dashboards.console.accounts import Accounts
from dashboards.console.audit import Audit
from dashboards.console.drafts import Drafts
from dashboards.console.evidence_files import EvidenceFiles
from dashboards.console.feed import Feed
from dashboards.console.outbox import Outbox
from dashboards.console.sealed import SealedExports
from dashboards.console.sessions import Sessions
from pipeline.guidance import SHIPPED, Guidance, load_guidance
from pipeline.log.interface import Log
from pipeline.registers.types import Registers
from pipeline.settings import Settings
from pipeline.store.interface import Store


@dataclass(frozen=True)
class ConsoleParts:
    """What the console needs from outside. registers returns them as they stand; clock returns the time, UTC.

    Whoever makes the parts closes them: log, store, accounts and audit.
    """

    settings: Settings
    registers: Callable[[], Registers]
    log: Log
    store: Store
    accounts: Accounts
    audit: Audit
    clock: Callable[[], datetime]
    model: Callable[[], str | None] = lambda: None
    """What is wrong with the classifier that runs in this process, with the cure; None where all is well."""


@dataclass(frozen=True)
class Desk:
    """What every page works with: the parts, and what the console makes of them once."""

    parts: ConsoleParts
    sessions: Sessions
    guidance: Guidance
    feed: Feed
    outbox: Outbox
    evidence: EvidenceFiles
    templates: Environment
    drafts: Drafts
    requests: AccessRequests
    sealed: SealedExports

    @property
    def zone(self) -> ZoneInfo:
        """Return the council's time zone."""
        return ZoneInfo(self.parts.registers().council.timezone)

    @property
    def council_name(self) -> str:
        """Return the council's name: the setting, else the register."""
        return self.parts.settings.text("council_name") or self.parts.registers().council.name

    @property
    def secure(self) -> bool:
        """Say whether people reach the console over TLS."""
        settings = self.parts.settings
        return bool(settings.text("tls_certificate")) or settings.text("public_url").startswith("https://")


def make_desk(parts: ConsoleParts, templates: Environment) -> Desk:
    """Return the desk; its feed is not started yet. Raises ValueError for an unreadable guidance.toml."""
    outbox = Outbox()
    return Desk(
        parts=parts,
        sessions=Sessions(parts.accounts.database, lambda: parts.clock().timestamp()),
        guidance=load_guidance(_guidance_file(parts.settings.home)),
        feed=Feed(parts.log, outbox),
        outbox=outbox,
        evidence=EvidenceFiles(parts.settings.home / "evidence"),
        templates=templates,
        drafts=Drafts(parts.settings.home / "rulebook"),
        requests=AccessRequests(parts.accounts.database, parts.clock),
        sealed=SealedExports(parts.settings.home / "exports"),
    )


def _guidance_file(home: Path) -> Path:
    own = home / "guidance.toml"
    return own if own.exists() else SHIPPED
