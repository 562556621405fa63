"""Codebooks: every format, every problem at once, and those that come with the kit."""

import pandas as pd
import pytest

import framing as fr

ROWS = [("war", "troop*"), ("war", "border guard"), ("peace", "peace talks")]


def pairs(codebook):
    return list(codebook[["frame", "pattern"]].itertuples(index=False, name=None))


def test_csv_fills_notes_down_within_a_frame(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "frame,pattern,definition,source\nwar,troop*,fighting,Doe 2001\nwar,siege,,\npeace,truce,,",
        encoding="utf-8",
    )
    codebook = fr.load_codebook(path)
    assert codebook["definition"].tolist() == ["fighting", "fighting", ""]
    assert codebook["source"].tolist() == ["Doe 2001", "Doe 2001", ""]


def test_csv_as_a_european_excel_writes_it(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes("Frame;Pattern \nGefühl;Träne*\nGefühl;Furcht, Angst\n".encode("cp1252"))
    assert pairs(fr.load_codebook(path)) == [("Gefühl", "Träne*"), ("Gefühl", "Furcht, Angst")]


@pytest.mark.parametrize("pattern", ["tax?", "ta[xk]", "war|peace", "war.*", "^war", r"\bwar"])
def test_wildcards_of_other_tools_are_refused(pattern):
    codebook = pd.DataFrame({"frame": ["war"], "pattern": [pattern]})
    with pytest.raises(ValueError, match=r"means nothing here: \* is the only wildcard"):
        fr.check_codebook(codebook)


def test_words_that_pandas_takes_for_missing_are_kept(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("frame,pattern\nnull,null\nnull,NA\nnull,None\n", encoding="utf-8")
    assert pairs(fr.load_codebook(path)) == [("null", "null"), ("null", "NA"), ("null", "None")]


def test_xlsx(tmp_path):
    path = tmp_path / "own.xlsx"
    pd.DataFrame(ROWS, columns=["frame", "pattern"]).to_excel(path, index=False)
    assert pairs(fr.load_codebook(path)) == ROWS


def test_yaml_of_lists(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("war: [troop*, border guard]\npeace:\n  - peace talks\n", encoding="utf-8")
    assert pairs(fr.load_codebook(path)) == ROWS


def test_yaml_with_notes(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text(
        "war:\n  definition: fighting\n  source: Doe 2001\n  patterns: [troop*]\n"
        "definition:\n  - meaning*\n",
        encoding="utf-8",
    )
    codebook = fr.load_codebook(path)
    assert pairs(codebook) == [("war", "troop*"), ("definition", "meaning*")]
    assert codebook["definition"].tolist() == ["fighting", ""]


def test_quanteda_yaml_nests(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text("economy:\n  more:\n  - tax*\n  less:\n  - cut*\n", encoding="utf-8")
    assert pairs(fr.load_codebook(path)) == [("economy.more", "tax*"), ("economy.less", "cut*")]


def test_liwc_dic(tmp_path):
    path = tmp_path / "own.dic"
    path.write_text(
        "%\n1\twar\n2\tpeace\n%\ntroop*\t1\nborder guard\t1\npeace talks\t2\ncalm\t1\t2\n",
        encoding="utf-8",
    )
    assert pairs(fr.load_codebook(path)) == [
        ("war", "troop*"),
        ("war", "border guard"),
        ("war", "calm"),
        ("peace", "peace talks"),
        ("peace", "calm"),
    ]


def test_liwc_dic_with_an_unknown_category(tmp_path):
    path = tmp_path / "own.dic"
    path.write_text("%\n1 war\n%\ntroop*\t7\nsiege\t1\nraid\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"2 words name no category of the head: 'troop\*', 'raid'"
    ):
        fr.load_codebook(path)


def test_unknown_name_and_unknown_format(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no codebook 'nothing': the kit has .*war_peace"):
        fr.load_codebook("nothing")
    (tmp_path / "own.docx").touch()
    with pytest.raises(ValueError, match=r"a codebook is one of \.csv"):
        fr.load_codebook(tmp_path / "own.docx")


def test_one_error_lists_all_problems():
    bad = pd.DataFrame(
        {
            "frame": ["war", "war", "war", "", "peace", "calm"],
            "pattern": ["troops", "TROOPS", "*", "siege", "…", "!storm"],
        }
    )
    with pytest.raises(ValueError) as raised:
        fr.check_codebook(bad)
    assert str(raised.value).split("\n- ") == [
        "5 problems in the codebook:",
        "row 1 (war): 'TROOPS' stands already in row 0",
        "row 2 (war): '*': a lone * would match every token",
        "row 3: 'siege' has no frame",
        "row 4 (peace): '…': no token can ever match it",
        "frame 'calm' is empty: no pattern counts towards it",
    ]


def test_columns_are_checked():
    with pytest.raises(ValueError, match="no column pattern\n- unknown column word"):
        fr.check_codebook(pd.DataFrame({"frame": ["war"], "word": ["troops"]}))


def test_the_table_given_is_the_table_returned():
    codebook = pd.DataFrame(ROWS, columns=["frame", "pattern"])
    before = codebook.copy()
    assert fr.check_codebook(codebook) is codebook
    assert codebook.equals(before)


SHIPPED = {
    "conflict_labels": 9,
    "entman": 4,
    "episodic_thematic": 2,
    "policy_frames": 15,
    "semetko_valkenburg": 5,
    "war_peace": 2,
}


def test_the_kit_has_six_codebooks():
    assert set(fr.list_codebooks()) == set(SHIPPED)


@pytest.mark.parametrize(("name", "n_frames"), SHIPPED.items())
def test_shipped_codebooks_are_documented(name, n_frames):
    codebook = fr.load_codebook(name)
    assert codebook["frame"].nunique() >= n_frames
    documented = ["definition", "indicator", "example", "source"]
    assert codebook[documented].ne("").all(axis=None)
    counted = codebook[~codebook["pattern"].str.startswith("!")].groupby("frame").size()
    assert counted.min() >= (8 if name == "conflict_labels" else 40)
    assert counted.max() <= 120


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_examples_contain_a_pattern_of_their_frame(name):
    codebook = fr.load_codebook(name)
    counting = codebook[~codebook["pattern"].str.startswith("!")]
    examples = counting.drop_duplicates(["frame", "example"])
    articles = pd.DataFrame(
        {"text": examples["example"].to_numpy()}, index=[str(i) for i in range(len(examples))]
    )
    scores = fr.score_frames(articles, codebook, measure="hits")
    rows = zip(scores.index, examples["frame"], examples["example"], strict=True)
    silent = [example for i, frame, example in rows if not scores.loc[i, frame]]
    assert not silent


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_patterns_cancel_something(name):
    """A cancelling phrase in which no other pattern of its frame could hit does nothing."""
    codebook = fr.load_codebook(name)
    cancels = codebook["pattern"].str.startswith("!")
    exact = codebook[cancels & ~codebook["pattern"].str.contains(r"[*~]")]
    ids = [str(i) for i in range(len(exact))]
    articles = pd.DataFrame({"text": exact["pattern"].str.lstrip("!").to_numpy()}, index=ids)
    scores = fr.score_frames(articles, codebook[~cancels], measure="hits")
    rows = zip(ids, exact["frame"], exact["pattern"], strict=True)
    assert [pattern for i, frame, pattern in rows if not scores.loc[i, frame]] == []
