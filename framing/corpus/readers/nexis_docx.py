"""Word exports of Nexis Uni, Lexis Advance and Lexis+: many articles in a file, or one."""

from framing.corpus.readers import Raw
from framing.corpus.readers._docx import holds, read_paragraphs
from framing.corpus.readers._nexis import parse_paragraphs

FORMAT = "nexis docx"
PRECEDENCE = 10
MARKS = (
    b'"Bookmark_1"',
    b'"Body"',
    b'"Body_0"',
    b"advance.lexis.com",
    *(
        f">{words}<".encode()
        for words in (
            "End of Document",
            "Ende des Dokuments",
            "Ende des Dokumentes",
            "Dokumentende",
            "Fin du document",
            "Fin de document",
            "Fin del documento",
            "Fine del documento",
            "Einde van het document",
            "Einde van document",
            "Fim do documento",
        )
    ),
)


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the bookmarks of an export, or by the line that ends its articles."""
    return holds(data, MARKS)


def parse(data: bytes, name: str) -> Raw:
    """Read the articles between the bookmarks; the cover tells how many there should be."""
    return parse_paragraphs(read_paragraphs(data))
