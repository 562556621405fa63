"""Intrusion tests: what is asked, what stays hidden, what comes back, and what it means."""

from collections import Counter
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from framing.measures.topics.fit import Topics
from framing.validity.intrusion.answers import exact_interval, read_intrusion, score_intrusion
from framing.validity.intrusion.sheets import answer_in_notebook, write_intrusion
from framing.validity.intrusion.tasks import label_intrusion, topic_intrusion, word_intrusion


@pytest.fixture
def topics():
    """Three topics of ten words each; thirty articles, ten of each topic."""
    names = [f"topic_{i}" for i in (1, 2, 3)]
    terms = [f"{letter}{i}" for letter in "abc" for i in range(10)]
    words = np.full((3, 30), 0.001)
    for k in range(3):
        words[k, 10 * k : 10 * k + 10] = np.linspace(0.12, 0.08, 10)
    words /= words.sum(axis=1, keepdims=True)
    index = pd.Index([f"d{i:02}" for i in range(30)], name="doc_id")
    shares = pd.DataFrame(np.kron(np.eye(3), np.ones((10, 1))) * 0.7 + 0.1, index, names)
    table = pd.DataFrame(words, names, pd.Index(terms, name="term"))
    return Topics(None, table, shares, None, pd.DataFrame(), 30)


@pytest.fixture
def articles(topics):
    texts = [f"=Text <b>{i}</b> " + "word " * 150 for i in range(30)]
    return pd.DataFrame({"headline": "Head", "text": texts}, index=topics.shares.index)


def answers_of(key, right, coder="Ann"):
    """Right answers where told, else another option."""
    wrong = key["right"] % key["n_options"] + 1
    chosen = key["right"].where(np.broadcast_to(right, len(key)), wrong)
    return pd.DataFrame({"item": key["item"], "coder": coder, "answer": chosen})


def words_of(item):
    return [text for name, text in item.items() if name.startswith("option_")]


def key_of(topics, n):
    """The key of n tasks on each topic, each numbered once."""
    keys = [word_intrusion(topics, random_state=seed).key for seed in range(n)]
    return pd.concat([k.assign(item=k["item"] + f"/{n}") for n, k in enumerate(keys)])


def test_a_word_task_shows_five_of_a_topic_and_one_of_another(topics):
    test = word_intrusion(topics, random_state=1)
    assert len(test.items) == 3
    letter = {"topic_1": "a", "topic_2": "b", "topic_3": "c"}
    for item, key in zip(test.items.itertuples(), test.key.itertuples(), strict=True):
        options = [getattr(item, f"option_{i}") for i in range(1, 7)]
        own = letter[key.topic]
        assert sorted(word for word in options if word[0] == own) == [f"{own}{i}" for i in range(5)]
        assert options[key.right - 1] == key.intruder
        assert key.intruder[0] != own


def test_the_place_of_the_intruder_gives_nothing_away(topics):
    key = key_of(topics, 120)
    right = key["right"]
    assert right.value_counts(normalize=True).between(0.12, 0.22).all()
    first = key["topic"][::3]
    assert first.value_counts(normalize=True).between(0.2, 0.47).all()


def test_no_task_gives_away_another(topics):
    """Who sees the same words twice would know the intruder by what has changed."""
    test = word_intrusion(topics, n_words=3, repeats=3, random_state=1)
    for topic, key in test.key.groupby("topic"):
        items = test.items[test.items["item"].isin(key["item"])]
        shown = [word for _, item in items.iterrows() for word in words_of(item)]
        assert len(shown) == len(set(shown)) == 12
        assert key["intruder"].nunique() == 3
        own = sorted(set(shown) - set(key["intruder"]))
        assert own == [f"{'abc'[int(topic[-1]) - 1]}{i}" for i in range(9)]


def test_an_article_with_no_smaller_topic_is_not_asked_about(topics, articles):
    shares = topics.shares.copy()
    shares.iloc[:12] = [1.0, 0.0, 0.0]  # which of the two others is the smaller cannot be told
    topics = topics.__class__(None, topics.term_probabilities, shares, None, pd.DataFrame(), 30)
    with pytest.raises(ValueError, match="n=1, and there are 0 articles"):
        topic_intrusion(topics, articles, n=1, n_topics=2)
    shares.iloc[12:20] = [0.6, 0.3, 0.1]
    shares.iloc[20:] = [0.4, 0.31, 0.29]
    test = topic_intrusion(topics, articles, n=8, n_topics=2)
    assert set(test.key["doc_id"]) == set(shares.index[12:20])
    assert test.key["intruder"].str.startswith("c").all()
    with pytest.raises(ValueError, match="there are 1 articles"):
        topic_intrusion(topics, articles.assign(story="s1"), n=8, n_topics=2)


def test_the_tasks_do_not_hold_the_key(topics, articles):
    for test in (word_intrusion(topics), topic_intrusion(topics, articles, n=5, n_topics=1)):
        assert not {"topic", "right", "intruder", "doc_id"} & set(test.items.columns)


def test_the_same_seed_makes_the_same_test(topics):
    one, two = (word_intrusion(topics, random_state=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.items, two.items)
    assert not one.items.equals(word_intrusion(topics, random_state=4).items)


def test_a_topic_task_offers_the_largest_topics_and_a_small_one(topics, articles):
    test = topic_intrusion(topics, articles, n=10, n_topics=1, n_words=3, random_state=2)
    for key in test.key.itertuples():
        assert topics.shares.loc[key.doc_id].idxmax() == key.topic
        assert key.intruder.split(", ")[0][0] != "abc"[int(key.topic[-1]) - 1]
    assert test.items["text"].str.endswith("…").all()
    assert test.items["text"].str.startswith("Head\n\n=Text").all()


def test_label_tasks_show_what_the_paper_reports(topics, articles):
    labels = pd.DataFrame({"topic": topics.shares.columns, "label": ["War", "Oil", None]})
    test = label_intrusion(topics.shares, articles, labels, n=20, n_labels=1)
    assert set(test.items["option_1"]) == {"War", "Oil"}
    with pytest.raises(ValueError, match=r"1 labels stand for several topics \(War\)"):
        label_intrusion(topics.shares, articles, labels.assign(label="War"))


def test_impossible_tests(topics, articles):
    with pytest.raises(ValueError, match="3 topics cannot fill 4 options") as problem:
        topic_intrusion(topics, articles.iloc[:20], n=31)
    assert "n=31, and there are 30 articles" in str(problem.value)
    assert "10 of 30 doc_id are not in `articles` (d20, d21, d22, …)" in str(problem.value)
    same = topics.term_probabilities.iloc[[0, 0]].set_axis(["one", "two"])
    with pytest.raises(ValueError, match="No word is likely in another topic"):
        word_intrusion(Topics(None, same, topics.shares, None, pd.DataFrame(), 30))
    with pytest.raises(ValueError, match=r"4 tasks of 5 words need 20 words .* half .* has 15"):
        word_intrusion(topics, repeats=4)


def test_options_that_no_one_could_tell_apart(topics, articles):
    names = list(topics.shares.columns)
    labels = pd.DataFrame({"topic": names, "label": ["War", " war", ""]})
    with pytest.raises(ValueError, match="1 labels stand for several topics"):
        label_intrusion(topics.shares, articles, labels, n=1, n_labels=1)
    with pytest.raises(ValueError, match=r"1 topics have two labels \(topic_1\)"):
        label_intrusion(
            topics.shares, articles, labels.assign(topic=names[:2] + names[:1], label=list("abc"))
        )
    with pytest.raises(ValueError, match="no column label"):
        label_intrusion(topics.shares, articles, labels.drop(columns="label"))
    labels["label"] = ["War", "Oil", " "]
    test = label_intrusion(topics.shares, articles, labels, n=20, n_labels=1)
    assert set(test.items.filter(like="option_").to_numpy().ravel()) == {"War", "Oil"}
    words = topics.term_probabilities.copy()
    words.loc["topic_2", "a0"] = 1
    twins = Topics(None, words, topics.shares, None, pd.DataFrame(), 30)
    with pytest.raises(ValueError, match=r"would be shown as 'a0', .* n_words=1"):
        topic_intrusion(twins, articles, n=1, n_topics=1, n_words=1)
    for wrong in ({"n": 2.0}, {"n_topics": 0}, {"n_words": 0.5}, {"random_state": None}):
        said = "{}={}: give a whole number, [01] or more".format(*next(iter(wrong.items())))
        with pytest.raises(ValueError, match=said):
            topic_intrusion(topics, articles, **{"n": 1, **wrong})
    with pytest.raises(ValueError, match="n_labels=0: give a whole number, 1 or more"):
        label_intrusion(topics.shares, articles, labels, n=1, n_labels=0)
    with pytest.raises(ValueError, match=r"repeats=2\.0: give a whole number, 1 or more"):
        word_intrusion(topics, repeats=2.0)


def test_a_look_at_a_test_does_not_show_its_key(topics):
    test = word_intrusion(topics)
    assert repr(test) == "IntrusionTest(3 tasks in .items, their answers in .key)"


def test_texts_of_a_language_without_spaces_are_cut_too(topics, articles):
    long = articles.assign(text="\u4e2d" * 40_000)
    shown = topic_intrusion(topics, long, n=1, n_topics=1).items["text"].iloc[0]
    assert len(shown) < 1600 and shown.endswith(" …")


def test_sheets_are_blind_safe_and_come_back(topics, articles, tmp_path):
    test = topic_intrusion(topics, articles, n=6, n_topics=1, n_words=2)
    *sheets, key_path = write_intrusion(test, tmp_path, coders=["Ann", "Ben"])
    for path in sheets:
        book = openpyxl.load_workbook(path)
        cells = {str(cell.value) for sheet in book for row in sheet for cell in row}
        assert not cells & set(test.key["topic"])
        sheet = book["tasks"]
        assert not any(cell.data_type == "f" for row in sheet for cell in row)
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, sheet.max_column).value = 2
        book.save(path)
    answers, problems = read_intrusion(sheets, items=test.items)
    assert problems.empty
    assert (
        answers.groupby("coder")["answer"].agg(["size", "min", "max"]).values.tolist()
        == [[6, 2, 2]] * 2
    )
    pd.testing.assert_series_equal(pd.read_csv(key_path)["right"], test.key["right"])
    with pytest.raises(FileExistsError, match="may hold answers"):
        write_intrusion(test, tmp_path, coders=["Ann"])


def test_names_and_texts_that_no_file_can_hold(topics, articles, tmp_path):
    odd = articles.assign(headline="a\x08b", text="=cmd|' /C calc'!A0 \x0b" + articles["text"])
    test = topic_intrusion(topics, odd, n=3, n_topics=1)
    written = write_intrusion(test, tmp_path / "new", coders=["../Ann:1", "=Ben"])
    assert {path.parent for path in written} == {tmp_path / "new"}
    book = openpyxl.load_workbook(written[0])
    assert book.properties.title is None and book.properties.description is None
    assert all(sheet.sheet_state == "visible" for sheet in book)
    for path in written[:2]:
        book = openpyxl.load_workbook(path)
        for row in range(2, 5):
            book["tasks"].cell(row, book["tasks"].max_column).value = 1.0
        book.save(path)
    answers, problems = read_intrusion(written[:2], items=test.items)
    assert problems.empty and set(answers["coder"]) == {"../Ann:1", "=Ben"}
    with pytest.raises(TypeError, match="give a list of names"):
        write_intrusion(test, tmp_path / "one", coders="Ann")
    with pytest.raises(ValueError, match="Two files would bear one name"):
        write_intrusion(test, tmp_path / "one", coders=["Ann", "ann"])


def test_sheets_come_back_half_filled_sorted_otherwise_and_twice(topics, tmp_path):
    test = word_intrusion(topics)
    *sheets, _ = write_intrusion(test, tmp_path, coders=["Ann"])
    half, whole, again = (tmp_path / f"{name}.xlsx" for name in ("half", "whole", "again"))
    for path, rows in ((half, [2]), (whole, [2, 3, 4])):
        book = openpyxl.load_workbook(sheets[0])
        for row in rows:
            book["tasks"].cell(row, book["tasks"].max_column).value = row - 1
        book.save(path)
    table = pd.read_excel(whole, sheet_name="tasks").iloc[::-1]
    table.assign(answer=table["answer"].astype(float)).to_excel(
        again, sheet_name="tasks", index=False
    )
    answers, problems = read_intrusion([half, whole, again], items=test.items)
    assert problems.empty
    assert answers.set_index("item")["answer"].to_dict() == dict(
        zip(test.items["item"], [1, 2, 3], strict=True)
    )
    alone = read_intrusion(half, items=test.items)
    assert alone.problems["problem"].tolist() == ["not answered"] * 2
    semicolons = tmp_path / "excel.csv"
    semicolons.write_bytes("\ufeffitem;coder;answer\r\nword-001;Ann;2\r\n".encode())
    assert read_intrusion([semicolons]).answers["answer"].tolist() == [2]
    with pytest.raises(ValueError, match="no file to read"):
        read_intrusion([])


def test_answers_that_cannot_be_used_are_listed(topics, tmp_path):
    items = word_intrusion(topics).items
    rows = ["word-001,Ann,2", "word-001,Ann,3", "word-002,Ann,", "word-003,Ann,9", "x,Ann,1"]
    (tmp_path / "ann.csv").write_text("item,coder,answer\n" + "\n".join(rows))
    (tmp_path / "ben.csv").write_text("item,coder,answer\nword-001,Ben,2\nword-001,Ben,2\n")
    answers, problems = read_intrusion([tmp_path / "ann.csv", tmp_path / "ben.csv"], items=items)
    assert answers.to_dict("records") == [{"item": "word-001", "coder": "Ben", "answer": 2}]
    assert problems["problem"].tolist() == [
        *["answered twice, differently"] * 2,
        "not answered",
        "no number of an option",
        "unknown task",
    ]
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no column item, coder, answer"):
        read_intrusion([tmp_path / "other.csv"])


def test_precision_interval_and_chance_by_hand(topics):
    """8 of 10 right: Clopper and Pearson (1934) give .4439 to .9748; guessing one of six."""
    key = key_of(topics, 4).iloc[:10]
    found = score_intrusion(answers_of(key, np.arange(10) < 8), key).iloc[0]
    assert (found["n"], found["n_right"], found["precision"]) == (10, 8, 0.8)
    assert found[["low", "high"]].tolist() == pytest.approx([0.4439, 0.9748], abs=5e-5)
    by_hand = 45 * 5**2 / 6**10 + 10 * 5 / 6**10 + 1 / 6**10
    assert found["p"] == pytest.approx(by_hand)
    assert np.isnan(found["alpha"])


def test_guessing_is_found_to_be_guessing(topics):
    """Of 200 tests by guessing, no more than a twentieth beat chance, give or take luck."""
    rng = np.random.default_rng(0)
    key = key_of(topics, 10)
    beats = 0
    for _ in range(60):
        guess = answers_of(key, True).assign(answer=rng.integers(1, 7, len(key)))
        beats += score_intrusion(guess, key)["p"].iloc[0] < 0.05
    assert beats <= 8


def test_several_coders_agree_and_share_tasks(topics):
    key = key_of(topics, 10)
    right = np.arange(30) % 3 > 0
    alike = pd.concat([answers_of(key, right, coder) for coder in ("Ann", "Ben", "Cy")])
    found = score_intrusion(alike, key)
    everyone = found.iloc[0]
    assert everyone[["alpha", "alpha_low", "alpha_high"]].tolist() == pytest.approx([1, 1, 1])
    assert everyone["n"] == 90
    low, high = exact_interval(20 / 30, 30, 0.95)
    assert everyone[["low", "high"]].tolist() == pytest.approx([low, high], abs=0.02)
    assert set(found["coder"]) == {"all", "Ann", "Ben", "Cy"}
    assert set(found["topic"]) == {"all", *topics.shares.columns}


def test_answers_to_another_test_are_refused(topics):
    key = word_intrusion(topics).key
    answers = pd.concat([answers_of(key, True), answers_of(key, True)])
    with pytest.raises(ValueError, match="have two answers"):
        score_intrusion(answers, key)
    with pytest.raises(ValueError, match="are not in the key"):
        score_intrusion(answers_of(key, True).assign(item="z"), key)
    with pytest.raises(ValueError, match="answer that is no option"):
        score_intrusion(answers_of(key, True).assign(answer=7), key)
    with pytest.raises(ValueError, match="in the key twice"):
        score_intrusion(answers_of(key, True), pd.concat([key, key]))
    with pytest.raises(ValueError, match=r"`key` has no column topic, right, n_options"):
        score_intrusion(answers_of(key, True), word_intrusion(topics).items)
    with pytest.raises(ValueError, match=r"`answers` has no column coder"):
        score_intrusion(answers_of(key, True).drop(columns="coder"), key)
    with pytest.raises(ValueError, match="3 answered tasks have no coder"):
        score_intrusion(answers_of(key, True, None), key)
    with pytest.raises(ValueError, match="A coder is called 'all'"):
        score_intrusion(answers_of(key, True, "all"), key)


def test_answers_read_as_text_are_numbers(topics):
    key = word_intrusion(topics).key
    answers = answers_of(key, True)
    found = score_intrusion(answers.astype({"answer": "str"}), key.astype({"right": "str"}))
    assert found["precision"].iloc[0] == 1


def told(widget):
    return widget.children[0].children[1].value


def test_a_slip_can_be_taken_back_and_other_answers_stay(topics, articles, tmp_path):
    words, path = word_intrusion(topics).items, tmp_path / "all.csv"
    widget = answer_in_notebook(words, path, coder=" =Ann ")
    back = widget.children[0].children[0]
    assert back.disabled
    for option in (0, 1):
        widget.children[-1].children[option].click()
    task = widget.children[1].value
    back.click()
    assert told(widget) == "1 of 3 answered"
    assert read_intrusion([path]).answers["answer"].tolist() == [1]
    widget.children[-1].children[2].click()
    assert widget.children[1].value == task
    texts = topic_intrusion(topics, articles, n=2, n_topics=1).items
    answer_in_notebook(texts, path, coder="=Ann").children[-1].children[0].click()
    answers, problems = read_intrusion([path])
    assert problems.empty and set(answers["coder"]) == {"=Ann"}
    assert sorted(answers["item"]) == ["topic-001", *sorted(words["item"][:2])]
    assert "'=Ann" in path.read_text(encoding="utf-8")


def test_the_widget_saves_resumes_and_escapes(topics, articles, tmp_path):
    items = topic_intrusion(topics, articles, n=3, n_topics=1).items
    path = tmp_path / "ann.csv"
    widget = answer_in_notebook(items, path, coder="Ann")
    assert "<b>" not in widget.children[1].value.partition("<p>")[0]
    widget.children[-1].children[0].click()
    assert told(widget) == "1 of 3 answered"
    again = answer_in_notebook(items, path, coder="Ann")
    assert told(again) == "1 of 3 answered"
    for _ in range(2):
        again.children[-1].children[1].click()
    assert "Done" in again.children[1].value
    assert again.children[-1].children == ()
    other = answer_in_notebook(items, path, coder="Ben")
    assert told(other) == "0 of 3 answered"
    other.children[-1].children[0].click()
    saved = read_intrusion([path], items=items).answers
    assert saved["coder"].value_counts().to_dict() == {"Ann": 3, "Ben": 1}


def test_no_answers_are_told():
    key = pd.DataFrame({"item": ["w1"], "task": "word", "topic": "a", "right": [1], "n_options": 6})
    nothing = pd.DataFrame({"item": ["w1"], "coder": "ann", "answer": 1})[:0]
    with pytest.raises(ValueError, match="no answers to score"):
        score_intrusion(nothing, key)


def guess_by(items, key, pick):
    """Share right of who chooses, of the options of a task, those that `pick` likes best."""
    options = items.filter(like="option_").to_numpy()
    seen = Counter(options.ravel())
    right = []
    for shown, intruder in zip(options, key["intruder"], strict=True):
        often = np.array([pick * seen[one] for one in shown])
        best = often == often.max()
        right.append(best[list(shown).index(intruder)] / best.sum())
    return np.mean(right)


@pytest.fixture
def mixed():
    """Ten topics with common words in common; three hundred articles of a few topics each."""
    rng = np.random.default_rng(0)
    words = rng.dirichlet(np.full(10, 0.1), 400).T * (1 / np.arange(1, 401))
    terms = pd.Index([f"w{i:03}" for i in rng.permutation(400)], name="term")
    names = [f"topic_{i:02}" for i in range(1, 11)]
    shares = rng.dirichlet(np.linspace(0.2, 0.8, 10), 300)
    index = pd.Index([f"d{i:03}" for i in range(300)], name="doc_id")
    table = pd.DataFrame(words / words.sum(axis=1, keepdims=True), names, terms)
    return Topics(None, table, pd.DataFrame(shares, index, names), None, pd.DataFrame(), 300)


@pytest.mark.parametrize("repeats", [1, 2])
def test_how_often_a_word_is_seen_in_other_tasks_gives_no_intruder_away(topics, mixed, repeats):
    for model, n_words in ((topics, 5 // repeats), (mixed, 5)):
        sizes = {"n_words": n_words, "repeats": repeats}
        tests = [word_intrusion(model, **sizes, random_state=seed) for seed in range(20)]
        for pick in (1, -1):  # chance: one of the words shown
            guessed = np.mean([guess_by(test.items, test.key, pick) for test in tests])
            assert guessed < 1.2 / (n_words + 1)


def test_nor_does_how_often_a_topic_is_seen(mixed):
    articles = pd.DataFrame({"text": "Text."}, index=mixed.shares.index)
    for pick in (1, -1):
        tests = [topic_intrusion(mixed, articles, n=30, random_state=seed) for seed in range(10)]
        assert np.mean([guess_by(test.items, test.key, pick) for test in tests]) < 0.31  # of 1 / 4


def test_tests_of_one_seed_do_not_share_their_answers(mixed):
    articles = pd.DataFrame({"text": "Text."}, index=mixed.shares.index)
    labels = pd.DataFrame({"topic": mixed.shares.columns, "label": list("ABCDEFGHIJ")})
    of_topics = topic_intrusion(mixed, articles).key
    of_labels = label_intrusion(mixed.shares, articles, labels).key
    assert len(set(of_topics["doc_id"]) & set(of_labels["doc_id"])) < 10
    assert of_topics["right"].ne(of_labels["right"]).any()
    words = mixed.term_probabilities.rename(columns=str.upper)
    other = Topics(None, words, mixed.shares, None, pd.DataFrame(), 300)
    assert topic_intrusion(other, articles).key["right"].ne(of_topics["right"]).any()


def test_topics_that_an_article_lacks_alike_intrude_alike(mixed):
    """Factorisation leaves exact zeros, whose order is only that of the columns."""
    shares = mixed.shares.where(mixed.shares.rank(axis=1) > 7, 0)
    articles = pd.DataFrame({"text": "Text."}, index=shares.index)
    labels = pd.DataFrame({"topic": shares.columns, "label": list("ABCDEFGHIJ")})
    test = label_intrusion(shares, articles, labels, n=200, n_labels=2)
    assert test.key["intruder"].isin(list("ABCDE")).sum() > 40


def test_words_that_a_topic_lacks_alike_intrude_alike():
    terms = pd.Index([f"w{i:02}" for i in range(40)], name="term")
    words = np.zeros((2, 40))
    words[0, :5] = words[1, 5:15] = 0.1  # 35 words of the first topic have no probability
    topics = Topics(None, pd.DataFrame(words, ["a", "b"], terms), None, None, pd.DataFrame(), 1)
    words[1, 20:25] = 1e-3
    tests = [word_intrusion(topics, random_state=seed).key for seed in range(40)]
    intruders = pd.concat(tests).query("topic == 'a'")["intruder"]
    assert set(intruders) == {f"w{i:02}" for i in range(10, 15)}  # which no other task shows


def test_coders_who_share_a_wrong_cue_do_not_beat_chance():
    rng = np.random.default_rng(0)
    key = pd.DataFrame({"item": [f"w{i}" for i in range(12)], "task": "word", "topic": "t"})
    key = key.assign(right=1, n_options=6)
    p = []
    for _ in range(200):
        cue = answers_of(key, True).assign(answer=rng.integers(1, 7, 12))
        found = score_intrusion(pd.concat([cue, cue.assign(coder="Ben")]), key)
        assert found["p"].iloc[0] == pytest.approx(found["p"].iloc[-1])  # no more than one of them
        p.append(found["p"].iloc[0])
    assert np.mean(np.array(p) < 0.05) <= 0.05
    single = pd.DataFrame({"item": "w0", "coder": list("abcd"), "answer": [1, 1, 1, 2]})
    assert score_intrusion(single, key)["p"].iloc[0] == pytest.approx(1 / 6)


def test_coders_who_answer_other_tasks_count_by_how_far_they_overlap():
    """One task by ten coders and nine by one: 19 answers, worth 19² / (10² + 9) if copied."""
    key = pd.DataFrame({"item": [f"w{i}" for i in range(10)], "task": "word", "topic": "t"})
    key = key.assign(right=1, n_options=6)
    many = pd.DataFrame({"item": "w0", "coder": [f"c{i}" for i in range(10)], "answer": 1})
    found = score_intrusion(pd.concat([many, answers_of(key[1:], True)]), key).iloc[0]
    assert found["n"] == 19 and found["interval"].endswith("clustered by task")
    assert found["low"] == pytest.approx(exact_interval(1, 19**2 / 109, 0.95)[0])


def test_answers_are_understood_as_people_write_them(topics, tmp_path):
    items = word_intrusion(topics).items.assign(option_4="2014", option_5="=Oil", option_6="oil")
    given = {
        **dict.fromkeys([" 2 ", "2.", "2.0", "02", "2)", "OPTION 2", "option_2", "\uff12"], 2),
        **{items["option_1"][0].upper(): 1, " " + items["option_3"][0]: 3, "2014": 4, "'=OIL": 5},
    }
    for answer, number in given.items():
        table = pd.DataFrame({"item": ["word-001"], "coder": "Ann", "answer": [answer]})
        table.to_csv(tmp_path / "ann.csv", index=False)
        found, problems = read_intrusion(tmp_path / "ann.csv", items=items)
        assert found["answer"].tolist() == [number] and problems.empty, answer
    for answer in ("7", "0", "-2", "2,5", "no idea", "1 or 2", "nan"):
        pd.DataFrame({"item": ["word-001"], "coder": "Ann", "answer": [answer]}).to_csv(
            tmp_path / "ann.csv", index=False
        )
        found, problems = read_intrusion(tmp_path / "ann.csv", items=items)
        assert found.empty and problems["problem"].tolist() == ["no number of an option"], answer


def test_numbers_are_those_of_the_options_of_their_task(topics, articles, tmp_path):
    items = pd.concat(
        [word_intrusion(topics).items, topic_intrusion(topics, articles, n=1, n_topics=1).items]
    )
    (tmp_path / "a.csv").write_text("item,coder,answer\nword-001,Ann,6\ntopic-001,Ann,6\n")
    found, problems = read_intrusion(tmp_path / "a.csv", items=items)
    assert found["item"].tolist() == ["word-001"] and problems["item"].tolist() == ["topic-001"]


def test_files_as_spreadsheets_save_them(tmp_path):
    western, tabs, book = (tmp_path / name for name in ("a.csv", "b.txt", "c.xlsx"))
    western.write_bytes("item;coder;answer\r\nword-001;Jörg;2\r\n;;\r\n".encode("cp1252"))
    tabs.write_bytes("item\tcoder\tanswer\r\nword-001\tÅsa\t3\r\n".encode("utf-16"))
    table = pd.DataFrame({"item": ["word-001", "", "word-002"], "coder": ["Li", "Li", ""]})
    table.assign(answer=[1.0, np.nan, 2]).to_excel(book, index=False)
    answers, problems = read_intrusion([western, tabs, book])
    assert answers[["coder", "answer"]].to_numpy().tolist() == [["Jörg", 2], ["Åsa", 3], ["Li", 1]]
    assert problems[["item", "problem"]].to_numpy().tolist() == [["word-002", "no coder"]]
    (tmp_path / "d.ods").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    with pytest.raises(ValueError, match=r"d\.ods: .*Save it as \.xlsx or \.csv"):
        read_intrusion(tmp_path / "d.ods")


def test_the_same_call_writes_the_same_bytes(topics, tmp_path):
    test = word_intrusion(topics)
    sheet, *_ = one = write_intrusion(test, tmp_path / "one")
    two = write_intrusion(test, tmp_path / "two")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    about = openpyxl.load_workbook(sheet).properties
    assert (about.creator, about.created, about.modified) == (
        "framing",
        *[datetime(1980, 1, 1)] * 2,
    )


def test_two_open_widgets_do_not_lose_each_others_answers(topics, articles, tmp_path):
    path = tmp_path / "new" / "me.csv"
    words, texts = word_intrusion(topics).items, topic_intrusion(topics, articles, n=2, n_topics=1)
    first = answer_in_notebook(words, path, coder="me")
    second = answer_in_notebook(texts.items, path, coder="me")
    for widget in (first, second, first):
        widget.children[-1].children[0].click()
    assert sorted(read_intrusion(path).answers["item"]) == ["topic-001", "word-001", "word-002"]
    stale = answer_in_notebook(words, path, coder="me")
    first.children[-1].children[0].click()
    stale.children[-1].children[1].click()  # the task that it shows, answered meanwhile
    answers = read_intrusion(path).answers.set_index("item")["answer"]
    assert answers.to_dict() == {"topic-001": 1, "word-001": 1, "word-002": 1, "word-003": 2}
    with pytest.raises(ValueError, match=r"must end in \.csv"):
        answer_in_notebook(words, tmp_path / "me.xlsx", coder="me")


def test_an_answer_that_cannot_be_saved_is_said_and_asked_again(topics, tmp_path):
    path = tmp_path / "me.csv"
    widget = answer_in_notebook(word_intrusion(topics).items, path, coder="me")
    widget.children[-1].children[0].click()
    path.write_text("a,b\n1,2\n")  # somebody wrote over it
    shown = widget.children[1].value
    widget.children[-1].children[0].click()
    assert "Not saved" in told(widget) and "no column item" in told(widget)
    assert widget.children[1].value == shown and path.read_text() == "a,b\n1,2\n"
    path.unlink()
    widget.children[-1].children[3].click()
    assert read_intrusion(path).answers["answer"].tolist() == [1, 4]


def test_answers_of_a_shifted_row_are_not_lost(tmp_path):
    path = tmp_path / "ann.csv"
    path.write_text("item,coder,answer\nw1,Ann,2\nw2,Ann,2,5\nw3,Ann,1\n")
    with pytest.raises(ValueError, match=r"ann\.csv has 1 rows with more cells .* \(row 3\)"):
        read_intrusion(path)
