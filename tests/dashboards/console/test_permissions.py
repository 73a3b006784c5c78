"""The permission table: every route is in it, and every role gets what it grants and nothing else, by real requests."""

import msgspec
import pytest
from starlette.routing import Mount, Route

from dashboards.console.app import PAGES
from dashboards.console.permissions import (
    PERMISSIONS,
    ROUTES,
    WORDS,
    Access,
    ConsoleRole,
    Permission,
    Reader,
    may_see,
    permissions_of,
    route_allows,
)
from pipeline.vocabulary.levels import Role
from tests.dashboards.console.place import Browser, Place, a_leak, a_threat

P = Permission
GRANTED = {
    ConsoleRole.COMMUNICATIONS_OFFICER: {
        P.SEE_SERVICE, P.SEE_INCIDENTS, P.READ_WORDS, P.HANDLE, P.CHECK_DRAFT, P.SEARCH, P.GATHER,
        P.READ_AUDIENCE, P.READ_NOT_SCREENED,
    },
    ConsoleRole.COMMUNICATIONS_LEAD: {
        P.SEE_SERVICE, P.SEE_INCIDENTS, P.READ_WORDS, P.HANDLE, P.CHECK_DRAFT, P.SEARCH, P.GATHER, P.EXPORT,
        P.SEE_RULES, P.READ_AUDIENCE, P.READ_NOT_SCREENED,
    },
    ConsoleRole.MONITORING_OFFICER: {
        P.SEE_SERVICE, P.SEE_INCIDENTS, P.READ_WORDS, P.READ_LEAK, P.HANDLE, P.CHECK_DRAFT, P.SEARCH, P.GATHER,
        P.EXPORT, P.SEE_RULES, P.SEE_AUDIT, P.READ_AUDIENCE, P.MANAGE_TOPICS, P.READ_NOT_SCREENED,
        P.KEEP_RECORDS,
    },
    ConsoleRole.SERVICE_HEAD: {P.SEE_OWN_INCIDENTS, P.READ_AUDIENCE},
    ConsoleRole.DATA_PROTECTION_OFFICER: {
        P.SEE_INCIDENTS, P.READ_WORDS, P.READ_AUDIENCE, P.SEARCH, P.EXPORT, P.KEEP_RECORDS,
    },
    ConsoleRole.AUDITOR: {P.SEE_AUDIT},
    ConsoleRole.ADMIN: {P.SEE_SERVICE, P.MANAGE_ACCOUNTS},
    ConsoleRole.COUNCILLOR: {P.CHECK_DRAFT},
}  # fmt: skip
"""Written down a second time on purpose: a change of who may do what is a decision, made in two places."""

STREAMS = {"live_feed"}
"""Answers without an end: tried in the browser tests."""


def test_the_table_grants_what_was_decided() -> None:
    assert {role: set(held) for role, held in PERMISSIONS.items()} == GRANTED


def test_every_route_is_in_the_table_and_no_other(place: Place) -> None:
    served = {route.name for route in place.app.routes if isinstance(route, Route | Mount)}
    assert served == set(ROUTES)
    assert {page.name for page in PAGES} == set(ROUTES) - {"static"}


def test_every_permission_opens_some_route_or_right() -> None:
    in_routes = {one for needs in ROUTES.values() if not isinstance(needs, Access) for one in needs}
    assert set(Permission) - in_routes == {Permission.READ_LEAK}


def test_only_these_routes_are_open_to_all() -> None:
    open_to_all = {name for name, needs in ROUTES.items() if needs is Access.PUBLIC}
    assert open_to_all == {"health", "council_css", "static", "accessibility", "sign_in", "sign_in_post"}


def ask(browser: Browser, method: str, path: str) -> int:
    names = {"name": "a" * 64, "search": "none", "username": "nobody", "letter": "safety"}
    filled = path.format(incident=a_threat().reference, **names)
    answer = browser.get(filled) if method == "GET" else browser.post(filled)
    return answer.status_code


@pytest.mark.usefixtures("nobody_works")
@pytest.mark.parametrize("role", list(ConsoleRole))
def test_every_role_is_let_in_where_the_table_says(place: Place, browser: Browser, role: ConsoleRole) -> None:
    threat = msgspec.structs.replace(a_threat(), notify=(Role.SERVICE_HEAD,))
    place.hold(threat)
    browser.sign_in(place.add(role))
    wrong = []
    for page in PAGES:
        if page.name in STREAMS | {"sign_out", "sign_in_post"}:
            continue
        allowed = route_allows(page.name, permissions_of([role]))
        if role is ConsoleRole.SERVICE_HEAD and ROUTES[page.name] == WORDS:
            allowed = False  # let through for the topics of whose audience they are: a threat is none
        if (ask(browser, page.method, page.path) == 403) == allowed:
            wrong.append(page.name)
    assert wrong == []


def test_nobody_is_let_in_without_signing_in(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    wrong = []
    for page in PAGES:
        public = ROUTES[page.name] is Access.PUBLIC
        status = ask(browser, page.method, page.path)
        if page.name != "sign_in_post" and (status == 303) == public:
            wrong.append(f"{page.name} {status}")
    assert wrong == []


def test_a_refusal_is_recorded(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    assert browser.get("/search").status_code == 403
    assert [(entry.act.user, entry.act.object) for entry in place.audit.entries(action="refused")] == [
        ("sam", "search")
    ]


def test_a_service_head_sees_only_what_service_heads_are_told() -> None:
    held = permissions_of([ConsoleRole.SERVICE_HEAD])
    assert may_see(held, a_leak())
    assert not may_see(held, a_threat())
    assert not Reader(held).may_read_words(a_leak())


@pytest.mark.parametrize("role", list(ConsoleRole))
def test_the_words_of_a_leak_are_for_the_monitoring_officer(role: ConsoleRole) -> None:
    assert Reader(permissions_of([role])).may_read_words(a_leak()) == (role is ConsoleRole.MONITORING_OFFICER)


def test_several_roles_add_up() -> None:
    held = permissions_of([ConsoleRole.AUDITOR, ConsoleRole.ADMIN])
    assert held == {Permission.SEE_AUDIT, Permission.SEE_SERVICE, Permission.MANAGE_ACCOUNTS}
    assert permissions_of([]) == frozenset()
