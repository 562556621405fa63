"""What the readers of Factiva's HTML and text share."""

import re
from collections.abc import Sequence

from framing.corpus.readers._markup import join_paragraphs

NUMBER = re.compile(r"\d{1,3}(?:[.,'’\s]?\d{3}){0,3}|\d{1,9}")
LONGEST_SUMMARY = 40
# How papers that print their captions behind the text begin them.
CAPTION = re.compile(
    r"(?:Photo(?:graph)?s?|Pictures?|Images?|Drawings?|Cartoons?|Illustrations?|Graphics?|Graphs?|"
    r"Charts?|Maps?|Diagrams?|Tables?|Captions?|Fotos?|Bild(?:er)?|Grafik(?:en)?|Zeichnung(?:en)?|"
    r"Karten?|Légendes?|Dessins?|Cartes?|Infographies?|Fotografías?|Gráficos?|Imágenes|Imagen|"
    r"Imagens?|Mapas?|Foto(?:grafia)?|Didascalia|Disegno|Cartina|Afbeelding|Onderschrift|Tekening)"
    r"(?: \d{1,2})?\s?:.*",
    re.DOTALL,
)


def text_and_captions(paragraphs: Sequence[str], *captions: str) -> dict[str, str | None]:
    """Separate captions behind the text from the text.

    Examples
    --------
    >>> text_and_captions(["It rained.", "Photo: Rain."], "Map: the river.")
    {'text': 'It rained.', 'graphic': 'Photo: Rain.\\n\\nMap: the river.'}
    """
    n_text = len(paragraphs)
    while n_text > 1 and CAPTION.fullmatch(paragraphs[n_text - 1]):
        n_text -= 1
    graphic = join_paragraphs([*paragraphs[n_text:], *captions])
    return {"text": join_paragraphs(list(paragraphs[:n_text])), "graphic": graphic}


def cut_off(closings: Sequence[str]) -> tuple[str, ...]:
    """Say how many articles lack the line that closes an article, if others have it.

    Examples
    --------
    >>> cut_off(["Document HERA000020310303ea3h0000j", ""])
    ("1 article without the line that closes it ('Document HERA000020310303ea3h0000j'); cut off?",)
    """
    missing = sum(not line for line in closings)
    example = next((line for line in closings if line), "")
    if not missing or not example:
        return ()
    articles = "articles" if missing > 1 else "article"
    return (f"{missing} {articles} without the line that closes it ({example!r}); cut off?",)


def found_in_search(values: Sequence[str]) -> tuple[str, ...]:
    """Say how many articles the search found: the last whole number in its summary.

    Examples
    --------
    >>> found_in_search(["bridge*", "All authors", "1,437", "3 March 2031 7:41 GMT"])
    ('the search found 1437 articles, of which the file may hold a part',)
    """
    numbers = [value for value in values[-LONGEST_SUMMARY:] if NUMBER.fullmatch(value.strip())]
    if not numbers:
        return ()
    n = re.sub(r"\D", "", numbers[-1])
    return (f"the search found {n} articles, of which the file may hold a part",)
