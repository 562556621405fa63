"""Show every hit of a pattern in its line of text."""

from collections.abc import Hashable, Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from framing.corpus.checks import require_text
from framing.text.patterns import Matcher
from framing.text.tokens import Encoder, Tokenizer, token_spans

if TYPE_CHECKING:
    from IPython.display import HTML

COLUMNS = ["doc_id", "outlet", "date", "before", "keyword", "after"]

_STYLE = (
    "<style>.concordance td{font-family:serif;white-space:pre;padding:1px 6px}"
    ".concordance td.before{text-align:right}.concordance td.keyword{font-weight:bold}"
    ".concordance td.source{color:#555;font-size:85%}</style>"
)


def concordance(
    articles: pd.DataFrame,
    pattern: str | Iterable[str],
    *,
    window: int = 8,
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    """List every hit of a pattern with the words around it.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`; `outlet` and `date` are carried along when they are there.
    pattern : str or iterable of str
        A pattern as in a codebook: `word`, `prefix*`, a phrase, or `word1 ~5 word2`; or several,
        of which the longest wins where they overlap.
    window : int
        How many tokens to show on each side.
    tokenizer : callable, optional
        A tokenizer of your own, whose tokens are pieces of the text.

    Returns
    -------
    pandas.DataFrame
        One row a hit, in the order of the articles: `doc_id`, `outlet`, `date`, `before`,
        `keyword`, `after`.

    Raises
    ------
    ValueError
        If the pattern can match nothing, or articles have no text.

    Examples
    --------
    >>> articles = pd.DataFrame({"text": ["They said the rebels’ flag rose."]}, index=["a"])
    >>> concordance(articles, "rebels", window=2)[["before", "keyword", "after"]]
         before keyword        after
    0  said the  rebels  ’ flag rose
    """
    texts = require_text(articles)["text"]
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    matcher = Matcher(patterns, [0] * len(patterns), Encoder(tokenizer))
    rows = [
        row
        for hits in matcher.tables(texts.tolist())
        for row in _lines(texts, hits, window, tokenizer)
    ]
    table = pd.DataFrame(rows, columns=["document", "before", "keyword", "after"])
    known = articles.reindex(columns=["outlet", "date"]).iloc[table.pop("document")]
    table.insert(0, "doc_id", known.index)
    return table.assign(outlet=known["outlet"].array, date=known["date"].array)[COLUMNS]


def show_concordance(lines: pd.DataFrame) -> "HTML":
    """Show a concordance in a notebook, keywords in one column.

    Parameters
    ----------
    lines : pandas.DataFrame
        As from `concordance`.

    Returns
    -------
    IPython.display.HTML
        A table in which everything that comes from an article is escaped.

    Examples
    --------
    >>> articles = pd.DataFrame({"text": ["<script>war</script>"]}, index=["a"])
    >>> "<script>" in show_concordance(concordance(articles, "war")).data
    False
    """
    from IPython.display import HTML

    rows = "".join(_html_row(row) for row in lines.to_dict("records"))
    return HTML(f'{_STYLE}<table class="concordance"><tbody>{rows}</tbody></table>')


def _lines(
    texts: pd.Series, hits: pd.DataFrame, window: int, tokenizer: Tokenizer | None
) -> Iterator[tuple[object, ...]]:
    for document in hits["document"].unique():
        text = texts.iloc[document]
        spans = token_spans(text, tokenizer)
        one = hits[hits["document"] == document]
        for first, last in zip(one["first"], one["last"], strict=True):
            yield document, *_around(text, spans, first, last, window)


def _around(
    text: str, spans: list[tuple[int, int]], first: int, last: int, window: int
) -> tuple[str, str, str]:
    start, end = spans[first][0], spans[last][1]
    line_start = spans[max(0, first - window)][0]
    line_end = spans[min(len(spans) - 1, last + window)][1]
    pieces = text[line_start:start], text[start:end], text[end:line_end]
    before, keyword, after = (" ".join(piece.split()) for piece in pieces)
    return before, keyword, after


def _html_row(row: dict[Hashable, object]) -> str:
    date = row["date"]
    day = f"{date:%Y-%m-%d}" if isinstance(date, pd.Timestamp) else ""
    outlet = row["outlet"] if isinstance(row["outlet"], str) else ""
    cells = {
        "source": f"{row['doc_id']} {outlet} {day}",
        **{side: str(row[side]) for side in ("before", "keyword", "after")},
    }
    return "".join(
        ["<tr>", *(f'<td class="{k}">{escape(v)}</td>' for k, v in cells.items()), "</tr>"]
    )
