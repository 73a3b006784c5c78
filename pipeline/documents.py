"""The text of a PDF, Word or text file, for fingerprints of exempt documents. Nothing of it is kept here.

Beside the flow: used by `parapet topics add-document` and the console's upload. What a file is, its first bytes say. A
hostile or broken file is refused with a reason; limits keep one from eating the machine.
"""

import io
import zipfile
from collections.abc import Callable

LARGEST = 20 * 1024 * 1024
MOST_PAGES = 1_000
MOST_UNPACKED = 200 * 1024 * 1024

_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_INSTALL = "is not installed: pip install 'parapet[documents]'"


class DocumentRefused(ValueError):
    """A file whose text cannot be had; the message says why and what would do."""


def text_of(content: bytes) -> str:
    """Return the text of a file's bytes. Raises DocumentRefused."""
    if len(content) > LARGEST:
        raise DocumentRefused(f"the file is larger than {LARGEST // 1024 // 1024}MB: add it in parts")
    if content.startswith(_PDF):
        text = _safely(_pdf, content, "PDF")
    elif content.startswith(_ZIP):
        text = _safely(_word, content, "Word document (.docx)")
    else:
        text = _plain(content)
    if not text.strip():
        raise DocumentRefused("the file holds no text: a scan has to be read by OCR first, and saved as text")
    return text


def _safely(read: Callable[[bytes], str], content: bytes, kind: str) -> str:
    try:
        return read(content)
    except DocumentRefused:
        raise
    except ModuleNotFoundError as error:
        raise DocumentRefused(f"{error.name} {_INSTALL}") from error
    except Exception as error:  # the readers raise errors of many kinds for a broken file, and none may end the console
        raise DocumentRefused(f"the file is no {kind} that can be read: save it anew, or as text") from error


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - an extra

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentRefused("the PDF needs a password: save it without one")
    if len(reader.pages) > MOST_PAGES:
        raise DocumentRefused(f"the PDF has more than {MOST_PAGES} pages: add it in parts")
    return "\n\n".join(page.extract_text() for page in reader.pages)


def _word(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise DocumentRefused("the file unpacks to too much: save it anew without pictures")
    import docx  # noqa: PLC0415 - an extra
    from docx.table import Table  # noqa: PLC0415

    pieces = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            pieces += [cell.text for row in block.rows for cell in row.cells]
        else:
            pieces.append(block.text)
    return "\n\n".join(pieces)


def _plain(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise DocumentRefused("the file is no PDF, Word (.docx) or text file: save it as one of them")
