"""Word documents that no database wrote: refused, with the way out."""

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._docx import is_docx, read_paragraphs

FORMAT = "docx"
PRECEDENCE = 60


def recognise(data: bytes, name: str) -> bool:
    """Recognise any Word document that no other reader has claimed."""
    return is_docx(data)


def parse(data: bytes, name: str) -> Raw:
    """Say that there is no export in it: text alone tells no headline, outlet or date."""
    n_words = sum(len(paragraph.text.split()) for paragraph in read_paragraphs(data))
    raise UnreadableError(
        f"a Word document ({n_words} words), but no export of a news database that the kit knows; "
        "if it is one article, save it as .txt"
    )
