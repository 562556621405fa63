"""The teaching corpus keeps its promises: every gold row is checked against the raw texts."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest

import framing as fr

HERE = Path(__file__).parents[1] / "data" / "air_campaign"
GOLD = HERE / "gold"
FRAMES = {"conflict", "human_interest", "economic", "morality", "responsibility"}
ACTORS = {"dfb", "ashen", "belazan", "norvask", "unclear"}
KINDS = {"original", "reprint", "partial", "reworded"}
REAL_NAME = re.compile(
    r"""\b(?:
    Afghanistan | AFP | Africa | Al\ Jazeera | Aleppo | America | American | Amnesty | AP | Arab |
    Arabic | Asia | Asian | Assad | Associated\ Press | Baghdad | BBC | Beijing | Berlin | Biden |
    Bitcoin | Bloomberg | Boeing | Brent | Britain | British | Brussels | Cairo | Canada |
    Catholic | Chechen | Chechnya | China | Chinese | Christian | Clinton | CNN | Cold\ War |
    Crimea | Damascus | Doctors\ Without\ Borders | Dollar | Donetsk | Egypt | Erdogan | EU |
    Euro | Europe | European | Facebook | France | French | Gaza | Gazprom | Geneva | German |
    Germany | Google | Guardian | Hague | Hamas | Hezbollah | Homs | India | Indian | Instagram |
    Interfax | Iran | Iranian | Iraq | Iraqi | ISIL | ISIS | Islam | Islamic | Islamist | Israel |
    Israeli | Istanbul | Italy | Japan | Jerusalem | Jewish | Jordan | Kalashnikov | Kharkiv |
    Korea | Kremlin | Kurd | Kurdish | Kyiv | Latakia | Lavrov | Lebanon | Libya | London |
    Lukoil | Macron | Mariupol | Merkel | MiG | Moscow | Muslim | Médecins\ Sans\ Frontières |
    Nasdaq | NATO | New\ York | Obama | OPEC | Orthodox | Oxfam | Palestine | Paris | Pentagon |
    Putin | Quran | Red\ Crescent | Red\ Cross | Reuters | Rosneft | RT | Russia | Russian |
    Saudi | Scud | Security\ Council | Serbia | Shia | Shiite | Soviet | Stinger | Sukhoi |
    Sunni | Syria | Syrian | Taliban | TASS | Tehran | Telegram | TikTok | Tomahawk | Trump |
    Turkey | Turkish | Twitter | UK | Ukraine | Ukrainian | UN | UNICEF | United\ Nations |
    United\ States | US | USA | Vatican | Vienna | Washington | WhatsApp | White\ Helmets |
    White\ House | World\ War | Yemen | YouTube | Zelensky
    )\b""",
    re.VERBOSE,
)


def table(name: str) -> pd.DataFrame:
    """Every cell as the text that stands in the file, empty cells as empty text."""
    return pd.read_csv(GOLD / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    raw = pd.read_csv(HERE / "articles.csv", dtype=str, keep_default_na=False)
    assert raw["doc_id"].is_unique
    return raw.set_index("doc_id")


@pytest.fixture(scope="module")
def bodies(articles: pd.DataFrame) -> pd.Series:
    """Each text without its furniture lines and without a headline standing as a line."""
    drop = table("furniture").groupby("doc_id")["text"].agg(Counter).to_dict()
    for doc_id in articles.index[articles["headline"] == ""]:
        drop[doc_id] = drop[doc_id] + Counter([articles["text"][doc_id].split("\n")[2]])
    kept = {doc: without(text, drop.get(doc, Counter())) for doc, text in articles["text"].items()}
    return pd.Series(kept)


def without(text: str, lines: Counter) -> str:
    """Leave out each listed line as often as it is listed."""
    left = Counter(lines)
    kept = []
    for line in text.split("\n"):
        if left[line] > 0:
            left[line] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def share_copied(copy: str, original: str) -> float:
    """Share of the copy's five-word runs that stand in the original."""
    return len(shingles(copy, 5) & shingles(original, 5)) / len(shingles(copy, 5))


# The corpus ------------------------------------------------------------------------------------


def test_size_outlets_and_weeks(articles):
    assert len(articles) >= 160
    assert articles["outlet"].value_counts().min() >= 20
    assert articles["outlet"].nunique() == 8
    dates = pd.to_datetime(articles["date"], format="%Y-%m-%d")
    assert dates.min() >= pd.Timestamp("2031-03-03")
    assert dates.max() <= pd.Timestamp("2031-04-06")
    weeks = (dates - pd.Timestamp("2031-03-03")).dt.days // 7
    assert set(weeks) == {0, 1, 2, 3, 4}
    assert pd.crosstab(articles["outlet"], weeks).min().min() >= 1


def test_lengths_without_furniture(bodies):
    words = bodies.str.split().str.len()
    assert words.between(145, 360).all(), words[~words.between(145, 360)]


def test_only_six_scraped_articles_have_no_headline(articles):
    bare = articles.index[articles["headline"] == ""]
    assert list(bare) == [f"qg-00{n}" for n in range(1, 7)]
    for text in articles.loc[bare, "text"]:
        share, blank, headline = text.split("\n")[:3]
        assert (share, blank) == ("Share", "")
        assert len(headline.split()) >= 6


def test_headlines_and_texts_are_all_different(articles):
    assert not articles["text"].duplicated().any()
    assert not articles.loc[articles["headline"] != "", "headline"].duplicated().any()
    assert not articles["url"].duplicated().any()
    assert articles["url"].str.fullmatch(r"https://\w+\.example/2031/0[34]/\d\d/[a-z0-9-]+").all()


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.csv")), ids=lambda path: path.name)
def test_files_are_utf8_lf_nfc_and_rectangular(path):
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    text = content.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    with path.open(encoding="utf-8", newline="") as lines:
        assert len({len(row) for row in csv.reader(lines)}) == 1


def test_no_remnant_of_markup(articles):
    text = articles["headline"] + "\n\n" + articles["text"]
    remnant = r"[\[\]{}<>\\`]|\*\*|__|^#|https?:|&\w+;|\t|  | $|\n{3}|\ufffd|\u00a0|\u200b"
    found = text[text.str.contains(remnant, flags=re.M)]
    assert found.empty, list(found.index)


def test_no_proper_name_of_the_real_world(articles):
    text = articles["headline"] + "\n" + articles["byline"] + "\n" + articles["text"]
    hits = text.map(REAL_NAME.findall)
    # “blames US” is Daily Beacon shouting, not a country.
    hits["db-012"] = [hit for hit in hits["db-012"] if hit != "US"]
    assert not hits[hits.str.len() > 0].to_dict()


def test_the_list_of_real_names_finds_whole_words_only():
    assert REAL_NAME.findall("A UN envoy in New York, unlike the Union, read BBC copy.") == [
        "UN",
        "New York",
        "BBC",
    ]


def test_quotation_marks_are_the_outlets_own(articles):
    straight = articles["text"].str.contains('"')
    assert set(articles.loc[straight, "outlet"]) == {"The Meridian Ledger"}
    single = articles["text"].str.count("‘").groupby(articles["outlet"]).sum()
    assert set(single.nlargest(2).index) == {"Daily Beacon", "The Lindmere Courier"}


# Repetition ------------------------------------------------------------------------------------


def test_no_stock_sentence_outside_copies(articles, bodies):
    """A sentence of nine words or more stands in one story only."""
    story = table("stories").set_index("doc_id")["story"]
    seen = defaultdict(set)
    for doc_id, text in bodies.items():
        for sentence in re.split(r"(?<=[.!?”’\"])\s+", text):
            if len(sentence.split()) >= 9 and sentence[0] not in '“‘"':
                seen[sentence].add(story[doc_id])
    assert len(seen) > 1000
    assert {sentence: where for sentence, where in seen.items() if len(where) > 1} == {}


def test_no_slot_template(articles):
    """Outside quotations no eight words in a row are shared by more than three stories."""
    story = table("stories").set_index("doc_id")["story"]
    quotes = table("quotes")
    spoken = {doc: list(rows) for doc, rows in quotes.groupby("doc_id")[["start", "end"]]
              .apply(lambda spans: spans.astype(int).to_numpy().tolist()).items()}  # fmt: skip
    seen = defaultdict(set)
    for doc_id, text in articles["text"].items():
        cut = [0, *(edge for span in spoken.get(doc_id, []) for edge in span), len(text)]
        for start, end in zip(cut[::2], cut[1::2], strict=True):
            for run in shingles(text[start:end], 8):
                seen[run].add(story[doc_id])
    assert max(map(len, seen.values())) <= 3


# Gold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["frames", "stories", "furniture", "quotes", "labels"])
def test_gold_names_known_articles(articles, name):
    assert set(table(name)["doc_id"]) <= set(articles.index)


@pytest.mark.parametrize("name", ["frames", "stories"])
def test_gold_has_one_row_an_article(articles, name):
    assert list(table(name)["doc_id"]) == list(articles.index)


def test_frames_are_in_the_vocabulary_and_each_is_common(articles):
    frames = table("frames")
    assert set(frames["primary"]) == FRAMES
    assert set(frames["secondary"]) == FRAMES | {"none"}
    assert (frames["primary"] != frames["secondary"]).all()
    assert frames["primary"].value_counts().min() >= 20
    outlets = frames["doc_id"].map(articles["outlet"])
    assert frames.groupby(outlets)["primary"].nunique().eq(5).all()


def test_furniture_is_exactly_that_line(articles):
    furniture = table("furniture")
    assert len(furniture) > 150
    for doc_id, line, text in furniture.itertuples(index=False):
        lines = articles["text"][doc_id].split("\n")
        assert lines[int(line)] == text
    assert not furniture.duplicated(["doc_id", "line"]).any()


@pytest.mark.parametrize(("name", "column"), [("quotes", "quote"), ("labels", "label")])
def test_offsets_cut_out_the_text_in_the_row(articles, name, column):
    gold = table(name)
    assert len(gold) > 500
    rows = gold[["doc_id", "start", "end", column]].itertuples(index=False)
    for doc_id, start, end, text in rows:
        assert articles["text"][doc_id][int(start) : int(end)] == text
        assert text == text.strip() != ""
    assert not gold.duplicated(["doc_id", "start", "end"]).any()


@pytest.mark.parametrize("name", ["quotes", "labels"])
def test_spans_do_not_overlap_nor_touch_furniture(articles, name):
    furniture = set(table("furniture")[["doc_id", "line"]].itertuples(index=False, name=None))
    last: dict[str, int] = {}
    for doc_id, start, end in table(name)[["doc_id", "start", "end"]].itertuples(index=False):
        assert int(start) >= last.get(doc_id, 0)
        last[doc_id] = int(end)
        line = articles["text"][doc_id].count("\n", 0, int(start))
        assert (doc_id, str(line)) not in furniture


def test_quotes_have_a_kind_a_speaker_and_a_cue_of_the_text(articles):
    quotes = table("quotes")
    assert set(quotes["kind"]) == {"direct", "indirect", "mixed"}
    assert (quotes["speaker"] != "").all()
    for doc_id, cue in quotes[["doc_id", "cue"]].itertuples(index=False):
        assert cue in articles["text"][doc_id]


def test_quotation_marks_agree_with_the_kind_of_quote():
    quotes = table("quotes")
    marked = quotes["quote"].str.contains(r"[“‘\"]")
    begins = quotes["quote"].str.contains(r"^[“‘\"]")
    assert begins[quotes["kind"] == "direct"].all()
    assert marked[quotes["kind"] == "mixed"].mean() > 0.9


def test_labels_name_known_actors_and_every_outlet_names_the_main_ones(articles):
    labels = table("labels")
    assert set(labels["actor"]) == ACTORS
    named = pd.crosstab(labels["doc_id"].map(articles["outlet"]), labels["actor"])
    assert (named[["dfb", "ashen", "belazan", "norvask", "unclear"]] > 0).all().all()


def test_labels_are_marked_wherever_they_stand(articles):
    """Words that can only name armed people are never left unmarked in running text."""
    covered = defaultdict(set)
    for doc_id, start, end in table("labels")[["doc_id", "start", "end"]].itertuples(index=False):
        covered[doc_id].update(range(int(start), int(end)))
    skipped = table("furniture").groupby("doc_id")["text"].agg(list).to_dict()
    certain = (
        r"\b(?:rebel|terrorist|militant|insurgent|jihadist|freedom fighter)s?\b|\bFree Brigades\b"
    )
    for doc_id, text in articles["text"].items():
        first = "\n".join(text.split("\n")[:3]) if articles["headline"][doc_id] == "" else ""
        for match in re.finditer(certain, text):
            line = text[: match.start()].count("\n")
            in_furniture = text.split("\n")[line] in skipped.get(doc_id, [])
            in_headline = match.start() < len(first)
            assert match.start() in covered[doc_id] or in_furniture or in_headline, (doc_id, match)


# Copies ----------------------------------------------------------------------------------------


def test_copies_name_an_original_and_follow_it_within_three_days(articles):
    stories = table("stories").set_index("doc_id")
    assert set(stories["kind"]) == KINDS
    originals = stories[stories["kind"] == "original"]
    assert (originals["copy_of"] == "").all()
    assert (originals["story"] == originals.index).all()
    copies = stories[stories["kind"] != "original"]
    assert (copies["story"] == copies["copy_of"]).all()
    assert set(copies["copy_of"]) <= set(originals.index)
    dates = pd.to_datetime(articles["date"])
    lag = dates[copies.index].to_numpy() - dates[copies["copy_of"]].to_numpy()
    assert pd.Series(lag).dt.days.between(0, 3).all()


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("reprint", 0.8, 1.0), ("partial", 0.3, 0.6), ("reworded", 0.0, 0.15)],
)
def test_kinds_of_copy_differ_in_what_they_share(bodies, kind, low, high):
    stories = table("stories")
    copies = stories[stories["kind"] == kind]
    assert len(copies) >= 6
    for doc_id, original in copies[["doc_id", "copy_of"]].itertuples(index=False):
        assert low <= share_copied(bodies[doc_id], bodies[original]) <= high, doc_id


# The chronicle and the single article ------------------------------------------------------------


def test_timeline_stays_in_the_five_weeks_and_names_who_says_so():
    timeline = table("timeline")
    assert list(timeline.columns) == ["date", "event", "place", "source"]
    assert (timeline != "").all().all()
    assert timeline["date"].is_monotonic_increasing
    assert timeline["date"].between("2031-03-03", "2031-04-06").all()
    assert 40 <= len(timeline) <= 60
    assert 0.5 < (timeline["source"] == "undisputed").mean() < 0.8


def test_timeline_places_stand_in_the_articles(articles):
    everything = " ".join(articles["text"])
    for place in table("timeline")["place"]:
        for name in re.findall(r"[A-Z]\w+(?: [A-Z]\w+)*", place):
            assert name in everything


def test_one_article_is_that_article_of_the_corpus(articles):
    alone = (HERE / "one_article.txt").read_bytes()
    assert alone == articles["text"]["qg-003"].encode("utf-8")


def test_one_article_mixes_labels_and_speakers():
    labels = table("labels")
    same = labels[(labels["doc_id"] == "qg-003") & (labels["actor"] == "dfb")]
    assert same["label"].str.lower().nunique() >= 5
    assert table("quotes").query("doc_id == 'qg-003'")["speaker"].nunique() >= 3
    assert (table("furniture")["doc_id"] == "qg-003").sum() >= 3


# The data card ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card() -> dict[str, list[list[str]]]:
    """Rows of the card's tables by their first cell, without bold marks and thousands commas."""
    rows = defaultdict(list)
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            first, *cells = [cell.strip(" *`") for cell in line.strip("| ").split("|")]
            rows[first].append([cell.replace(",", "") for cell in cells])
    return rows


def test_card_counts_articles_words_weeks_and_gold_rows(articles, bodies, card):
    words = bodies.str.split().str.len()
    weeks = (pd.to_datetime(articles["date"]) - pd.Timestamp("2031-03-03")).dt.days // 7
    gold = [
        table(name)["doc_id"].map(articles["outlet"]) for name in ("quotes", "labels", "furniture")
    ]
    for outlet, group in articles.groupby("outlet"):
        own = words[group.index]
        counts = [len(group), own.sum(), f"{own.min()}–{own.max()}"]
        counts += [(weeks[group.index] == week).sum() for week in range(5)]
        counts += [(column == outlet).sum() for column in gold]
        assert card[outlet][0][1:] == [str(count) for count in counts]
    assert card["All"][0][1:4] == [str(len(articles)), str(words.sum()), "170–354"]


def test_card_counts_primary_frames(articles, card):
    order = ["conflict", "human_interest", "economic", "morality", "responsibility"]
    frames = table("frames").set_index("doc_id")["primary"]
    counts = pd.crosstab(articles["outlet"], frames)[order]
    for outlet, row in counts.iterrows():
        assert card[outlet][1] == [str(count) for count in row]
    assert card["All"][1] == [str(count) for count in counts.sum()]


def test_card_counts_copies_and_what_they_share(bodies, card):
    stories = table("stories")
    for kind in KINDS - {"original"}:
        copies = stories[stories["kind"] == kind]
        pairs = copies[["doc_id", "copy_of"]].itertuples(index=False)
        shares = [share_copied(bodies[copy], bodies[original]) for copy, original in pairs]
        number, _, shared, _ = card[kind][0]
        assert number == str(len(copies))
        assert shared == f"{min(shares):.2f}–{max(shares):.2f}"


def test_card_counts_the_actors(card):
    for actor, number in table("labels")["actor"].value_counts().items():
        assert card[actor][0][-1] == str(number)


def test_card_says_fiction_before_anything_else():
    lines = (HERE / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith("> **This is fiction.**")


def test_two_readers_answered_every_question_of_every_article(articles):
    codes = pd.read_csv(HERE / "codes.csv")
    assert not codes.duplicated(["unit", "coder"]).any()
    for _, read in codes.groupby("coder"):
        assert set(read["unit"]) == set(articles.index)
    answers = codes.drop(columns=["unit", "coder"])
    assert answers.isin([0, 1]).all(axis=None)
    questions = fr.load_codebook("semetko_valkenburg").groupby("frame")["indicator"].nunique()
    items = answers.columns.str.extract(r"^([a-z]{2})\d$")[0].value_counts()
    short = {"conflict": "cf", "human_interest": "hi", "economic": "ec"}
    short |= {"morality": "mo", "responsibility": "re"}
    assert {frame: items[short[frame]] for frame in questions.index} == questions.to_dict()
    assert set(questions.index) <= set(answers.columns)
