"""`parapet topics`: documents of every kind become fingerprints; a running worker takes them; no term is printed."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from dashboards.cli.main import root
from pipeline.documents import LARGEST, DocumentRefused, text_of
from pipeline.registers.load import load_registers
from pipeline.registers.watch import WatchedRegisters
from processors.rules.load import load_rulebook
from processors.screener import Screener
from tests.builders import an_event
from tests.processors.detectors.exempt_paper import PAPER, SENTENCES

TOPIC = "EL-01"


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(root, ["topics", *words, "--home", str(home)])


def a_pdf(text: str) -> bytes:
    """Return a PDF of one page with a text, written by hand: nothing here makes PDFs."""
    lines = [line.replace("(", "").replace(")", "") for line in text.splitlines()]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 9 Tf 11 TL 20 800 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    start = str(len(made)).encode()
    return (
        made
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n"
        + start
        + b"\n%%EOF\n"
    )


def a_word_file(text: str) -> bytes:
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    document.add_table(rows=1, cols=1).cell(0, 0).text = "In a table"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


KINDS: dict[str, Callable[[str], bytes]] = {
    "paper.pdf": a_pdf,
    "paper.docx": a_word_file,
    "paper.txt": lambda text: text.encode(),
}


@pytest.mark.parametrize("name", list(KINDS))
def test_a_document_of_each_kind_is_added_and_then_known(installed: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(KINDS[name](PAPER))
    seconds = iter(range(0, 100, 10))
    watched = WatchedRegisters(installed / "registers", lambda: float(next(seconds)))
    answer = run(installed, "add-document", "--topic", TOPIC, str(file))
    assert answer.exit_code == 0, answer.output
    assert f"sentences of a document of {TOPIC} can be recognised" in answer.output
    event = an_event(
        text=f"{SENTENCES[1]} {SENTENCES[2]}",
        account="acc-fb-council",
        at=watched.current().topics[0].confidential_from,
    )
    found = Screener(watched.current(), load_rulebook()).screen(event)
    assert [(one.rule, one.topic_ref) for one in found] == [("leak.document", TOPIC)]


def test_documents_are_listed_and_removed(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret name.txt"
    file.write_text(PAPER, encoding="utf-8")
    run(installed, "add-document", "--topic", TOPIC, str(file))
    listed = run(installed, "documents").output
    assert "secret" not in listed
    assert "1 document" in run(installed, "list").output
    assert run(installed, "remove-document", listed.split()[0]).exit_code == 0
    assert run(installed, "documents").output == ""
    assert "there is no document" in run(installed, "remove-document", "none").output


def test_a_topic_that_is_not_there_is_said(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "paper.txt"
    file.write_text(PAPER, encoding="utf-8")
    answer = run(installed, "add-document", "--topic", "CT-99", str(file))
    assert (answer.exit_code, "there is no topic CT-99" in answer.output) == (1, True)


def test_the_list_prints_no_term(installed: Path) -> None:
    printed = run(installed, "list").output.lower()
    topics = json.loads((installed / "registers" / "topics.json").read_text(encoding="utf-8"))
    terms = {term for one in topics for group in one["terms_all_of"] for term in group}
    assert [term for term in terms if term in printed.replace("head of parking", "")] == []
    assert [one["ref"] in printed.upper() for one in topics] == [True] * len(topics)


def test_lifting_sets_a_topic_free_and_keeps_who_and_why(installed: Path) -> None:
    answer = run(installed, "lift", "--topic", TOPIC, "--reason", "announced by the Leader")
    assert answer.exit_code == 0, answer.output
    topic = load_registers(installed / "registers").topics[0]
    assert (topic.status, topic.lift_reason, topic.lifted_at is not None) == ("lifted", "announced by the Leader", True)
    assert "free since" in run(installed, "list").output
    assert run(installed, "lift", "--topic", TOPIC, "--reason", "again").exit_code == 1


def test_terms_that_match_too_many_posts_are_counted_on_the_log(installed: Path) -> None:
    assert "0 posts read, 0 terms match too much" in run(installed, "common").output


BROKEN = {
    "a PDF cut off": b"%PDF-1.4\n1 0 obj\n<<",
    "a zip that is no Word file": b"PK\x03\x04rubbish",
    "bytes of nothing": b"\x00\x01\x02\xff" * 40,
    "an empty file": b"",
    "a file too large": b"a" * (LARGEST + 1),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(DocumentRefused, match=r": "):
        text_of(content)
