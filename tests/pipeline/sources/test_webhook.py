"""The webhook receiver: what it answers, what it keeps, and when it stops reading."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from standardwebhooks import Webhook
from starlette.applications import Starlette

from pipeline.codec import decode, decode_observations
from pipeline.log.interface import LogUnavailable, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.settings import SettingError
from pipeline.sources.signature import keys_of, verified
from pipeline.sources.webhook import WebhookParts, build_webhook
from pipeline.topics import DEAD_LETTERS, SOURCES
from pipeline.vocabulary.operations import DeadLetter
from tests.builders import some_registers
from tests.pipeline.sources.conftest import NOW
from tests.pipeline.sources.test_intake import raw

OLD = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
NEW = "whsec_" + b64encode(b"a newer secret of 24 byte").decode()
OTHER = "whsec_" + b64encode(b"a secret of somebody else").decode()
LIMIT = 4000
RAW = "ingest.raw.facebook"


class Flaky(SqliteLog):
    down = False

    def append(self, records: Sequence[Outgoing]) -> None:
        if self.down:
            raise LogUnavailable("planned")
        super().append(records)

    def end(self, topic: str, partition: int) -> int:
        if self.down:
            raise LogUnavailable("planned")
        return super().end(topic, partition)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Flaky]:
    opened = Flaky(tmp_path / "log.db")
    yield opened
    opened.close()


@pytest.fixture
def parts(log: Flaky) -> WebhookParts:
    return WebhookParts(log, some_registers, lambda: NOW, keys_of(f"{OLD},{NEW}"), LIMIT)


class Client:
    """Asks an app as a sender would, without a server."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def post(self, path: str, content: bytes, headers: Mapping[str, str] | Mapping[bytes, bytes]) -> httpx.Response:
        return asyncio.run(self._ask(httpx.Request("POST", f"http://test{path}", content=content, headers=headers)))

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._ask(httpx.Request("GET", f"http://test{path}")))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app)) as client:
            return await client.send(request)


@pytest.fixture
def client(parts: WebhookParts) -> Client:
    return Client(build_webhook(parts))


def signed(body: bytes, secret: str = OLD, at: datetime = NOW, identity: str = "msg_1") -> dict[str, str]:
    signature = Webhook(secret).sign(identity, at, body.decode())
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


def letters(log: SqliteLog) -> list[DeadLetter]:
    return [decode(DeadLetter, message.value or b"") for message in log.read(DEAD_LETTERS.name, 0, 0, 100)]


def test_the_published_vector() -> None:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1767225600",
        "webhook-signature": "v1,HySHXT7KCYW0OzWkvoQFsy+ci28Xh0zUbyjxjK05Frs=",
    }
    at = datetime.fromtimestamp(1767225600, UTC)
    assert verified(keys_of(OLD), headers, b'{"kind":"post"}', at)
    assert not verified(keys_of(OLD), headers, b'{"kind":"Post"}', at)
    assert not verified(keys_of(NEW), headers, b'{"kind":"post"}', at)
    assert verified(keys_of(f"{NEW}, {OLD}"), headers, b'{"kind":"post"}', at)
    assert verified(keys_of(OLD), headers, b'{"kind":"post"}', at + timedelta(seconds=300))
    assert not verified(keys_of(OLD), headers, b'{"kind":"post"}', at + timedelta(seconds=301))
    assert not verified(keys_of(OLD), headers, b'{"kind":"post"}', at - timedelta(seconds=301))


@pytest.mark.parametrize("setting", ["", " , ", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", f"{OLD},whsec_"])
def test_secrets_that_cannot_be_used_are_named_with_the_cure(setting: str) -> None:
    with pytest.raises(SettingError, match=r"PARAPET_WEBHOOK_SECRETS .*: give whsec_"):
        keys_of(setting)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_what_is_signed_is_durable_when_it_is_answered(client: Client, log: Flaky, secret: str) -> None:
    body = raw()
    answer = client.post("/webhook/forum", content=body, headers=signed(body, secret))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "refused": []})
    (message,) = log.read(RAW, 0, 0, 10)
    (seen,) = decode_observations(message.value or b"")
    assert seen.ingest is not None
    assert (seen.ingest.connector, seen.ingest.delivery_id, seen.ingest.leg.value) == ("webhook:forum", "msg_1", "live")
    assert log.end(SOURCES.name, 0) == 1


def test_an_array_goes_as_one_pack_and_the_source_is_told_once(client: Client, log: Flaky) -> None:
    body = b" [" + b",".join(raw(object_id=f"facebook:comment:{number}") for number in range(3)) + b"]"
    for _ in range(2):
        assert client.post("/webhook/forum", content=body, headers=signed(body)).status_code == 202
    packs = [decode_observations(message.value or b"") for message in log.read(RAW, 0, 0, 10)]
    assert [len(pack) for pack in packs] == [3, 3]
    assert log.end(SOURCES.name, 0) == 1, "at most once a second"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(raw(), OTHER),
        signed(raw(text="changed on the way")),
        signed(raw(), at=NOW - timedelta(minutes=6)),
        signed(raw(), at=NOW + timedelta(minutes=6)),
        signed(raw()) | {"webhook-id": "msg_2"},
        signed(raw()) | {"webhook-id": ""},
        signed(raw()) | {"webhook-timestamp": "soon"},
        signed(raw()) | {"webhook-timestamp": "9" * 400},
        signed(raw()) | {"webhook-signature": "v1,"},
        signed(raw()) | {"webhook-signature": "v1,caf\u00e9"},
    ],
)
def test_a_wrong_signature_or_stale_time_is_401_and_leaves_nothing(
    client: Client, log: Flaky, headers: dict[str, str]
) -> None:
    encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = client.post("/webhook/forum", content=raw(), headers=encoded)
    assert answer.status_code == 401
    assert (log.end(RAW, 0), log.end(DEAD_LETTERS.name, 0)) == (0, 0)


@pytest.mark.parametrize(
    ("body", "words", "reason"),
    [
        (raw(account="acc-other"), "account acc-other is not in accounts.json", "unknown_account"),
        (raw(text=3), "text: Expected `str | null`", "bad_field"),
        (b"{", "it is no JSON object", "bad_json"),
        (b'"words"', "the whole: Expected `object`", "bad_field"),
        (b"", "it is no JSON object", "bad_json"),
    ],
)
def test_what_is_refused_is_422_with_field_and_cure_and_a_dead_letter(
    client: Client, log: Flaky, body: bytes, words: str, reason: str
) -> None:
    answer = client.post("/webhook/forum", content=body, headers=signed(body))
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert log.end(RAW, 0) == 0
    assert [letter.reason.value for letter in letters(log)] == [reason]


def test_what_stands_beside_the_refused_is_taken(client: Client, log: Flaky) -> None:
    body = b"[" + raw() + b"," + raw(account="acc-other") + b"]"
    answer = client.post("/webhook/forum", content=body, headers=signed(body))
    assert (answer.status_code, answer.json()["accepted"]) == (422, 1)
    assert [(one["index"], one["reason"]) for one in answer.json()["refused"]] == [(1, "unknown_account")]
    assert (log.end(RAW, 0), letters(log)[0].payload) == (1, None)


def test_a_broken_array_is_422(client: Client, log: Flaky) -> None:
    body = b"[" + raw()
    answer = client.post("/webhook/forum", content=body, headers=signed(body))
    assert answer.status_code == 422
    assert log.end(RAW, 0) == 0


def test_while_the_log_is_down_it_is_503_and_the_sender_tries_again(client: Client, log: Flaky) -> None:
    body = raw()
    log.down = True
    answer = client.post("/webhook/forum", content=body, headers=signed(body))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert client.get("/health").status_code == 503
    log.down = False
    assert client.post("/webhook/forum", content=body, headers=signed(body)).status_code == 202
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/webhook/a/b", "/", "/webhook/forum/"])
def test_other_paths_are_not_there_and_nothing_is_redirected(client: Client, path: str) -> None:
    body = raw()
    assert client.post(path, content=body, headers=signed(body)).status_code == 404
    assert client.get("/webhook/forum").status_code == 405


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_is_413_before_it_is_read_to_the_end(parts: WebhookParts, announced: bool) -> None:
    read, sent = 0, list[MutableMapping[str, Any]]()

    async def receive() -> MutableMapping[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-length", b"100000")] if announced else []
    scope = {
        "type": "http", "method": "POST", "path": "/webhook/forum", "headers": headers, "query_string": b"",
    }  # fmt: skip
    asyncio.run(build_webhook(parts)(scope, receive, send))
    assert sent[0]["status"] == 413
    assert read == (0 if announced else LIMIT // 1000 + 1)


def test_no_answer_quotes_the_body(client: Client) -> None:
    secret_words = "words that must not come back"
    for change in ({"action": secret_words}, {"account": secret_words}, {"posted_at": secret_words}):
        body = raw(**change)
        answer = client.post("/webhook/forum", content=body, headers=signed(body))
        assert answer.status_code == 422
        assert secret_words not in answer.text


def test_the_form_of_an_array_is_read_item_by_item() -> None:
    items = msgspec.json.decode(b'[{"a": 1}, 2]', type=list[msgspec.Raw])
    assert [bytes(item) for item in items] == [b'{"a": 1}', b"2"]
