"""Small notebooks for the tests of the machinery that runs them."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@pytest.fixture(scope="session")
def write_notebook():
    """Write a notebook: text that begins with `md ` is prose, the rest code."""

    def write(path, *sources):
        cells = [
            new_markdown_cell(source[3:]) if source.startswith("md ") else new_code_cell(source)
            for source in sources
        ]
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number:02}"
        kernel = {"name": "another-kernel", "display_name": "x", "language": "python"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        return path

    return write


FIGURE = """
import matplotlib.pyplot as plt
import pandas as pd
import framing as fr

table = pd.DataFrame({"outlet": ["Herald", "Star & <b>"], "share": [1 / 3, 2 / 3], "n": [30, 60]})
_, ax = plt.subplots()
ax.scatter(table["share"], table["n"])
fr.save_figure(ax, "NAME", numbers=table);
"""


@pytest.fixture(scope="session")
def figure_code():
    """Code of a cell that saves a figure under a name."""
    return lambda name: FIGURE.strip().replace("NAME", name)
