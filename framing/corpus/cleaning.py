"""Find the page furniture between an article's paragraphs, and take it out."""

import re
import warnings

import pandas as pd

from framing.corpus.callers import callers_level
from framing.corpus.checks import require_text
from framing.corpus.database_heads import head_and_tail_lines
from framing.corpus.furniture import furniture_kind

FOUND = ("doc_id", "line", "text", "rule")
SHORT = 100  # characters; a longer line that recurs is wire copy, not furniture
MIN_ARTICLES = 3
MIN_SHARE = 0.05
MIN_SHARE_SENTENCE = 0.2
MIN_WORDS = 4  # a subheading is shorter, a caption or a teaser is not
OPENS_QUOTE = "“\"‘'«„—–-"
STOPPED = re.compile(r".*[.!?…:;,][”’\"'»)\]]*", re.DOTALL)
SENTENCE = re.compile(r"[“\"‘'«„].*|.*[.!?…][”’\"']?", re.DOTALL)
LONGEST_HEADLINE = 150
LIKE_HEADLINES = ("read_more", "photo", "viewer", "click")  # “5 things to know”, “Video: …”


def find_boilerplate(articles: pd.DataFrame) -> pd.DataFrame:
    """Find the lines that belong to the web page, not to the article.

    Parameters
    ----------
    articles : DataFrame
        Articles with `text`, lines separated by newlines; `outlet` when known.

    Returns
    -------
    DataFrame
        One row a furniture line, in the order of the articles: `doc_id`, `line` (its number in
        `text.split("\\n")`, from 0), `text` and `rule` (the kind of furniture; "recurring" for a
        short line that comes back in an outlet's articles, "stray" for a lone caption or teaser).

    Raises
    ------
    ValueError
        If ids repeat or a text is missing.

    Warns
    -----
    UserWarning
        If no text has more than one line.

    Notes
    -----
    A line is furniture when a rule fits it as a whole (`framing.corpus.furniture`); when a news
    database printed it above or below the article (“database frame”); or when the
    same short line stands in at least 3 articles and 5 % of the articles of one outlet (20 % if it
    reads like a sentence or a quotation), digits aside; or when it is the one line of 4 words or
    more without a full stop between paragraphs that all end in one. Copies of one article count
    once, so that wire copy does not make its own lines recur. A text of a single line is left
    alone. Look at what was found before dropping it: the rules were written for English.

    Examples
    --------
    >>> text = "Share\\n\\nTroops crossed the river.\\n\\nAdvertisement\\n\\nOil rose."
    >>> find_boilerplate(pd.DataFrame({"text": [text]}, index=["a1"]))
      doc_id  line           text           rule
    0     a1     0          Share          share
    1     a1     4  Advertisement  advertisement
    """
    require_text(articles)
    lines = _lines(articles)
    if lines.empty and len(articles):
        warnings.warn(
            f"None of the {len(articles)} texts has more than one line, so no line can be told "
            "from the article. If line breaks were lost on the way, page furniture stands inside "
            "the texts: look for it with keyness(..., by='outlet').",
            stacklevel=callers_level(),
        )
    rules = {text: furniture_kind(text) for text in lines["text"].unique()}
    rule = lines["text"].map(rules).mask(_is_database_frame(articles, lines), "database frame")
    rule = rule.mask(rule.isin(LIKE_HEADLINES) & _may_be_headline(articles, lines), "")
    rule = rule.mask(rule.eq("") & _recurs(lines), "recurring")
    rule = rule.mask(_is_stray(lines, rule), "stray")
    found = lines.assign(rule=rule)
    return found.loc[found["rule"].ne(""), list(FOUND)].reset_index(drop=True)


def _lines(articles: pd.DataFrame) -> pd.DataFrame:
    """One row a printed line, of the articles that have more than one."""
    outlets = articles["outlet"] if "outlet" in articles else pd.Series("", articles.index)
    rows: list[tuple[str, str, int, int, str]] = []
    gists: dict[str, int] = {}  # copies of an article share its longest paragraph
    for doc_id, text, outlet in zip(articles.index, articles["text"], outlets, strict=True):
        printed = [(n, line) for n, line in enumerate(text.split("\n")) if line.strip()]
        if len(printed) > 1:
            gist = gists.setdefault(max(text.split("\n"), key=len), len(gists))
            rows += [(doc_id, outlet, gist, number, line) for number, line in printed]
    lines = pd.DataFrame(rows, columns=["doc_id", "outlet", "gist", "line", "text"])
    return lines.astype({"outlet": "str", "text": "str"}).fillna({"outlet": ""})


def _may_be_headline(articles: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Mark the first printed line of articles that have no headline of their own."""
    headline = articles.get("headline", pd.Series(index=articles.index, dtype="str"))
    without = lines["doc_id"].map(headline).isna()
    return without & ~lines["doc_id"].duplicated()


def _is_database_frame(articles: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Mark what a news database printed above and below an article."""
    frames = {doc_id: set(head_and_tail_lines(text)) for doc_id, text in articles["text"].items()}
    pairs = zip(lines["doc_id"], lines["line"], strict=True)
    return pd.Series([line in frames[doc_id] for doc_id, line in pairs], lines.index, dtype=bool)


def _recurs(lines: pd.DataFrame) -> pd.Series:
    """Mark short lines that come back in many different articles of one outlet."""
    n_articles = lines.groupby("outlet")["gist"].transform("nunique")
    short = lines[lines["text"].str.len() <= SHORT]
    form = short["text"].str.strip().str.casefold().str.replace(r"\d+", "0", regex=True)
    n_with = short["gist"].groupby([short["outlet"], form]).transform("nunique")
    share = n_with / n_articles[short.index]
    is_sentence = short["text"].str.strip().str.fullmatch(SENTENCE)
    enough = share >= MIN_SHARE
    enough &= ~is_sentence | (share >= MIN_SHARE_SENTENCE)
    return ((n_with >= MIN_ARTICLES) & enough).reindex(lines.index, fill_value=False)


def _is_stray(lines: pd.DataFrame, rule: pd.Series) -> pd.Series:
    """Mark the one short line without a stop among paragraphs that all end in one."""
    text = lines["text"].str.strip()
    prose = rule.eq("")
    stopped = prose & text.str.fullmatch(STOPPED)
    n_stopped = stopped.groupby(lines["doc_id"]).cumsum()
    n_in_all = stopped.groupby(lines["doc_id"]).transform("sum")
    between = prose & ~stopped & (n_stopped > 0) & (n_stopped < n_in_all)
    alone = between & between.groupby(lines["doc_id"]).transform("sum").eq(1)
    return alone & text.where(alone).map(_is_like_caption, na_action="ignore").eq(True)


def _is_like_caption(line: str) -> bool:
    return len(line.split()) >= MIN_WORDS and len(line) <= SHORT and line[0] not in OPENS_QUOTE


def drop_boilerplate(articles: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Take furniture lines out of the texts, and a headline that stood in a text to its field.

    Parameters
    ----------
    articles : DataFrame
        Articles with `text`; `headline` when known.
    found : DataFrame
        Lines to take out: `doc_id` and `line`, as from `find_boilerplate`, less the rows you
        think wrong.

    Returns
    -------
    DataFrame
        The same articles. Where lines were taken out the blank lines around them close up;
        everything else stays as it was. Where an article has no headline and its text begins with
        a short paragraph of one line without a full stop, that line is the headline.

    Raises
    ------
    KeyError
        If a line belongs to no article, or the article has no such line.

    Examples
    --------
    >>> text = "Share\\n\\nWar ends\\n\\nTroops went home."
    >>> articles = pd.DataFrame({"text": [text]}, index=["a1"])
    >>> clean = drop_boilerplate(articles, find_boilerplate(articles))
    >>> clean.loc["a1", "headline"], clean.loc["a1", "text"]
    ('War ends', 'Troops went home.')
    """
    require_text(articles)
    _check_lines(articles, found)
    drop = {doc_id: set(lines) for doc_id, lines in found.groupby("doc_id")["line"]}
    pairs = zip(articles.index, articles["text"], strict=True)
    text = [_without(text, drop[doc_id]) if doc_id in drop else text for doc_id, text in pairs]
    return _lift_headlines(articles.assign(text=pd.Series(text, articles.index, dtype="str")))


def _check_lines(articles: pd.DataFrame, found: pd.DataFrame) -> None:
    n_lines = articles["text"].str.count("\n") + 1
    known = n_lines.reindex(found["doc_id"]).to_numpy()
    strange = found[~(found["line"].to_numpy() < known)]
    if len(strange):
        first = strange.iloc[0]
        raise KeyError(
            f"{len(strange)} of {len(found)} lines are in no article (first: line {first['line']} "
            f"of {first['doc_id']!r}). Find them in these articles: find_boilerplate(articles)"
        )


def _without(text: str, lines: set[int]) -> str:
    """Leave lines out; of the blank lines before and after a run of them, keep one side."""
    kept: list[str] = []
    closing = True  # blank lines at the start, or after a line taken out, are left out
    for number, line in enumerate(text.split("\n")):
        if number in lines:
            closing = not kept or not kept[-1].strip()
        elif line.strip() or not closing:
            kept.append(line)
            closing = False
    taken_at_end = max(lines) >= text.rstrip().count("\n")
    while taken_at_end and kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept)


def _lift_headlines(articles: pd.DataFrame) -> pd.DataFrame:
    headline = articles.get("headline", pd.Series(index=articles.index, dtype="str"))
    parts = articles["text"].str.lstrip().str.split("\n\n", n=1)
    first, rest = parts.str[0].astype("str"), parts.str[1].astype("str").str.lstrip("\n")
    fits = headline.isna() & rest.fillna("").str.strip().ne("")
    fits &= ~first.str.contains("\n", regex=False) & first.str.len().le(LONGEST_HEADLINE)
    fits &= ~first.str.rstrip().str.fullmatch(STOPPED)
    text = articles["text"].mask(fits, rest)
    return articles.assign(headline=headline.mask(fits, first.str.strip()), text=text)
