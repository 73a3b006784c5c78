"""Who may do what in the console: the one permission table, by role, and what each route asks for.

Every request passes it in `dashboards.console.gate`. A test walks every route, every role and every permission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from pipeline.registers.confidential import USER
from pipeline.registers.topic import ConfidentialTopic, TopicStatus
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Role


class ConsoleRole(StrEnum):
    """The roles an account can hold; one account may hold several."""

    COMMUNICATIONS_OFFICER = "communications_officer"
    COMMUNICATIONS_LEAD = "communications_lead"
    MONITORING_OFFICER = "monitoring_officer"
    SERVICE_HEAD = "service_head"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    COUNCILLOR = "councillor"

    @property
    def label(self) -> str:
        """Return the words people read."""
        words = self.value.replace("_", " ")
        return words.title() if self is ConsoleRole.MONITORING_OFFICER else words.capitalize()


class Permission(StrEnum):
    """What an account may be allowed to do."""

    SEE_SERVICE = "see_service"
    """The live page's sources, dead letters and outbox."""
    SEE_INCIDENTS = "see_incidents"
    """Every incident, without its words."""
    SEE_OWN_INCIDENTS = "see_own_incidents"
    """Only incidents of which a service head is told."""
    READ_WORDS = "read_words"
    """The words of a post and who wrote it, when asked for."""
    READ_LEAK = "read_leak"
    """The words of an incident that may hold confidential business, where its topic names no audience."""
    READ_AUDIENCE = "read_audience"
    """The topics of whose audience the account is, and the words of their leaks."""
    MANAGE_TOPICS = "manage_topics"
    """Add documents to topics, and try a text on them."""
    HANDLE = "handle"
    """Acknowledge, give a verdict, add a note, record by hand; letters, referrals and requests to remove."""
    READ_NOT_SCREENED = "read_not_screened"
    """The posts that were not screened, their words when asked for; say what came of them."""
    CHECK_DRAFT = "check_draft"
    """See what the rules make of a text before it is posted; send it for advice."""
    SEARCH = "search"
    EXPORT = "export"
    GATHER = "gather"
    """Put incidents under a complaint."""
    SEE_RULES = "see_rules"
    """What shadow rules and suppressions kept back, without words."""
    KEEP_RECORDS = "keep_records"
    """Hold, dispute, restrict and delete incidents; see those that are restricted; requests of the people in them."""
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"


_OFFICER = frozenset(
    {
        Permission.SEE_SERVICE,
        Permission.SEE_INCIDENTS,
        Permission.READ_WORDS,
        Permission.HANDLE,
        Permission.READ_NOT_SCREENED,
        Permission.CHECK_DRAFT,
        Permission.SEARCH,
        Permission.GATHER,
        Permission.READ_AUDIENCE,
    }
)

WORDS = (Permission.READ_WORDS, Permission.READ_AUDIENCE)

PERMISSIONS: Mapping[ConsoleRole, frozenset[Permission]] = MappingProxyType(
    {
        ConsoleRole.COMMUNICATIONS_OFFICER: _OFFICER,
        ConsoleRole.COMMUNICATIONS_LEAD: _OFFICER | {Permission.EXPORT, Permission.SEE_RULES},
        ConsoleRole.MONITORING_OFFICER: _OFFICER
        | {
            Permission.EXPORT,
            Permission.READ_LEAK,
            Permission.SEE_RULES,
            Permission.SEE_AUDIT,
            Permission.MANAGE_TOPICS,
            Permission.KEEP_RECORDS,
        },
        ConsoleRole.SERVICE_HEAD: frozenset({Permission.SEE_OWN_INCIDENTS, Permission.READ_AUDIENCE}),
        ConsoleRole.DATA_PROTECTION_OFFICER: frozenset(
            {
                Permission.SEE_INCIDENTS,
                Permission.READ_WORDS,
                Permission.READ_AUDIENCE,
                Permission.SEARCH,
                Permission.EXPORT,
                Permission.KEEP_RECORDS,
            }
        ),
        ConsoleRole.AUDITOR: frozenset({Permission.SEE_AUDIT}),
        ConsoleRole.ADMIN: frozenset({Permission.SEE_SERVICE, Permission.MANAGE_ACCOUNTS}),
        ConsoleRole.COUNCILLOR: frozenset({Permission.CHECK_DRAFT}),
    }
)
"""What each role may do. A councillor has the draft box, the own account page and the contacts, and no incident."""


class Access(StrEnum):
    """What a route asks for besides a permission."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


LIVE = (Permission.SEE_SERVICE, Permission.SEE_INCIDENTS, Permission.SEE_OWN_INCIDENTS)
INCIDENT = (Permission.SEE_INCIDENTS, Permission.SEE_OWN_INCIDENTS)
TOPICS = (Permission.READ_AUDIENCE, Permission.MANAGE_TOPICS)

ROUTES: Mapping[str, Access | tuple[Permission, ...]] = MappingProxyType(
    {
        "health": Access.PUBLIC,
        "council_css": Access.PUBLIC,
        "static": Access.PUBLIC,
        "accessibility": Access.PUBLIC,
        "sign_in": Access.PUBLIC,
        "sign_in_post": Access.PUBLIC,
        "sign_out": Access.SIGNED_IN,
        "account": Access.SIGNED_IN,
        "password": Access.SIGNED_IN,
        "password_post": Access.SIGNED_IN,
        "home": Access.SIGNED_IN,
        "live_parts": LIVE,
        "live_feed": INCIDENT,
        "incident": INCIDENT,
        "incident_print": INCIDENT,
        "reveal": WORDS,
        "print_words": WORDS,
        "screenshot": WORDS,
        "acknowledge": (Permission.HANDLE,),
        "verdict": (Permission.HANDLE,),
        "note": (Permission.HANDLE,),
        "gather": (Permission.GATHER,),
        "letter": (Permission.HANDLE,),
        "prompt": (Permission.HANDLE,),
        "refer": (Permission.HANDLE,),
        "ask_removal": (Permission.HANDLE,),
        "close_removal": (Permission.HANDLE,),
        "draft": (Permission.CHECK_DRAFT,),
        "draft_check": (Permission.CHECK_DRAFT,),
        "draft_advice": (Permission.CHECK_DRAFT,),
        "search": (Permission.SEARCH,),
        "search_purpose": (Permission.SEARCH,),
        "search_post": (Permission.SEARCH,),
        "search_results": (Permission.SEARCH,),
        "search_gather": (Permission.GATHER,),
        "search_export": (Permission.EXPORT,),
        "not_screened": (Permission.READ_NOT_SCREENED,),
        "not_screened_post": (Permission.READ_NOT_SCREENED,),
        "not_screened_words": (Permission.READ_NOT_SCREENED,),
        "not_screened_looked_at": (Permission.READ_NOT_SCREENED,),
        "not_screened_record": (Permission.READ_NOT_SCREENED,),
        "record": (Permission.HANDLE,),
        "record_post": (Permission.HANDLE,),
        "rules": (Permission.SEE_RULES,),
        "topics": TOPICS,
        "topics_try": (Permission.MANAGE_TOPICS,),
        "topics_document": (Permission.MANAGE_TOPICS,),
        "keep": (Permission.KEEP_RECORDS,),
        "retention": (Permission.KEEP_RECORDS,),
        "retention_delete": (Permission.KEEP_RECORDS,),
        "requests": (Permission.KEEP_RECORDS,),
        "requests_add": (Permission.KEEP_RECORDS,),
        "requests_act": (Permission.KEEP_RECORDS,),
        "search_copy": (Permission.KEEP_RECORDS,),
        "export_file": (Permission.KEEP_RECORDS,),
        "audit": (Permission.SEE_AUDIT,),
        "accounts": (Permission.MANAGE_ACCOUNTS,),
        "accounts_add": (Permission.MANAGE_ACCOUNTS,),
        "accounts_reset": (Permission.MANAGE_ACCOUNTS,),
        "accounts_disable": (Permission.MANAGE_ACCOUNTS,),
        "accounts_enable": (Permission.MANAGE_ACCOUNTS,),
    }
)
"""By route name: open to all, to anybody signed in, or to whoever holds one of the permissions."""


def permissions_of(roles: Iterable[ConsoleRole]) -> frozenset[Permission]:
    """Return everything that the holder of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def route_allows(route: str, held: frozenset[Permission] | None) -> bool:
    """Say whether a route is open to the holder of these permissions; None is nobody signed in."""
    needs = ROUTES[route]
    if needs is Access.PUBLIC:
        return True
    if held is None:
        return False
    return needs is Access.SIGNED_IN or any(one in held for one in needs)


def may_see(held: frozenset[Permission], incident: Incident) -> bool:
    """Say whether an incident may be shown at all."""
    if incident.restriction is not None and Permission.KEEP_RECORDS not in held:
        return False
    if Permission.SEE_INCIDENTS in held:
        return True
    return Permission.SEE_OWN_INCIDENTS in held and Role.SERVICE_HEAD in incident.notify


def holds_leak(incident: Incident) -> bool:
    """Say whether the words may be confidential business."""
    return Category.CONFIDENTIAL_LEAK in incident.categories or any(one.told_of for one in incident.evidence)


@dataclass(frozen=True)
class Reader:
    """Who asks to read, and the topics as they stand in the register: what an audience is held against."""

    held: frozenset[Permission]
    roles: frozenset[str] = frozenset()
    username: str = ""
    topics: Mapping[str, ConfidentialTopic] = field(default_factory=dict)

    def in_audience(self, ref: str | None) -> bool:
        """Say whether a topic is for this reader: for its audience alone, or else for whoever may read leaks."""
        topic = self.topics.get(ref or "")
        if topic is None or not topic.audience:
            return Permission.READ_LEAK in self.held
        named = {*self.roles, f"{USER}{self.username}"} if self.username else self.roles
        return Permission.READ_AUDIENCE in self.held and not named.isdisjoint(topic.audience)

    def may_see_topic(self, topic: ConfidentialTopic) -> bool:
        """Say whether a topic is listed for this reader: a restricted one for nobody outside its audience."""
        if self.in_audience(topic.ref):
            return True
        return Permission.READ_LEAK in self.held and topic.status is not TopicStatus.RESTRICTED

    def may_read_words(self, incident: Incident) -> bool:
        """Say whether the words of an incident may be shown when asked for: all its topics must be the reader's."""
        if not may_see(self.held, incident):
            return False
        if not holds_leak(incident):
            return Permission.READ_WORDS in self.held
        return all(self.in_audience(ref) for ref in _topics_of(incident))


def _topics_of(incident: Incident) -> frozenset[str]:
    """Return the topics that the words of an incident tell of; the empty reference is a marked document."""
    told = {ref for piece in incident.evidence for ref in piece.told_of}
    leaks = (one for piece in incident.evidence for one in piece.findings if one.category is Category.CONFIDENTIAL_LEAK)
    told |= {one.topic_ref or "" for one in leaks}
    return frozenset(told or {incident.topic_ref or ""})
