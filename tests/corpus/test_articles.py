import gzip
import json
import zipfile

import pandas as pd
import pytest

from framing.corpus.articles import describe_corpus, read_articles

CSV = "id,newspaper,title,body,published\n7,Herald,War,Troops came.,2031-03-03\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "news.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text, encoding="utf-8")
    return folder


def test_a_csv_with_usual_names_needs_no_mapping(table):
    articles, report = read_articles(table)
    assert articles.index.tolist() == ["7"]
    assert articles.index.name == "doc_id"
    row = articles.loc["7"]
    assert (row["outlet"], row["headline"], row["text"]) == ("Herald", "War", "Troops came.")
    assert row["date"] == pd.Timestamp("2031-03-03")
    assert report.loc[0, ["format", "found", "parsed", "dropped"]].tolist() == ["csv", 1, 1, 0]
    assert report.loc[0, "reason"] == ""


def test_types_are_the_same_whatever_was_read(table, tmp_path):
    (tmp_path / "empty.csv").write_text("id,text\n")
    for path in (table, tmp_path / "empty.csv"):
        articles = read_articles(path).articles
        dtypes = articles[["outlet", "date", "headline", "text"]].dtypes.astype(str).tolist()
        assert dtypes == ["str", "datetime64[us]", "str", "str"]
        assert articles.index.name == "doc_id"


def test_what_was_read_can_be_saved_and_read_again(tmp_path):
    write(
        tmp_path, a_dot_csv="id,outlet,date,title,text,tone\nNA,None,soon,x,War &amp; peace,1.5\n"
    )
    first = read_articles(tmp_path / "a.csv").articles
    first.to_csv(tmp_path / "b.csv")
    again, report = read_articles(tmp_path / "b.csv")
    pd.testing.assert_frame_equal(first, again, check_column_type=False)
    assert report.loc[0, "source_file"] == "b.csv"


def test_words_that_look_missing_stay_words(tmp_path):
    write(tmp_path, a_dot_csv="id,outlet,lang,text\nnull,NA,None,nan\n")
    row = read_articles(tmp_path / "a.csv").articles.reset_index().loc[0]
    assert row[["doc_id", "outlet", "language", "text"]].tolist() == ["null", "NA", "None", "nan"]


def test_rows_without_words_are_dropped_and_counted(tmp_path):
    write(tmp_path, a_dot_csv="id,title,text\n1,War,Began.\n2,Peace,\n3,,  \n4,,\n")
    articles, report = read_articles(tmp_path / "a.csv")
    assert articles.index.tolist() == ["1", "2"]
    counts = report.loc[0, ["found", "parsed", "dropped", "empty", "headline_only"]].tolist()
    assert counts == [4, 2, 2, 3, 1]
    assert report.loc[0, "dropped_rows"] == "3, 4"
    assert report.loc[0, "reason"] == "2 dropped: neither text nor headline"
    assert report.loc[0, ["headline", "text"]].tolist() == [1.0, 0.5]


def test_missing_ids_are_numbered_by_their_place_in_the_file(tmp_path):
    write(tmp_path, a_dot_csv="text\nOne.\n\nTwo.\n", b_dot_csv="title,text\nx,\n,\n,Three.\n")
    assert read_articles(tmp_path).articles.index.tolist() == [
        "a-0001",
        "a-0002",
        "b-0001",
        "b-0003",
    ]


def test_repeated_ids_stay_distinct_and_are_counted(tmp_path):
    write(tmp_path, a_dot_csv="id,text\nx,1st\nx,2nd\nx-2,own\n", b_dot_csv="id,text\nx,3rd\n")
    articles, report = read_articles(tmp_path)
    assert articles["text"].to_dict() == {"x": "1st", "x-3": "2nd", "x-2": "own", "x-4": "3rd"}
    assert report["renamed_ids"].tolist() == [1, 1]


def test_a_dropped_row_does_not_use_up_an_id(tmp_path):
    write(tmp_path, a_dot_csv="id,text\nx,\nx,War.\n")
    articles, report = read_articles(tmp_path)
    assert articles.index.tolist() == ["x"]
    assert report.loc[0, "renamed_ids"] == 0


def test_columns_can_be_named(tmp_path):
    write(tmp_path, a_dot_csv="nr,raw,text\n1,War began.,war begin\n")
    articles, report = read_articles(tmp_path / "a.csv", columns={"text": "raw", "doc_id": "nr"})
    assert articles.loc["1", "text"] == "War began."
    assert articles.loc["1", "file_text"] == "war begin"
    assert report.loc[0, "notes"] == ""


def test_a_named_column_may_be_missing_from_some_files(tmp_path):
    write(tmp_path, a_dot_csv="raw\nWar.\n", b_dot_csv="text\nPeace.\n")
    articles = read_articles(tmp_path, columns={"text": "raw"}).articles
    assert articles["text"].tolist() == ["War.", "Peace."]


def test_a_wrong_column_name_lists_those_found(table):
    with pytest.raises(KeyError, match=r"'bdy', which no file has.*newspaper, title, body"):
        read_articles(table, columns={"text": "bdy"})
    with pytest.raises(KeyError, match=r"'body'.*is no field.*headline, text"):
        read_articles(table, columns={"body": "text"})


def test_a_choice_between_columns_is_said(tmp_path):
    write(tmp_path, a_dot_csv="text,content,title\nfull,cut,War\n")
    articles, report = read_articles(tmp_path / "a.csv")
    assert articles["text"].tolist() == ["full"]
    assert articles["content"].tolist() == ["cut"]
    assert report.loc[0, "notes"] == "text is 'text', not 'content'"


def test_other_columns_are_kept(tmp_path):
    write(tmp_path, a_dot_csv="id,text,tone,zip\n1,War.,-2.5,01307\n")
    row = read_articles(tmp_path / "a.csv").articles.loc["1"]
    assert row["tone"] == -2.5
    assert row["zip"] == "01307"


def test_entities_and_line_ends_are_the_only_changes_to_a_text(tmp_path):
    text = "  Russia&#8217;s &amp;amp; AT&T\r\n\u0065\u0301 &copy2 <b>bold</b>\u00a0"
    (tmp_path / "a.json").write_text(json.dumps([{"text": text}]), encoding="utf-8")
    articles, _ = read_articles(tmp_path / "a.json")
    assert articles["text"].tolist() == ["  Russia’s & AT&T\n\u0065\u0301 &copy2 <b>bold</b>\u00a0"]


def test_a_news_interface_is_flattened_and_its_cut_texts_are_flagged(tmp_path):
    one = {
        "source": {"id": None, "name": "Herald"},
        "title": "War",
        "publishedAt": "2031-03-03T22:00:00Z",
        "content": "War began… [+1234 chars]",
    }
    (tmp_path / "a.json").write_text(json.dumps({"status": "ok", "articles": [one]}))
    articles, report = read_articles(tmp_path / "a.json")
    assert articles[["outlet", "headline"]].values.tolist() == [["Herald", "War"]]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03")]
    assert articles["truncated"].tolist() == [True]
    assert report.loc[0, "reason"] == "1 text cut short; see truncated"


def test_a_text_file_is_an_article(tmp_path):
    write(tmp_path, **{"herald_2031-03-03_001_dot_txt": "War.", "notes_dot_txt": "Peace."})
    articles = read_articles(tmp_path).articles
    assert articles.index.tolist() == ["herald_2031-03-03_001", "notes"]
    assert articles["outlet"].fillna("").tolist() == ["herald", ""]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03"), pd.NaT]
    assert articles["headline"].isna().all()


def test_a_folder_is_read_in_sorted_order_without_litter(tmp_path):
    (tmp_path / "b" / "deep").mkdir(parents=True)
    write(tmp_path, z_dot_txt="last")
    write(tmp_path / "b" / "deep", a_dot_txt="first")
    write(tmp_path, _dot_DS_Store="x", **{"~$news_dot_xlsx": "x"})
    articles, report = read_articles(tmp_path)
    assert articles["source_file"].tolist() == ["b/deep/a.txt", "z.txt"]
    assert len(report) == 2


def test_a_list_of_files_keeps_its_order(tmp_path):
    write(tmp_path, b_dot_txt="2", a_dot_txt="1")
    paths = [tmp_path / "b.txt", str(tmp_path / "a.txt")]
    assert read_articles(paths).articles.index.tolist() == ["b", "a"]


def test_a_zip_is_read_without_touching_the_disk(tmp_path):
    path = tmp_path / "news.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.txt", "Outside?")
        archive.writestr("in/news.csv", CSV)
        archive.writestr("__MACOSX/._news.csv", "litter")
    before = sorted(tmp_path.parent.rglob("*"))
    articles, report = read_articles(path)
    assert report["source_file"].tolist() == ["news.zip/../../evil.txt", "news.zip/in/news.csv"]
    assert articles.index.tolist() == ["evil", "7"]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_gzipped_table_is_read(tmp_path):
    (tmp_path / "news.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    articles, report = read_articles(tmp_path / "news.csv.gz")
    assert articles.index.tolist() == ["7"]
    assert report.loc[0, "format"] == "csv"


def test_a_wrong_path_is_an_error_that_helps(table, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"Did you mean .*news\.csv"):
        read_articles(tmp_path / "new.csv")
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read_articles(tmp_path / "nowhere" / "x.csv")
    (tmp_path / "bare").mkdir()
    with pytest.raises(FileNotFoundError, match="holds no files"):
        read_articles(tmp_path / "bare")
    with pytest.raises(FileNotFoundError, match="is empty"):
        read_articles([])


def test_many_files_show_progress(tmp_path, capsys):
    write(tmp_path, **{f"a{i}_dot_txt": "War." for i in range(21)})
    assert len(read_articles(tmp_path).articles) == 21
    assert "21/21" in capsys.readouterr().err


def test_few_files_show_none(table, capsys):
    read_articles(table)
    assert capsys.readouterr().err == ""


def test_describe_counts_by_outlet(tiny):
    tiny.loc["a1", "date"] = pd.NaT
    tiny.loc["a4", "text"] = None
    table = describe_corpus(tiny)
    herald = table.loc["Herald"]
    assert herald[["n_articles", "n_undated", "n_empty", "n_headlines"]].tolist() == [3, 1, 0, 3]
    assert herald["first"] == pd.Timestamp("2031-03-04")
    assert (herald["n_words"], herald["median_words"]) == (7 + 7 + 8, 7)  # counted by hand
    assert table.loc["Star", "n_empty"] == 1


def test_describe_by_a_period_keeps_the_undated(tiny):
    tiny.loc["a1", "date"] = pd.NaT
    table = describe_corpus(tiny, by=["outlet", "week"])
    assert table.index.names == ["outlet", "week"]
    assert table["n_articles"].sum() == 6
    assert table.index.get_level_values("week").isna().sum() == 1
