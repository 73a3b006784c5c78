"""The embedded store as a file: threads, processes, what is on the disk, and what happens when it cannot be used."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pipeline.store.interface import Query, StoreUnavailable
from pipeline.store.sqlite import SqliteStore
from tests.builders import a_detection, an_event, an_incident


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(path)
    yield made
    made.close()


def test_what_was_written_is_there_when_the_file_is_opened_again(path: Path) -> None:
    incident = an_incident()
    for _ in range(2):
        store = SqliteStore(path)
        store.upsert([incident])
        assert store.search(Query(text="comment")).total == 1
        store.close()


def test_only_the_owner_may_read_the_file(store: SqliteStore, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_threads_read_while_one_writes(store: SqliteStore) -> None:
    problems: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                page = store.search(Query(text="comment", limit=1000))
                assert page.total == len(page.hits)
        except BaseException as problem:  # noqa: BLE001  # handed to the test's own thread
            problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(60):
        store.upsert([an_incident(a_detection(an_event(number)))])
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert store.search(Query()).total == 60


def test_two_stores_write_to_one_file(store: SqliteStore, path: Path) -> None:
    other = SqliteStore(path)
    for number in range(10):
        (store if number % 2 else other).upsert([an_incident(a_detection(an_event(number)))])
    assert store.search(Query()).total == other.search(Query()).total == 10
    other.close()


def test_a_store_that_is_closed_says_it_is_unavailable(store: SqliteStore) -> None:
    store.close()
    for call in (lambda: store.get("x"), lambda: store.upsert([an_incident()]), lambda: store.search(Query())):
        with pytest.raises(StoreUnavailable):
            call()


def test_a_file_that_is_no_database_says_so(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(StoreUnavailable, match="not a database"):
        SqliteStore(path)


def test_a_failed_batch_leaves_nothing_behind(store: SqliteStore, path: Path) -> None:
    first, second = an_incident(), an_incident(a_detection(an_event(2)))
    store.upsert([first])
    with sqlite3.connect(path) as beside:
        beside.execute("CREATE TRIGGER full BEFORE INSERT ON incident_body BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    beside.close()
    with pytest.raises(StoreUnavailable, match="disk full"):
        store.upsert([msgspec.structs.replace(first, version=9), second])
    assert store.get(first.incident_id) == first
    assert store.search(Query()).total == 1


def test_no_row_is_left_of_a_removed_incident(store: SqliteStore, path: Path) -> None:
    incident = an_incident()
    store.upsert([incident])
    store.remove([incident.incident_id])
    beside = sqlite3.connect(path)
    tables = ("incident", "incident_body", "facet", "words", "words_content")
    assert [beside.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == [0] * len(tables)
    beside.close()
