"""What all exports of LexisNexis share: the words of their labels, dates, sections, lines."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from framing.corpus.readers._languages import language_code

# The labels of each field, in the languages of the interface, without accents, spaces and marks.
LABELS = {
    "headline": "headline titre titel kop titulo titolo uberschrift ueberschrift schlagzeile "
    "titular",
    "byline": "byline author autor auteur autore auteurs autores autori autoren verfasser "
    "schrijver firma signatura signature",
    "section": "section rubrik rubrique rubriek seccion sezione sectie secao seccao ressort "
    "bereich katern sektion",
    "length": "length lange laenge longueur longitud extension lunghezza lengte tamanho "
    "comprimento extensao dlugosc langd",
    "dateline": "dateline ortsmarke ortszeile datumzeile plaats",
    "highlight": "highlight encart hervorhebung teaser destacado destaque samenvatting sommario",
    "abstract": "abstract resume resumen resumo riassunto zusammenfassung kurzfassung",
    "series": "series serie",
    "edition": "edition ausgabe editie edicion edizione edicao",
    "distribution": "distribution verteilung diffusion distribucion distribuzione distribuicao",
    "graphic": "graphic graphik grafik graphique grafico grafica grafiek illustration",
    "language": "language sprache langue idioma lengua lingua taal jezyk sprak",
    "subjects": "subject subjects sujet sujets thema themen schlagwort schlagworter tema temas "
    "asunto materia argomento soggetto onderwerp assunto",
    "companies": "company companies societe entreprise unternehmen empresa empresas azienda "
    "societa bedrijf onderneming",
    "organizations": "organization organisation organisations organizations organizacion "
    "organizzazione organisatie organizacao",
    "people": "person people personne personnes personen persona personas persone persoon pessoa",
    "places": "geographic localisationgeo geographie geografisch geografico geografica city "
    "state country ort land pays pais paese",
    "industry": "industry secteuractivite branche industrie industria setor sector settore",
    "ticker": "ticker symboleboursier tickersymbol borsensymbol",
    "publication_type": "publicationtype typepublication publikationstyp publikationsart pubtype "
    "zeitungstyp tipodepublicacion tipopublicacion tipopubblicazione publicatietype "
    "tipopublicacao",
    "journal_code": "journalcode coderevue zeitungscode codigorevista codicerivista pubcode",
    "load_date": "loaddate update datechargement datedechargement ladedatum fechadecarga "
    "fechacarga datadicaricamento datacaricamento laaddatum datadecarga datacarga "
    "datacarregamento",
    "correction": "correction korrektur berichtigung correccion correzione correctie correcao",
    "correction_date": "correctiondate korrekturdatum datecorrection fechacorreccion "
    "datacorrezione correctiedatum",
    "document_type": "documenttype dokumenttyp typedocument tipodocumento documenttipo type",
    "url": "url website internetadresse adresseinternet",
    "copyright": "copyright urheberrecht",
    "text": "body text volltext fulltext corps texte cuerpo testo corpo tekst hoofdtekst texto",
}
FIELD_OF_LABEL = {word: field for field, words in LABELS.items() for word in words.split()}
# Fields usually printed above the text, and those printed below it.
ABOVE = {"headline", "byline", "section", "length", "dateline", "highlight", "abstract", "series"}
ABOVE |= {"edition", "distribution", "url"}
BELOW = set(LABELS) - ABOVE - {"text"}

COPYRIGHT = re.compile(
    r"(?:copyright|copyrights|©|\(c\)\s*(?:19|20)\d\d|all rights reserved|alle rechte|"
    r"tous droits|todos los derechos|todos os direitos|tutti i diritti|wszelkie prawa)",
    re.IGNORECASE,
)
YEAR = r"(?:1[6-9]|20|21)\d\d(?!\d)"
WORD = r"[^\W\d_]+[.,]*"
DATE_LINE = re.compile(
    rf"\W*(?:"
    rf"(?:{WORD}\s+){{0,2}}\d{{1,2}}(?:st|nd|rd|th|er|e|[.ºª])?[\s,-]+(?:de\s+|d['’])?{WORD}"
    rf"[\s,-]+(?:de\s+|del\s+)?{YEAR}"  # Montag, 27. Februar 2012; 5 de julio de 2019
    rf"|(?:{WORD}\s+)?{WORD}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:\d\d?:\d\d\S*\s+)?{YEAR}"
    rf"|(?:{WORD}\s+){{1,2}}{YEAR}\s*(?:$|[,;])"  # January 2010; Spring 2010
    rf"|{YEAR}\s*[-/.年년]"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:{YEAR}|\d\d(?!\d))"
    rf")",
    re.IGNORECASE,
)
PAGE = re.compile(
    r"(?:pg|page|pages|pp?|blz|bladzijde|s|seite|seiten|pag|pág|página|pagina|str|sida)\b[.:]?"
    r"\s*(?P<page>[A-Z]{0,3}-?\d[\w/,\s-]{0,15})?",
    re.IGNORECASE,
)
VERSION = re.compile(r"version:?\s*\d+", re.IGNORECASE)  # of a web page, counted by the database
LONE_URL = re.compile(r"https?://[^\s<>\"]{3,2000}")
SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
MAX_WIDTH, MIN_LINES = 90, 8  # of a text broken into lines by a machine


def label_key(label: str) -> str:
    """Spell a label without case, accents and marks.

    Examples
    --------
    >>> label_key("Publication-Type:"), label_key("LÄNGE")
    ('publicationtype', 'lange')
    """
    letters = unicodedata.normalize("NFKD", label.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


def field_of_label(label: str) -> str:
    """Name the field of a label in any of the known languages, or nothing.

    Examples
    --------
    >>> field_of_label("LONGUEUR"), field_of_label("DATE-CHARGEMENT"), field_of_label("WEATHER")
    ('length', 'load_date', '')
    """
    return FIELD_OF_LABEL.get(label_key(label), "")


def other_name(label: str) -> str:
    """Name a column for a label in no list, so that nothing printed is lost.

    Examples
    --------
    >>> other_name("Wetter-Code")
    'other_wettercode'
    """
    return f"other_{label_key(label)[:30]}"


def is_date(line: str) -> bool:
    """Say whether a line begins as dates are printed, in any language.

    Examples
    --------
    >>> is_date("January 9, 2007 Tuesday, FINAL EDITION"), is_date("27. Februar 2012 Montag")
    (True, True)
    >>> is_date("Spring 2010"), is_date("20 Minutes"), is_date("Brexit 2016: what now?")
    (True, False, False)
    """
    return bool(DATE_LINE.match(line[:200]))


def edition_in(date: str) -> str:
    """Find the edition printed behind a date; the weekday before it is not one.

    Examples
    --------
    >>> edition_in("August 6, 1997, Wednesday,, FINAL EDITION")
    'FINAL EDITION'
    >>> edition_in("July 2, 2019 Tuesday 9:33 AM GMT")
    ''
    """
    year = re.search(YEAR, date)
    parts = [part.strip() for part in date[year.end() :].split(",")] if year else []
    return ", ".join([part for part in parts if part][1:])


def split_section(value: str) -> dict[str, str]:
    """Part a section from its page.

    Examples
    --------
    >>> split_section("Section B; Column 0; Business Desk; Pg. 1")
    {'section': 'Section B; Column 0; Business Desk', 'page': '1'}
    >>> split_section("BUITENLAND; Blz. 6"), split_section("Pg. B22")
    ({'section': 'BUITENLAND', 'page': '6'}, {'page': 'B22'})
    """
    parts = [tidy(part) for part in value.replace(", Column", "; Column").split(";")]
    pages = [PAGE.fullmatch(part) for part in parts]
    others = [part for part, page in zip(parts, pages, strict=True) if part and not page]
    names = [part for part in others if not VERSION.fullmatch(part)]
    found = [page["page"].strip() for page in pages if page and page["page"]]
    fields = {"section": "; ".join(dict.fromkeys(names)), "page": "; ".join(dict.fromkeys(found))}
    return {name: value for name, value in fields.items() if value}


def count_words(value: str) -> str:
    """Keep the number of a declared length.

    Examples
    --------
    >>> count_words("2,968 words"), count_words("1.238 Wörter"), count_words("short")
    ('2968', '1238', '')
    """
    number = re.match(r"\D{0,20}(\d[\d.,' \u00a0\u202f]*)", value)
    return re.sub(r"\D", "", number[1]) if number else ""


def tidy(text: str) -> str:
    """Write every run of white space as one space.

    Examples
    --------
    >>> tidy("via \\u00a0  Facebook\\nand")
    'via Facebook and'
    """
    return " ".join(text.split())


def tidy_lines(text: str) -> str:
    """Tidy each line of a paragraph; an empty line inside it parts two paragraphs.

    Examples
    --------
    >>> tidy_lines(" A list: \\n \\n\\n one\\n two ")
    'A list:\\n\\none\\ntwo'
    """
    lines = "\n".join(tidy(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def rejoin(paragraphs: Sequence[str]) -> list[str]:
    """Join lines that a machine broke at a fixed width and stored as paragraphs.

    It did where no line is longer than a typewriter's, most come near the longest, and many stop
    short of a sentence's end. A line goes on in the next when it stops short, or when the next
    one's first word had no room left.
    """
    lengths = sorted(map(len, paragraphs))
    if len(lengths) < MIN_LINES or lengths[-1] > MAX_WIDTH or any("\n" in p for p in paragraphs):
        return list(paragraphs)
    width = lengths[int(0.9 * len(lengths))]
    near = sum(length > width - 15 for length in lengths) / len(lengths)
    short = [not SENTENCE_END.search(line) for line in paragraphs]
    if near < 0.4 or sum(short) < 0.4 * len(short):
        return list(paragraphs)
    goes_on = [
        stops_short or len(line) + 1 + len(after.split(maxsplit=1)[0]) > width
        for stops_short, line, after in zip(short, paragraphs, paragraphs[1:], strict=False)
    ]
    return join_runs(paragraphs, goes_on, " ")


def join_runs(lines: Sequence[str], goes_on: Sequence[bool], mark: str) -> list[str]:
    """Join each line with the next where it goes on.

    Examples
    --------
    >>> join_runs(["War", "began.", "Peace came."], [True, False], " ")
    ['War began.', 'Peace came.']
    """
    starts = [0, *(place for place, on in enumerate(goes_on, start=1) if not on)]
    ends = [*starts[1:], len(lines)]
    return [mark.join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def take_url(paragraphs: list[str]) -> tuple[list[str], str]:
    """Take the article's address off the end of its text; that of a site alone is dropped.

    Examples
    --------
    >>> take_url(["War began.", "http://herald.example/2031/war.html"])
    (['War began.'], 'http://herald.example/2031/war.html')
    """
    kept, found = list(paragraphs), ""
    while kept and LONE_URL.fullmatch(kept[-1]):
        address = kept.pop()
        found = address if address.rstrip("/").count("/") > 2 else found
    return kept, found


def finish(fields: dict[str, list[str]], paragraphs: Iterable[str]) -> dict[str, str]:
    """Bring the values of an article into one shape; what is empty is left out."""
    full = [line for text in paragraphs for line in tidy_lines(text).split("\n\n") if line]
    body, address = take_url(rejoin(full))
    record = {name: "; ".join(distinct(values)) for name, values in fields.items()}
    record |= {"section": "", **split_section(record.get("section", ""))}
    record["length"] = count_words(record.get("length", ""))
    record["language"] = language_code(record.get("language", "").partition(";")[0])
    editions = [edition_in(record.get("date", "")), record.get("edition", "")]
    record["edition"] = "; ".join(distinct(editions))
    record["byline"] = record.get("byline", "").strip(" ;")
    record["url"] = record.get("url") or address
    record["text"] = "\n\n".join(body)
    if record.get("credit") == record["byline"]:
        del record["credit"]
    return {name: value for name, value in record.items() if value and name != "copyright"}


def distinct(values: Iterable[str]) -> list[str]:
    """Tidy values and leave out repetitions and empty ones."""
    return [value for value in dict.fromkeys(map(tidy, values)) if value]
