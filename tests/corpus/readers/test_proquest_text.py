import pytest

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, find_reader, proquest_text

RULE = "_" * 60
TEXT = "It rained.\n\nLocation: a bridge.\n\nIt stopped."
LABELS = {
    "author": "Author",
    "abstract": "Abstract",
    "text": "Full text",
    "subject": "Subject",
    "place": "Location",
    "title": "Title",
    "outlet": "Publication title",
    "pages": "Pages",
    "year": "Publication year",
    "date": "Publication date",
    "section": "Section",
    "language": "Language of publication",
    "number": "ProQuest document ID",
    "url": "Document URL",
    "updated": "Last updated",
    "database": "Database",
}


def record(n: int, *, labels: dict[str, str] = LABELS, gap: str = "\n\n", text: str = TEXT) -> str:
    number = 1963418100 + n
    values = {
        "author": "Ash, Ada.",
        "abstract": "Rain closed a bridge.",
        "text": text,
        "subject": "Rain; Bridges",
        "place": "Dublin",
        "title": f"Rain and bridges {n}",
        "outlet": "Daily Herald, Late Edition; Dublin",
        "pages": "A.12",
        "year": "2031",
        "date": "Mar 3, 2031",
        "section": "News",
        "language": "English",
        "number": str(number),
        "url": f"https://www.proquest.com/docview/{number}?accountid=1",
        "updated": "2031-03-04",
        "database": "ProQuest Central",
    }
    lines = [f"{labels[name]}: {value}" for name, value in values.items()]
    return gap.join([f"Rain and bridges {n}", *lines])


def export(*records: str, rule: str = RULE, counted: bool = False) -> bytes:
    count = [
        f"Document {n} of {len(records)}\n\n" if counted else "" for n in range(1, len(records) + 1)
    ]
    chunks = [f"\n{number}{one}\n" for number, one in zip(count, records, strict=True)]
    end = "\nContact us at: http://example.org\nDatabase copyright (c) 2031 ProQuest LLC.\n"
    return rule.join(
        ["", *chunks, end] if rule else ["Report from ProQuest\n", *chunks, end]
    ).encode()


EXPECTED = {
    "outlet": "Daily Herald, Late Edition",
    "date": "Mar 3, 2031",
    "text": TEXT,
    "headline": "Rain and bridges 1",
    "doc_id": "1963418101",
    "language": "en",
    "length": None,
    "byline": "Ash, Ada.",
    "section": "News",
    "page": "A.12",
    "subjects": "Rain; Bridges",
    "url": "https://www.proquest.com/docview/1963418101?accountid=1",
    "abstract": "Rain closed a bridge.",
    "graphic": None,
}


@pytest.mark.parametrize(
    ("rule", "counted"), [(RULE, False), (RULE, True), ("*" * 50 + "\n", False), ("", True)]
)
def test_records_between_rules_or_counters(rule, counted):
    data = export(record(0), record(1), record(2), rule=rule, counted=counted)
    assert find_reader(data, "a.txt").FORMAT == "proquest text"
    raw = proquest_text.parse(data.replace(b"\n", b"\r\n"), "a.txt")
    assert (len(raw.records), raw.declared) == (3, 3)
    assert raw.records[1] == EXPECTED


def test_labels_line_by_line_and_with_a_capital():
    labels = LABELS | {"text": "Full Text"}
    data = export(record(1, labels=labels, gap="\n", text="It rained.\nIt stopped."))
    raw = proquest_text.parse(data, "a.txt")
    assert raw.records[0] == EXPECTED | {"text": "It rained.\n\nIt stopped."}


@pytest.mark.parametrize(
    "words",
    [
        "Volltext,Titel,Titel der Publikation,Publikationsdatum,ProQuest-Dokument-ID,Dokument-URL",
        "Texte intégral,Titre,Titre de la publication,Date de publication,"
        "ID du document ProQuest,URL du document",
        "Texto completo,Título,Título de publicación,Fecha de publicación,"
        "ID del documento de ProQuest,URL del documento",
    ],
)
def test_other_languages_of_the_interface(words):
    names = ("text", "title", "outlet", "date", "number", "url")
    labels = LABELS | dict(zip(names, words.split(","), strict=True))
    raw = proquest_text.parse(export(record(1, labels=labels)), "a.txt")
    assert raw.records[0] == EXPECTED
    french = {name: f"{label} " for name, label in labels.items()}
    assert proquest_text.parse(export(record(1, labels=french)), "a.txt").records[0] == EXPECTED


def test_labels_of_an_unknown_language_are_learned():
    strange = {name: f"Xu{label[::-1].lower()}" for name, label in LABELS.items()}
    long = "\n\n".join(["It rained on the bridge all day and all night."] * 20)
    records = [record(n, labels=strange, text=long) for n in range(4)]
    raw = proquest_text.parse(export(*records), "a.txt")
    found = raw.records[1]
    assert [found[name] for name in ("headline", "outlet", "date", "text")] == [
        "Rain and bridges 1",
        "Daily Herald, Late Edition",
        "Mar 3, 2031",
        long,
    ]


def test_publication_info_stands_for_outlet_and_date():
    labels = LABELS | {"outlet": "Note", "date": "Remark"}
    info = "Publication info: Daily Herald; Dublin [Dublin]03 Mar 2031: A.12.\n\n"
    made = record(1, labels=labels).replace("Abstract:", f"{info}Abstract:")
    found = proquest_text.parse(export(made), "a.txt").records[0]
    assert (found["outlet"], found["date"]) == ("Daily Herald", "03 Mar 2031")


def test_a_record_without_text_is_a_headline_only(tmp_path):
    data = export(record(0), record(1, text="None available."))
    (tmp_path / "a.txt").write_bytes(data)
    articles, report = read_articles(tmp_path / "a.txt")
    assert articles.index.tolist() == ["1963418100", "1963418101"]
    assert articles["text"].isna().tolist() == [False, True]
    assert report.loc[0, ["declared", "parsed", "empty"]].tolist() == [2, 2, 1]


def test_a_count_inside_a_text_does_not_cut_it():
    text = "It rained.\n\nPage 1 of 2\n\nIt stopped."
    raw = proquest_text.parse(export(record(1, text=text), record(2)), "a.txt")
    assert raw.records[0]["text"] == text
    assert raw.declared == 2


def test_a_missing_record_is_noticed(tmp_path):
    data = export(record(0), record(1), counted=True).replace(b"of 2", b"of 5")
    (tmp_path / "a.txt").write_bytes(data)
    _, report = read_articles(tmp_path / "a.txt")
    assert report.loc[0, "reason"] == "declares 5 articles, not 2"


def test_other_files_are_not_of_the_format():
    assert not proquest_text.recognise(b"id,text\n1,ProQuest\n", "a.csv")
    assert not proquest_text.recognise(b"<p>ProQuest</p>\n" + RULE.encode(), "a.html")
    with pytest.raises(UnreadableError, match="without records"):
        proquest_text.parse(b"It rained.", "a.txt")
