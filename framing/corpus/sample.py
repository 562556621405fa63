"""The teaching corpus that comes with the kit, and what is known about it."""

from pathlib import Path

import pandas as pd

from framing.corpus.articles import read_articles

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "data", _PACKAGE.parent / "data")  # in a wheel, in a checkout


def load_sample(name: str = "air_campaign") -> pd.DataFrame:
    """Load the articles of a teaching corpus, raw as they were scraped.

    Parameters
    ----------
    name : str
        Name of the corpus.

    Returns
    -------
    pandas.DataFrame
        Index `doc_id`; `outlet`, `date`, `headline`, `text`, `byline`, `section`, `url`,
        `source_file`. Page furniture is still in the texts; six articles have their headline there.

    Raises
    ------
    KeyError
        If there is no corpus of that name.

    Notes
    -----
    Everything in it is fiction; its data card is `data/air_campaign/README.md`.

    Examples
    --------
    >>> load_sample()["outlet"].nunique()
    8
    """
    articles, _ = read_articles(_find(name, "articles"))
    return articles


def load_sample_gold(name: str, corpus: str = "air_campaign") -> pd.DataFrame:
    """Load what the writers of a teaching corpus know about its articles.

    Parameters
    ----------
    name : {"frames", "furniture", "labels", "quotes", "stories", "timeline"}
        Which table; the data card of the corpus describes their columns.
    corpus : str
        Name of the corpus.

    Returns
    -------
    pandas.DataFrame
        One row an article (frames, stories), a line (furniture), a mention (labels), a quotation
        (quotes) or an event (timeline). Places are characters of the raw text.

    Raises
    ------
    KeyError
        If there is no table or no corpus of that name.

    Examples
    --------
    >>> list(load_sample_gold("frames").columns)
    ['doc_id', 'primary', 'secondary']
    """
    table = pd.read_csv(_find(corpus, f"gold/{name}"), keep_default_na=False, encoding="utf-8")
    return table.assign(date=pd.to_datetime(table["date"])) if "date" in table else table


def _find(corpus: str, table: str) -> Path:
    folder = next((base / corpus for base in _FOLDERS if (base / corpus).is_dir()), None)
    if folder is None:
        known = sorted({p.name for base in _FOLDERS if base.is_dir() for p in base.glob("*/")})
        raise KeyError(f"no corpus {corpus!r}; there is {', '.join(known)}")
    path = folder / f"{table}.csv"
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.csv"))
        raise KeyError(f"no table {path.stem!r}; there is {', '.join(known)}")
    return path
