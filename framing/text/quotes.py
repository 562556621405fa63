"""Two voices of an article: what stands in quotation marks, and what the article says itself."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from framing.corpus.checks import require_text
from framing.text.units import _paragraph_spans

VOICES = ("quoted", "unquoted")
LEFT_OUT = " …\u2029"  # the paragraph separator ends a sentence, so that no phrase crosses it
_OPENS = re.compile(r"""[“„«「『]|(?<![\w.,!?…])[”»"‘](?=[^\s"])""")
_CLOSES = {
    "“": re.compile("”"),
    "„": re.compile("[“”]"),
    "«": re.compile("»"),
    "「": re.compile("」"),
    "『": re.compile("』"),
    "”": re.compile(r"(?<=\S)”(?!\w)"),
    "»": re.compile(r"(?<=\S)«(?!\w)"),
    '"': re.compile(r'(?<=\S)"(?!\w)'),
    # after an s it is a possessive (‘The workers’ party won,’) where speech still has to end
    "‘": re.compile(r"(?<=\S)’(?!\w)(?!(?<=s’)\s+\w[^‘’]*(?:’[^‘’]*)*(?<=[.,!?…])’)"),
}


def keep_voice(articles: pd.DataFrame, voice: str) -> pd.DataFrame:
    """Keep of each text only what it quotes, or only what it says itself.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    voice : {"quoted", "unquoted"}
        quoted : what stands in quotation marks
        unquoted : everything else, indirect speech too

    Returns
    -------
    DataFrame
        The same rows and columns. In `text`, “…” stands for what is left out, so that an article
        without a quotation keeps its place, and its share, among the others.

    Raises
    ------
    ValueError
        If there is no such voice, or articles have no text.

    Notes
    -----
    Marks are “…”, „…“, «…», »…«, ”…”, ‘…’, "…" and those of Chinese and Japanese; the outer ones of
    a nested pair count. A straight single mark is an apostrophe here. A quotation ends with its
    paragraph; one that is not closed counts where the next paragraph opens again, as long
    quotations do, and is else taken for a slip. A mark may also hold a title or a word at arm's
    length (the “experts”): look at some texts before you say who speaks.

    Examples
    --------
    >>> doc_id = pd.Index(["a", "b"], name="doc_id")
    >>> texts = ["“We lost troops,” he said. Prices rose.", "Prices fell."]
    >>> articles = pd.DataFrame({"text": texts}, doc_id)
    >>> [" ".join(text.split()) for text in keep_voice(articles, "quoted")["text"]]
    ['“We lost troops,” …', '…']
    >>> [" ".join(text.split()) for text in keep_voice(articles, "unquoted")["text"]]
    ['… he said. Prices rose.', 'Prices fell.']
    """
    if voice not in VOICES:
        raise ValueError(f"voice={voice!r}: choose one of {', '.join(VOICES)}")
    texts = require_text(articles)["text"]
    return articles.assign(text=[_kept(text, voice) for text in texts])


def _kept(text: str, voice: str) -> str:
    """Put “…” for what is left out, line by line, so that paragraphs stay paragraphs."""
    edges = [0, *(edge for span in _quotations(text) for edge in span), len(text)]
    quoted = False
    kept = []
    for start, end in pairwise(edges):
        piece = text[start:end]
        stays = quoted == (voice == "quoted")
        kept.append(piece if stays else re.sub(r"[^\n]*\S[^\n]*", LEFT_OUT, piece))
        quoted = not quoted
    return "".join(kept)


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Places of the quotations, their marks included."""
    spans = _paragraph_spans(text)
    following = [text[start] for start, _ in spans[1:]] + [""]
    for (place, end), first in zip(spans, following, strict=True):
        while mark := _OPENS.search(text, place, end):
            close = _CLOSES[mark.group()].search(text, mark.end(), end)
            goes_on = close is None and first == mark.group()
            place = close.end() if close else end if goes_on else mark.end()
            if close or goes_on:
                yield mark.start(), place
