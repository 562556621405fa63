"""Labels ticked in a tool: are they frames that are there, or the value of one variable?"""

from collections.abc import Mapping

from framing.validity.code_files.found import Choice, Remark, Row
from framing.validity.code_files.values import is_yes_or_no
from framing.validity.variables import Variable

Filed = list[tuple[str, Row]]


def settle_choices(
    choices: list[tuple[str, Choice]], known: Mapping[str, Variable], unlabelled: str
) -> tuple[Filed, list[tuple[str, Remark]]]:
    """Turn ticked labels into judgements.

    Parameters
    ----------
    choices : list of (file, Choice)
        All files together, for the labels that one file lacks may stand in another.
    known : mapping
        The variables of the codebook, if there is one.
    unlabelled : {"missing", "absent"}
        What no label at all means where labels are frames.

    Returns
    -------
    tuple of lists
        Judgements and remarks, each with its file. Labels of yes and no are values of the variable
        they belong to. Labels that are frames of the codebook, or of which some text has several,
        are frames: 1 where ticked, else 0. Others are values.
    """
    rows: Filed = []
    remarks: list[tuple[str, Remark]] = []
    for variable in dict.fromkeys(choice.variable for _, choice in choices):
        mine = [(file, choice) for file, choice in choices if choice.variable == variable]
        labels = list(dict.fromkeys(label for _, choice in mine for label in choice.chosen))
        if _are_frames(variable, labels, [choice for _, choice in mine], known):
            frames = list(dict.fromkeys([*_binary(known), *labels]))
            some, told = _as_frames(mine, frames, unlabelled)
        else:
            some, told = _as_values(mine, variable, labels, known)
        rows += some
        remarks += told
    return rows, remarks


def _binary(known: Mapping[str, Variable]) -> list[str]:
    return [name for name, variable in known.items() if variable.is_binary]


def _are_frames(
    variable: str, labels: list[str], choices: list[Choice], known: Mapping[str, Variable]
) -> bool:
    if variable in known or all(is_yes_or_no(label) for label in labels):
        return False
    return bool(set(labels) & set(known)) or any(len(choice.chosen) > 1 for choice in choices)


def _as_frames(
    mine: list[tuple[str, Choice]], frames: list[str], unlabelled: str
) -> tuple[Filed, list[tuple[str, Remark]]]:
    rows: Filed = []
    remarks = []
    reason = "no label: no frame found, or not coded? If the former: unlabelled='absent'"
    for file, choice in mine:
        if not choice.chosen and unlabelled == "missing":
            told = Remark("missing", reason, choice.place, choice.unit, choice.coder)
            remarks.append((file, told))
            continue
        rows += [(file, _row(choice, name, int(name in choice.chosen))) for name in frames]
    return rows, remarks


def _as_values(
    mine: list[tuple[str, Choice]],
    variable: str,
    labels: list[str],
    known: Mapping[str, Variable],
) -> tuple[Filed, list[tuple[str, Remark]]]:
    rows = [
        (file, _row(choice, variable, label))
        for file, choice in mine
        for label in (choice.chosen or (None,))
    ]
    if variable in known or all(is_yes_or_no(label) for label in labels):
        return rows, []
    reason = (
        f"{variable!r} read as one variable with the values {', '.join(labels[:5])}, for no text "
        "has two of them. If they are frames, give the codebook: codebook=…"
    )
    return rows, [(mine[0][0], Remark("assumed", reason, frame=variable))]


def _row(choice: Choice, frame: str, value: int | str | None) -> Row:
    return Row(choice.unit, choice.coder, frame, value, choice.place, choice.coded_at, choice.note)
