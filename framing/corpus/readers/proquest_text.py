"""Text saved from ProQuest, with the labels of any language of its interface."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from framing.corpus.database_heads import DATE
from framing.corpus.encoding import UnreadableError, decode
from framing.corpus.readers import Raw
from framing.corpus.readers._languages import language_code
from framing.corpus.readers._markup import ascii_view, join_paragraphs

FORMAT = "proquest text"
PRECEDENCE = 9  # before LexisNexis, whose counters look alike
RULE = re.compile(rb"^[_*]{40,}[^\S\n]*$", re.M)
COUNTED = re.compile(rb"^\S{4,12} 1 \S{2,6} \d{1,6}[^\S\n]*$", re.M)
PROQUEST = re.compile(rb"proquest", re.I)
LOOKED_AT = 400_000  # bytes in which the marks of the format must stand

SEPARATOR = re.compile(r"([_*])\1{39,}\s*")
COUNTER = re.compile(r"\s*[^\W\d_]{4,12}:? (?P<n>\d{1,6}) [^\W\d_]{2,6} (?P<of>\d{1,6})\s*")
LABELLED = re.compile(r"(?P<label>[^\W\d_][^:：\n]{1,48}?)\s?[:：](?:\s+(?P<value>.*)|$)")
PUBLISHED_IN = re.compile(rf"(?P<outlet>[^\n]*?)\s?\[?[^\[\]\n]{{0,60}}\]?\s?(?P<date>{DATE})")
IN_URL = re.compile(r"/docview/(?P<id>\d{5,12})")
NO_TEXT = re.compile(
    r"(?:full text )?(?:none|not|nicht|non|no|não|niet)[\w ]{0,20}"
    r"(?:available|verfügbar|disponib\w+|disponível|beschikbaar)\.?",
    re.IGNORECASE,
)
SHARE_OF_LABEL = 0.6  # a label that most records have is one, in whatever language

# What each field is labelled, spelled without case, blanks and marks: English, German, French,
# Spanish, Italian, Portuguese, Dutch, Polish, Russian, Chinese, Japanese, Korean.
LABELS = {
    "text": "fulltext volltext texteintégral textecomplet textocompleto textoíntegro "
    "testocompleto testointegrale textointegral volledigetekst pełnytekst полныйтекст 全文 "
    "フルテキスト 본문 원문",
    "headline": "title titel titre título titolo tytuł название заглавие 标题 標題 タイトル 제목",
    "outlet": "publicationtitle titelderpublikation publikationstitel titredelapublication "
    "titredepublication títulodepublicación títulodelapublicación titolodellapubblicazione "
    "titolopubblicazione títulodapublicação títulodepublicação titelvandepublicatie "
    "publicatietitel tytułpublikacji названиепубликации 出版物名称 出版物標題 出版物タイトル "
    "출판물제목 간행물제목",
    "date": "publicationdate publikationsdatum erscheinungsdatum datumderpublikation "
    "veröffentlichungsdatum datedepublication datedelapublication fechadepublicación "
    "fechadelapublicación datadipubblicazione datapubblicazione datadepublicação datadapublicação "
    "publicatiedatum datumvanpublicatie datapublikacji датапубликации датавыхода 出版日期 発行日 "
    "出版日 발행일 출판날짜",
    "published_in": "publicationinfo publikationsinformationen informationssurlapublication "
    "informacióndepublicación informazionisullapubblicazione informaçõesdapublicação",
    "byline": "author authors autor autoren verfasser auteur auteurs autores autore autori auteurs "
    "autorzy автор авторы 作者 著者 저자",
    "section": "section abschnitt rubrik sección sezione seção secção sectie rubriek sekcja раздел "
    "版块 セクション 섹션",
    "page": "pages seiten seite pagesdudocument páginas pagine paginas strony страницы 页 ページ "
    "페이지 firstpage startpage",
    "length": "wordcount wortanzahl wörter nombredemots númerodepalabras numerodiparole "
    "númerodepalavras aantalwoorden",
    "language": "languageofpublication language sprachederpublikation publikationssprache "
    "languedepublication languedelapublication idiomadelapublicación idiomadepublicación "
    "linguadipubblicazione linguadellapubblicazione idiomadapublicação taalvanpublicatie "
    "taalvandepublicatie językpublikacji языкпубликации 出版物语言 出版语言 発行言語 출판언어",
    "subjects": "subject subjects thema themen fachgebiet schlagwort sujet sujets materia materias "
    "tema temas soggetto soggetti argomento assunto assuntos onderwerp onderwerpen temat тема "
    "主题 主題 件名 주제",
    "doc_id": "proquestdocumentid proquestdokumentid dokumentidvonproquest iddudocumentproquest "
    "iddedocumentproquest iddeldocumentodeproquest iddedocumentodeproquest iddocumentoproquest "
    "idodocumentoproquest iddodocumentodoproquest iddodocumentoproquest proquestdocumentid "
    "identyfikatordokumentuproquest proquest文档id proquestドキュメントid proquest문서id",
    "url": "documenturl dokumenturl urldudocument urldedocument urldeldocumento "
    "urldocumento urldodocumento urldokumentu 文档url ドキュメントのurl 문서url",
    "abstract": "abstract zusammenfassung résumé resumen riassunto resumo samenvatting "
    "streszczenie реферат 摘要 要約 초록",
    "graphic": "illustration illustrations caption",
    # Known, so that the text ends there, but of no use.
    "": "publicationyear publicationyeardate year yearofpublication location people personen "
    "companyorganization company organization businessindexingterm identifierkeyword identifier "
    "keywords dateline credit links issn eissn sourcetype documenttype documentfeature copyright "
    "lastupdated database publisher placeofpublication countryofpublication publicationsubject "
    "volume issue classification supplement firma ort lieu lugar luogo local plaats personnes "
    "personas persone pessoas sociétéorganisation empresaorganización societàorganizzazione "
    "empresaorganização bedrijforganisatie unternehmenorganisation erscheinungsjahr "
    "publikationsjahr annéedepublication añodepublicación annodipubblicazione anodepublicação "
    "zuletztaktualisiert dernièremiseàjour últimaactualización ultimoaggiornamento datenbank "
    "basededonnées basededatos banchedati basededados dokumenttyp typededocument tipodedocumento "
    "quellentyp typedesource tipodefuente",
}
FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels.split()}
ROLES = ("headline", "outlet", "date", "text")

Labelled = list[tuple[int, str, str]]  # place of the line, label, value beside it


class Labels(NamedTuple):
    """Labels that this file uses, and the field of each."""

    field_of: dict[str, str]


def recognise(data: bytes, name: str) -> bool:
    """Recognise the rules or counters between the records, and the name of the database."""
    start = ascii_view(data[:LOOKED_AT]).replace(b"\r", b"\n")
    if start.lstrip().startswith((b"<", b"{", b"[", b"PK", b"%PDF")):
        return False
    return bool(PROQUEST.search(start)) and bool(RULE.search(start) or COUNTED.search(start))


def parse(data: bytes, name: str) -> Raw:
    """Read the records between the rules."""
    decoded = decode(data)
    text = re.sub(r"\r\n?", "\n", decoded.text).replace("\f", "\n")
    chunks = split_records(text.split("\n"))
    labels = learn_labels(chunks)
    records = [_record(chunk, labels) for chunk in chunks if _is_record(chunk, labels)]
    if not records:
        raise UnreadableError("text from ProQuest without records")
    return Raw(records, decoded.encoding, decoded.notes, declared=_declared(chunks, labels))


def split_records(lines: Sequence[str]) -> list[list[str]]:
    """Cut at the rules; where there are none, at the counters."""
    rules = Counter(line.strip() for line in lines if SEPARATOR.fullmatch(line))
    rule = rules.most_common(1)[0][0] if rules else ""
    counters = set() if rule else _places_of_counters(lines)
    chunks: list[list[str]] = [[]]
    for n, line in enumerate(lines):
        if n in counters or (rule and line.strip() == rule):
            chunks.append([])
        if not rule or line.strip() != rule:
            chunks[-1].append(line)
    return [chunk for chunk in chunks if any(line.strip() for line in chunk)]


def _places_of_counters(lines: Sequence[str]) -> set[int]:
    """Lines that count the records in order, unlike a “Page 1 of 2” inside a text."""
    places, expected, total = set(), 1, ""
    for n, line in enumerate(lines):
        match = COUNTER.fullmatch(line)
        if match and int(match["n"]) == expected and total in ("", match["of"]):
            places.add(n)
            expected, total = expected + 1, match["of"]
    return places


def _counted(chunk: Sequence[str]) -> int | None:
    """How many records there are, as the counter at the head of a record says."""
    match = COUNTER.fullmatch(_title(chunk, 0))
    return int(match["of"]) if match else None


def _title(chunk: Sequence[str], place: int) -> str:
    """The printed line at a place, from 0; the title is the first, but for a counter."""
    printed = [line.strip() for line in chunk[:40] if line.strip()]
    return printed[place] if place < len(printed) else ""


def squeezed(label: str) -> str:
    """Spell a label without case, blanks and marks.

    Examples
    --------
    >>> squeezed("Company / organization")
    'companyorganization'
    """
    return re.sub(r"[\W_]+", "", label.casefold())


def labelled_lines(chunk: Sequence[str]) -> Labelled:
    """Lines that begin with what may be a label."""
    matches = [(n, LABELLED.match(line)) for n, line in enumerate(chunk)]
    return [(n, squeezed(m["label"]), (m["value"] or "").strip()) for n, m in matches if m]


def learn_labels(chunks: Sequence[Sequence[str]]) -> Labels:
    """Know the labels of an interface in another language by their coming back in most records."""
    field_of = dict(FIELD_OF)
    found = [labelled_lines(chunk) for chunk in chunks]
    with_labels = [labelled for labelled in found if len(labelled) > 3]
    count = Counter(label for lines in with_labels for label in {label for _, label, _ in lines})
    enough = max(3, SHARE_OF_LABEL * len(with_labels))
    known = {label for label, n in count.items() if n >= enough}
    unknown = known - set(FIELD_OF)
    field_of |= dict.fromkeys(unknown, "")
    taken = {FIELD_OF[label] for label in known & set(FIELD_OF)}
    if unknown:
        field_of |= _guess_roles(chunks, Labels(field_of), [r for r in ROLES if r not in taken])
    return Labels(field_of)


def _guess_roles(
    chunks: Sequence[Sequence[str]], labels: Labels, roles: list[str]
) -> dict[str, str]:
    """Guess headline, outlet, date and text by what stands under the unknown labels."""
    votes: dict[str, Counter[str]] = {role: Counter() for role in roles}
    for chunk in chunks:
        parts = _parts(chunk, labels)
        title = _title(chunk, int(_counted(chunk) is not None))
        names = [label for label in parts if not labels.field_of.get(label)]
        if not names:
            continue
        same = next((n for n, name in enumerate(names) if parts[name] == [title]), None)
        guesses = {
            "headline": names[same] if same is not None else "",
            "outlet": names[same + 1] if same is not None and same + 1 < len(names) else "",
            "date": next((x for x in names if re.fullmatch(DATE, " ".join(parts[x]))), ""),
            "text": max(names, key=lambda name: sum(map(len, parts[name]))),
        }
        for role in roles:
            votes[role][guesses[role]] += bool(guesses[role])
    best = {role: votes[role].most_common(1) for role in roles}
    return {counted[0][0]: role for role, counted in best.items() if counted and counted[0][1]}


def _parts(chunk: Sequence[str], labels: Labels) -> dict[str, list[str]]:
    """What stands under each label, as lines; the first of a name counts."""
    known = [mark for mark in labelled_lines(chunk) if mark[1] in labels.field_of]
    marks = _without_text(chunk, known, labels)
    ends = [n for n, _, _ in marks[1:]] + [len(chunk)]
    parts: dict[str, list[str]] = {}
    for (n, label, value), end in zip(marks, ends, strict=False):
        lines = [value, *(line.strip() for line in chunk[n + 1 : end])]
        parts.setdefault(label, "\n".join(lines).strip("\n").split("\n"))
    return parts


def _without_text(chunk: Sequence[str], marks: Labelled, labels: Labels) -> Labelled:
    """Leave out lines of the text that look labelled: no further label follows at once."""
    at = {n for n, _, _ in marks}
    kept: Labelled = []
    in_text = False
    seen: set[str] = set()
    following = _next_printed(chunk)
    for n, label, value in marks:
        last = following[n] == len(chunk)
        if in_text and label != "" and following[n] not in at and not (last and label not in seen):
            continue
        kept.append((n, label, value))
        seen.add(label)
        in_text = labels.field_of[label] == "text"
    return kept


def _next_printed(chunk: Sequence[str]) -> list[int]:
    """For each line, the place of the next that is not empty."""
    places, following = [0] * len(chunk), len(chunk)
    for n in reversed(range(len(chunk))):
        places[n] = following
        following = n if chunk[n].strip() else following
    return places


def _is_record(chunk: Sequence[str], labels: Labels) -> bool:
    """A record has at least two labels, and a text, an outlet, a date or a number."""
    fields = [labels.field_of[m[1]] for m in labelled_lines(chunk) if m[1] in labels.field_of]
    return len(fields) > 1 and bool(
        {"text", "outlet", "date", "doc_id", "published_in"} & set(fields)
    )


def _record(chunk: Sequence[str], labels: Labels) -> dict[str, Any]:
    """Read one record."""
    values: dict[str, list[str]] = {}
    for label, lines in _parts(chunk, labels).items():
        field = labels.field_of[label]
        if field and any(lines):
            values.setdefault(field, lines)
    one_line = {field: " ".join(" ".join(lines).split()) for field, lines in values.items()}
    title = _title(chunk, int(_counted(chunk) is not None))
    headed = title if not labelled_lines([title]) else ""
    record = _published(one_line) | {"text": _text(values.get("text", []))}
    record["headline"] = one_line.get("headline") or headed or None
    record["doc_id"] = _number(one_line)
    record["language"] = language_code(one_line["language"]) if "language" in one_line else None
    record["length"] = re.sub(r"\D", "", one_line.get("length", "")) or None
    for field in ("byline", "section", "page", "subjects", "url", "abstract", "graphic"):
        record[field] = one_line.get(field)
    return record


def _published(one_line: dict[str, str]) -> dict[str, Any]:
    """Outlet and date, each with a label of its own or both under one; the place is left out."""
    told = PUBLISHED_IN.match(one_line.get("published_in", "")[:300])
    outlet = one_line.get("outlet") or (told["outlet"] if told else "")
    date = one_line.get("date") or (told["date"] if told else "")
    return {"outlet": outlet.partition(";")[0].strip() or None, "date": date or None}


def _text(lines: Sequence[str]) -> str | None:
    """Paragraphs of the text; lines are paragraphs where no blank line stands between them."""
    text = "\n".join(lines).strip()
    if NO_TEXT.fullmatch(text):
        return None
    split = re.split(r"\n\s*\n", text) if "\n\n" in text else text.split("\n")
    return join_paragraphs([paragraph.strip() for paragraph in split])


def _number(one_line: dict[str, str]) -> str | None:
    """The database's own number of the article."""
    number = one_line.get("doc_id", "").replace(" ", "")
    in_url = IN_URL.search(one_line.get("url", ""))
    return number or (in_url["id"] if in_url else None)


def _declared(chunks: Sequence[Sequence[str]], labels: Labels) -> int | None:
    """How many records the counters promise, or else how many numbers of articles are printed."""
    counted = [n for chunk in chunks if (n := _counted(chunk)) is not None]
    if counted:
        return max(counted)
    marks = [mark for chunk in chunks for mark in labelled_lines(chunk)]
    return sum(labels.field_of.get(label) == "doc_id" for _, label, _ in marks) or None
