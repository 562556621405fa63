"""Formulas of covariates on six articles known by heart."""

import numpy as np
import pandas as pd
import pytest

from framing.stats.design import build_design, design_matrix


def test_levels_are_compared_with_the_first_by_name(tiny):
    matrix = design_matrix("outlet", tiny)
    assert matrix.columns.tolist() == ["Intercept", "outlet[Star vs Herald]"]
    assert matrix["outlet[Star vs Herald]"].tolist() == [0, 0, 0, 1, 1, 1]
    assert matrix.index.equals(tiny.index)


def test_a_reference_can_be_chosen(tiny):
    matrix = design_matrix("outlet", tiny, reference={"outlet": "Star"})
    assert matrix["outlet[Herald vs Star]"].tolist() == [1, 1, 1, 0, 0, 0]


def test_periods_come_from_the_date(tiny):
    dates = pd.to_datetime(
        ["2031-03-03", "2031-04-06", "2031-04-07", "2032-03-01", None, "2031-03-04"]
    )
    articles = tiny.assign(date=dates).dropna(subset=["date"])
    assert design_matrix("month", articles).columns.tolist()[1:] == [
        "month[2031-04 vs 2031-03]",
        "month[2032-03 vs 2031-03]",
    ]
    assert design_matrix("year", articles)["year[2032 vs 2031]"].tolist() == [0, 0, 0, 1, 0]
    assert design_matrix("week", articles).columns.tolist()[1] == ("week[2031-03-31 vs 2031-03-03]")
    assert design_matrix("date", articles)["date"].tolist() == [0, 34, 35, 364, 1]


def test_a_column_goes_before_a_period(tiny):
    matrix = design_matrix("year", tiny.assign(year=[1, 2, 3, 4, 5, 6]))
    assert matrix["year"].tolist() == [1, 2, 3, 4, 5, 6]


def test_an_ordered_category_keeps_its_order_and_loses_empty_levels(tiny):
    leaning = pd.Categorical(
        ["right", "left", "left", "right", "left", "right"],
        ["right", "centre", "left"],
        ordered=True,
    )
    matrix = design_matrix("leaning", tiny.assign(leaning=leaning))
    assert matrix.columns.tolist() == ["Intercept", "leaning[left vs right]"]


def test_yes_and_no_are_levels(tiny):
    matrix = design_matrix("state", tiny.assign(state=[True, False, False, True, True, False]))
    assert matrix["state[True vs False]"].tolist() == [1, 0, 0, 1, 1, 0]


def test_an_interaction_multiplies_columns(tiny):
    matrix = design_matrix("outlet * size", tiny.assign(size=[1, 2, 3, 4, 5, 6]))
    assert matrix["outlet[Star vs Herald]:size"].tolist() == [0, 0, 0, 4, 5, 6]


def test_functions_of_numbers_are_read(tiny):
    matrix = design_matrix("np.log(size) + I(size**2)", tiny.assign(size=[1, 2, 3, 4, 5, 6]))
    assert np.allclose(matrix["np.log(size)"], np.log([1, 2, 3, 4, 5, 6]))
    assert matrix["I(size ** 2)"].tolist() == [1, 4, 9, 16, 25, 36]


def test_a_spline_of_the_date_is_read(tiny):
    matrix = design_matrix("outlet + poly(date, 2)", tiny)
    assert matrix.columns.tolist()[2:] == ["poly(date, 2)[1]", "poly(date, 2)[2]"]
    assert np.allclose(matrix["poly(date, 2)[1]"], [-0.5, 0, 0.5, -0.5, 0, 0.5])


def test_a_name_with_a_space_stands_in_backticks(tiny):
    matrix = design_matrix("`my day` + outlet", tiny.assign(**{"my day": [1, 2, 3, 4, 5, 6]}))
    assert matrix.columns.tolist() == ["Intercept", "my day", "outlet[Star vs Herald]"]


def test_articles_without_a_covariate_are_counted_and_named(tiny):
    articles = tiny.assign(
        outlet=["Herald", None, "Star", "Star", "Herald", "Star"],
        size=[1, np.nan, np.inf, 4, 5, 6],
    )
    with pytest.warns(UserWarning, match="2 of 6 .* 1 without outlet, 2 without size .*a2, a3"):
        matrix = design_matrix("outlet + size", articles)
    assert matrix.index.tolist() == ["a1", "a4", "a5", "a6"]


def test_the_warning_points_at_the_callers_line(tiny):
    with pytest.warns(UserWarning) as caught:
        design_matrix("outlet", tiny.assign(outlet=[None, *"ABABA"]))
    assert caught[0].filename == __file__


def test_the_table_stays_as_it_was(tiny):
    before = tiny.copy()
    design_matrix("outlet + day", tiny)
    pd.testing.assert_frame_equal(tiny, before)


@pytest.mark.parametrize(
    ("formula", "kind", "message"),
    [
        ("war ~ outlet", ValueError, "only covariates"),
        ("", ValueError, "only covariates"),
        ("outlet +", ValueError, "cannot be read"),
        ("outlett", KeyError, "Did you mean 'outlet'"),
        ("outlet + nowhere(size)", KeyError, "size"),
        (["outlet"], TypeError, "must be text"),
    ],
)
def test_a_formula_that_cannot_be_used_says_why(tiny, formula, kind, message):
    with pytest.raises(kind, match=message):
        design_matrix(formula, tiny)


def test_functions_that_do_not_fit_are_refused(tiny):
    with pytest.raises(ValueError, match="cannot be used"):
        design_matrix("bs(date, df='many')", tiny)


def test_tables_that_cannot_be_used_say_why(tiny):
    with pytest.raises(TypeError, match="must be a DataFrame"):
        design_matrix("outlet", tiny["outlet"])
    with pytest.raises(ValueError, match="1 doc_id are in `articles` more than once"):
        design_matrix("outlet", pd.concat([tiny, tiny.head(1)]))
    with pytest.raises(ValueError, match="outlet is always Star"):
        design_matrix("outlet", tiny.tail(3))
    with pytest.raises(ValueError, match="None of the 6 articles has every covariate"):
        design_matrix("outlet", tiny.assign(outlet=None))
    with pytest.raises(TypeError, match="not dates"):
        design_matrix("date", tiny.assign(date="2031-03-03"))
    with pytest.raises(KeyError, match="No level 'Sun' of outlet"):
        design_matrix("outlet", tiny, reference={"outlet": "Sun"})
    with pytest.raises(KeyError, match="No groups month in the formula"):
        design_matrix("outlet", tiny, reference={"month": "2031-03"})


def test_what_if_every_article_were_of_one_outlet(tiny):
    design = build_design("outlet * day", tiny)
    star = design.with_value("outlet", "Star")
    assert star["outlet[Star vs Herald]"].tolist() == [1] * 6
    day = "day[2031-03-04 vs 2031-03-03]"
    assert star[f"outlet[Star vs Herald]:{day}"].tolist() == [0, 1, 0, 0, 1, 0]
    assert design.matrix["outlet[Star vs Herald]"].tolist() == [0, 0, 0, 1, 1, 1]


def test_a_formula_without_a_value_for_some_articles_is_refused(tiny):
    leaning = tiny.assign(leaning=[1.0, 2.0, -1.0, 0.5, 3.0, 0.0])
    message = r"no value for 2 of 6 articles, in np\.log\(leaning\)"
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        design_matrix("np.log(leaning)", leaning)


def test_an_error_of_a_formula_is_plain_text(tiny):
    with pytest.raises(ValueError, match="cannot be read: Operator") as problem:
        design_matrix("outlet +", tiny)
    assert not set(str(problem.value)) & set("\x1b\u29da\u29db\n")
