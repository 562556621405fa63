"""Media Cloud's tables of stories: headlines and addresses without text."""

import pandas as pd

from framing.corpus.readers import Raw, delimited
from framing.corpus.readers._tables import header_of

FORMAT = "media cloud"
PRECEDENCE = 10
SUFFIXES = (".csv", ".tsv")
SIGN = frozenset({"title", "url", "publishdate", "medianame"})
TEXT = frozenset({"text", "body", "content", "fulltext", "storytext", "maintext"})
NAMES = {"stories_id": "doc_id", "id": "doc_id", "media_name": "outlet"}
NAMES |= {"publish_date": "date", "title": "headline"}
NO_TEXT = "Media Cloud gives no text: headlines only"


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the columns of Media Cloud, unless somebody joined texts to them."""
    header = header_of(data)
    return header >= SIGN and not header & TEXT


def parse(data: bytes, name: str) -> Raw:
    """Read the stories, in the columns of today or of the exports before 2023.

    Examples
    --------
    >>> table = b"id,media_name,publish_date,title,url\\n7,a.org,2031-03-03,War,a.org/1"
    >>> raw = parse(table, "a.csv")
    >>> raw.records.iloc[0].tolist(), raw.notes
    (['7', 'a.org', '2031-03-03', 'War', 'a.org/1'], \
('Media Cloud gives no text: headlines only',))
    """
    raw = delimited.parse(data, name)
    table = pd.DataFrame(raw.records)
    taken = {"id"} if "stories_id" in table else set()
    names = {theirs: ours for theirs, ours in NAMES.items() if theirs not in taken}
    return raw._replace(records=table.rename(columns=names), notes=(*raw.notes, NO_TEXT))
