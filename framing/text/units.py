"""Cut articles into paragraphs or sentences, each known by its article and its number."""

import re

import pandas as pd

from framing.text.sentences import sentence_spans

UNITS = ("article", "paragraph", "sentence")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def split_units(articles: pd.DataFrame, unit: str = "paragraph") -> pd.DataFrame:
    """Cut the texts of articles into smaller units.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`.
    unit : {"article", "paragraph", "sentence"}
        Paragraphs are what blank lines divide, or, in a text that has none, line ends.

    Returns
    -------
    pandas.DataFrame
        One row a unit, index `doc_id` for articles, else (`doc_id`, unit) with the unit's number
        from 1; columns `text`, and `start`, `end`: its place in the article's text, in characters.

    Examples
    --------
    >>> doc_id = pd.Index(["a"], name="doc_id")
    >>> table = pd.DataFrame({"text": ["It rained. It poured."]}, doc_id)
    >>> split_units(table, "sentence")
                           text  start  end
    doc_id sentence
    a      1         It rained.      0   10
           2         It poured.     11   21
    """
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r}: choose one of {', '.join(UNITS)}")
    if unit == "article":
        text = articles["text"]
        return pd.DataFrame({"text": text, "start": 0, "end": text.str.len()})
    spans = _paragraph_spans if unit == "paragraph" else sentence_spans
    rows = [
        (doc_id, number, text[start:end], start, end)
        for doc_id, text in articles["text"].items()
        for number, (start, end) in enumerate(spans(text), start=1)
    ]
    table = pd.DataFrame(rows, columns=["doc_id", unit, "text", "start", "end"])
    return table.set_index(["doc_id", unit])


def unit_names(index: pd.Index) -> pd.Index:
    """Name units in one word each, as coding sheets and tables of codes do.

    Parameters
    ----------
    index : pandas.Index
        `doc_id`, or (`doc_id`, number of the paragraph or sentence), as from `split_units`.

    Returns
    -------
    pandas.Index of str
        "a004" for an article, "a004:3" for its third paragraph or sentence. Whole numbers lose
        their decimal point.

    Examples
    --------
    >>> unit_names(pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]))
    Index(['a:1', 'a:2'], dtype='str', name='unit')
    """
    levels = [_as_words(index.get_level_values(k)) for k in range(index.nlevels)]
    names = [":".join(parts) for parts in zip(*levels, strict=True)]
    return pd.Index(names, dtype="str").rename("unit")


def _as_words(level: pd.Index) -> list[str]:
    numbers = pd.api.types.is_float_dtype(level.dtype)
    whole = numbers and level.notna().all() and (level % 1 == 0).all()
    return [str(name) for name in (level.astype("int64") if whole else level)]


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    gap = _BLANK_LINE if _BLANK_LINE.search(text.strip()) else re.compile(r"\n\s*")
    starts = [0, *(match.end() for match in gap.finditer(text))]
    ends = [*(match.start() for match in gap.finditer(text)), len(text)]
    trimmed = [_trim(text, start, end) for start, end in zip(starts, ends, strict=True)]
    return [(start, end) for start, end in trimmed if start < end]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
