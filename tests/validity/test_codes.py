"""Codes: everything wrong is listed, nothing is guessed."""

import warnings

import numpy as np
import pandas as pd
import pytest

from framing.validity.codes import (
    adjudicate,
    check_codes,
    codes_as_sets,
    disagreements,
    scores_as_codes,
)


def codes_of(*rows):
    """Codes from "unit coder value" of the frame war."""
    cells = [row.split() for row in rows]
    table = pd.DataFrame(cells, columns=["unit", "coder", "value"]).assign(frame="war")
    return table.assign(value=pd.to_numeric(table["value"].replace("-", None)))


# --- check_codes ----------------------------------------------------------------------------


def test_names_become_text_and_truth_becomes_numbers():
    codes = pd.DataFrame(
        {"unit": [7.0, 8.0], "coder": [1, 2], "frame": "war", "value": [True, False]}
    )
    checked = check_codes(codes)
    assert checked["unit"].tolist() == ["7", "8"]
    assert checked["coder"].tolist() == ["1", "2"]
    assert checked["value"].tolist() == [1, 0] and checked["value"].dtype == "int64"
    assert codes["value"].dtype == bool, "the caller's table stays as it is"


@pytest.mark.parametrize(
    "value",
    [
        pd.array([1, None], dtype="Int64"),
        pd.array([True, None], dtype="boolean"),
        [1, None],
        [True, np.nan],
        pd.Categorical([1, None]),
    ],
)
def test_missing_codes_are_nan_whatever_the_column(value):
    codes = pd.DataFrame({"unit": ["a", "b"], "coder": "ann", "frame": "war", "value": value})
    found = check_codes(codes)["value"]
    assert found.isna().tolist() == [False, True]
    assert found.iloc[0] == 1


def test_every_problem_is_listed_at_once():
    codes = codes_of("a ann 1", "a ann 0", "a ann 0", "b ben 1")
    codes.loc[3, "coder"] = None
    with pytest.raises(ValueError) as error:
        check_codes(codes)
    message = str(error.value)
    assert "1 of 4 rows have no coder (row 3)" in message
    assert "3 of 4 judgements are of a unit, coder and frame" in message
    assert "for 1 of 1 the values differ" in message


def test_repeats_that_agree_are_not_called_contradictions():
    with pytest.raises(ValueError, match="for 0 of 1 the values differ"):
        check_codes(codes_of("a ann 1", "a ann 1"))


def test_a_repeat_without_a_value_is_no_repeat():
    codes = codes_of("a ann 1", "a ann -")
    assert len(check_codes(codes)) == 2


@pytest.mark.parametrize("values", [[1, "1"], ["yes", 1.0], [True, "true"], [{"a"}, "a"]])
def test_mixed_kinds_are_refused(values):
    codes = pd.DataFrame({"unit": ["a", "b"], "coder": "ann", "frame": "war", "value": values})
    with pytest.raises(
        ValueError, match=r"The values of 'war' are 1 .* and 1 .*If (all|texts) .* codes.assign"
    ):
        check_codes(codes)


@pytest.mark.parametrize("value", [{"a": 1}, [["a"]], 1 + 2j])
def test_what_can_be_no_code_is_refused(value):
    codes = pd.DataFrame({"unit": ["a", "b"], "coder": "ann", "frame": "war", "value": [value, 1]})
    with pytest.raises(ValueError, match=r"[12] of 2 values are no codes"):
        check_codes(codes)


def test_arrays_are_sets_as_lists_are():
    codes = pd.DataFrame({"unit": ["a", "b"], "coder": "ann", "frame": "war", "value": None})
    codes["value"] = pd.Series([np.array(["x", "y"]), ["y", "x"]], dtype=object)
    assert check_codes(codes)["value"].tolist() == [frozenset("xy")] * 2


def test_names_that_differ_in_capitals_and_blanks_are_said():
    codes = pd.DataFrame({"unit": ["a", "a", "b "], "frame": "war", "value": 1})
    with pytest.warns(UserWarning, match=r"2 of 2 names of coders .*\('Ann', 'ann '\)"):
        check_codes(codes.assign(coder=["Ann", "ann ", "Ann"]))
    with pytest.warns(UserWarning, match=r"2 of 3 names of units .*\('b', 'b '\)"):
        check_codes(codes.assign(coder="ann", unit=["a", "b", "b "]))


def test_mixed_kinds_are_counted_right_where_row_labels_repeat():
    codes = pd.DataFrame({"unit": ["a", "b"], "coder": "ann", "frame": "war", "value": [1, "x"]})
    codes.index = [0, 0]
    with pytest.raises(ValueError, match=r"1 numbers \(e.g. 1\) and 1 texts \(e.g. 'x'\), .* unit"):
        check_codes(codes)


def test_one_and_one_point_zero_and_true_are_one_value():
    values = pd.Series([1, 1.0, True], dtype=object)
    codes = pd.DataFrame({"unit": "a", "coder": list("xyz"), "frame": "war", "value": values})
    assert check_codes(codes)["value"].eq(1).all()


def test_frames_may_have_values_of_different_kinds():
    codes = pd.DataFrame(
        {"unit": "a", "coder": "ann", "frame": ["war", "tone"], "value": [1, "grave"]}
    )
    assert check_codes(codes)["value"].tolist() == [1, "grave"]


def test_tables_that_are_no_codes():
    with pytest.raises(TypeError, match="codes is a list"):
        check_codes([1])
    with pytest.raises(ValueError, match=r"no column 'frame' \(found: unit, coder, value\)"):
        check_codes(codes_of("a ann 1").drop(columns="frame"))
    with pytest.raises(ValueError, match="None of the 1 rows has a value"):
        check_codes(codes_of("a ann -"))


def test_columns_of_one_name_are_refused():
    codes = codes_of("a1 ann 1")
    with pytest.raises(ValueError, match="2 columns are called 'value'"):
        check_codes(pd.concat([codes, codes[["value"]]], axis=1))
    with pytest.raises(ValueError, match=r"codes\.assign\(frame='its name'\)"):
        check_codes(codes.drop(columns="frame"))


@pytest.mark.parametrize("keys", [["unit"], ["unit", "frame"], [], ["frame"]])
def test_a_table_with_a_column_a_coder_says_how_to_turn_it(keys):
    table = pd.DataFrame({"unit": ["a", "b"], "frame": "its name", "ann": [1, 0], "ben": [1, 1]})
    table = table.set_index("unit", drop="unit" not in keys)[[*keys, "ann", "ben"]]
    with pytest.raises(ValueError, match="If each column is a coder") as error:
        check_codes(table.reset_index(drop=True) if "unit" in keys else table)
    codes = eval(str(error.value).partition("is a coder: ")[2], {"codes": table})
    assert check_codes(codes).sort_values(["unit", "coder"])["value"].tolist() == [1, 1, 0, 1]


def test_a_number_among_words_may_stand_for_nothing():
    codes = pd.DataFrame({"unit": ["a", "b", "c"], "coder": "ann", "value": ["yes", "no", -1]})
    table = pd.concat([codes.assign(frame=name) for name in "abcde"], ignore_index=True)
    with pytest.raises(ValueError, match="If -1 means that nothing was coded") as error:
        check_codes(table)
    assert "So are the values of 2 more frames (d, e)" in str(error.value)
    line = str(error.value).split("nothing was coded: ")[1].split("\n")[0]
    assert check_codes(eval(line, {"codes": table}))["value"].isna().sum() == 5


def test_whole_numbers_among_objects_are_one_name():
    codes = pd.DataFrame({"unit": [1, 1.0, "1"], "coder": list("abc"), "frame": "war", "value": 1})
    assert check_codes(codes.astype({"unit": object}))["unit"].tolist() == ["1", "1", "1"]
    assert check_codes(codes.assign(unit=[1.0, 2.5, 3.0]))["unit"].tolist() == ["1", "2.5", "3"]


# --- scores_as_codes, codes_as_sets ---------------------------------------------------------


def test_scores_become_codes_of_a_dictionary():
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["doc_id", "paragraph"])
    scores = pd.DataFrame({"war": [0.0, 3.0], "peace": [1.0, np.nan]}, index=index)
    found = scores_as_codes(scores, coder="list", at_least=2).set_index(["unit", "frame"])["value"]
    assert found["a:1", "war"] == 0 and found["a:2", "war"] == 1 and found["a:1", "peace"] == 0
    assert np.isnan(found["a:2", "peace"]), "a missing score is no code"


def test_scores_of_numbers_that_join_with_sheets():
    scores = pd.DataFrame({"war": [1, 0]}, index=[7, 8])
    assert scores_as_codes(scores)["unit"].tolist() == ["7", "8"]


def test_scores_that_are_none():
    with pytest.raises(TypeError, match="1 of 1 columns of scores are not numbers"):
        scores_as_codes(pd.DataFrame({"war": ["x"]}))
    with pytest.raises(ValueError, match="1 of 2 units are in scores twice"):
        scores_as_codes(pd.DataFrame({"war": [1, 0]}, index=["a", "a"]))


def test_sets_are_empty_or_unknown_but_not_both():
    codes = pd.DataFrame(
        {
            "unit": ["a", "a", "b", "b", "c", "c"],
            "coder": "ann",
            "frame": ["war", "peace"] * 3,
            "value": [1, 1, 0, 0, 1, np.nan],
        }
    )
    sets = codes_as_sets(codes).set_index("unit")["value"]
    assert sets["a"] == "peace|war" and sets["b"] == "" and pd.isna(sets["c"])


def test_sets_need_yes_and_no():
    with pytest.raises(ValueError, match="1 of 1 codes are not 0 or 1"):
        codes_as_sets(codes_of("a ann 2"))


# --- disagreements --------------------------------------------------------------------------


def test_the_most_disputed_stand_first_with_their_text():
    codes = codes_of(*(f"a {c} {v}" for c, v in zip("pqr", (1, 1, 0), strict=True)),
                     *(f"b {c} {v}" for c, v in zip("pqr", (1, 1, 1), strict=True)),
                     "c p 1", "c q 0", "d p 1")  # fmt: skip
    sample = pd.DataFrame({"text": ["A.", "B.", "C."]}, index=["a", "b", "c"])
    found = disagreements(codes, sample=sample)
    assert found["unit"].tolist() == ["c", "a"], "one code alone (d) and agreement (b) are left out"
    assert found["disagreement"].tolist() == [1, pytest.approx(2 / 3)]
    assert found["text"].tolist() == ["C.", "A."]
    assert np.isnan(found.loc[0, "r"])


def test_a_disputed_unit_must_be_in_the_sample():
    sample = pd.DataFrame({"unit": ["b"], "text": ["B."]})
    with pytest.raises(KeyError, match=r"1 of 1 disputed units are not in the sample \(a\)"):
        disagreements(codes_of("a p 1", "a q 0"), sample=sample)


def test_a_coder_called_like_a_column():
    with pytest.raises(ValueError, match=r"called like a column: 1 \(text\)"):
        disagreements(codes_of("a text 1", "a ann 0"))


# --- adjudicate -----------------------------------------------------------------------------


def settle(codes, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return adjudicate(codes, **options).set_index("unit")["value"]


def test_rules_differ_where_they_should():
    codes = codes_of(*(f"a c{k} {v}" for k, v in enumerate((2, 1, 1, 3))),
                     *(f"b c{k} {v}" for k, v in enumerate((2, 2))))  # fmt: skip
    assert settle(codes, rule="majority").isna().tolist() == [True, False], "2 of 4 is no majority"
    assert settle(codes, rule="plurality").tolist() == [1, 2]
    assert settle(codes, rule="unanimous").isna().tolist() == [True, False]
    assert settle(codes, rule="first").tolist() == [2, 2]


def test_ties_are_listed_and_never_guessed():
    codes = codes_of("a p 1", "a q 0", "b p 1", "b q 1")
    with pytest.warns(UserWarning, match=r"1 of 2 units and frames stay unsettled .*\(a, war\)"):
        found = adjudicate(codes).set_index("unit")
    assert np.isnan(found.loc["a", "value"]) and found.loc["a", "decided_by"] == "nobody"
    assert found.loc["b", "value"] == 1 and found.loc["b", "support"] == 1


def test_a_tie_between_three_has_no_plurality():
    with pytest.warns(UserWarning, match="unsettled"):
        found = adjudicate(codes_of("a p 1", "a q 2", "a r 3"), rule="plurality")
    assert found["value"].isna().all()


def test_decisions_go_first_and_say_whose_they_are():
    codes = codes_of("a p 1", "a q 0", "b p 1", "b q 1")
    decisions = pd.DataFrame({"unit": ["a", "b"], "frame": "war", "value": [0, 0], "coder": "kim"})
    found = adjudicate(codes, decisions=decisions).set_index("unit")
    assert found["value"].tolist() == [0, 0]
    assert found["decided_by"].tolist() == ["kim", "kim"]
    assert found["support"].tolist() == [0.5, 0]


def test_undecided_decisions_change_nothing():
    codes = codes_of("a p 1", "a q 1")
    decisions = pd.DataFrame({"unit": ["a"], "frame": "war", "value": [np.nan], "coder": "kim"})
    assert adjudicate(codes, decisions=decisions)["decided_by"].tolist() == ["majority"]


def test_decisions_that_do_not_fit():
    codes = codes_of("a p 1", "a q 0")
    decisions = pd.DataFrame({"unit": ["z", "z"], "frame": "war", "value": 1, "coder": ["k", "l"]})
    with pytest.raises(ValueError, match="decided twice: 1 ") as error:
        adjudicate(codes, decisions=decisions)
    assert "2 of 2 decisions are of a unit and frame that nobody coded" in str(error.value)


def test_decisions_of_another_kind_are_refused():
    decisions = pd.DataFrame({"unit": ["a"], "frame": "war", "value": ["1"], "coder": "kim"})
    with pytest.raises(ValueError, match=r"The values of 'war' are 2 numbers .* and 1 texts"):
        adjudicate(codes_of("a p 1", "a q 0"), decisions=decisions)


def test_text_codes_are_settled_too():
    codes = pd.DataFrame(
        {"unit": "a", "coder": list("pqr"), "frame": "tone", "value": ["grave", "grave", "light"]}
    )
    assert adjudicate(codes)["value"].tolist() == ["grave"]


def test_rows_in_another_order_settle_alike():
    codes = codes_of(*(f"u{k % 7} c{k // 7} {k % 3}" for k in range(21)))
    shuffled = codes.sample(frac=1, random_state=1)
    assert settle(codes).sort_index().equals(settle(shuffled).sort_index())


def test_an_unknown_rule():
    with pytest.raises(ValueError, match="rule='mean': choose one of majority"):
        adjudicate(codes_of("a p 1"), rule="mean")
