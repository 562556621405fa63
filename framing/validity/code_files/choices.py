"""Labels ticked in a tool: are they frames that are there, or the value of one variable?"""

from collections import Counter
from collections.abc import Iterator, Mapping

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
        are frames: 1 where ticked, else 0; of several lists, 0 where a list that has the label was
        answered. Others are values.
    """
    rows: Filed = []
    remarks: list[tuple[str, Remark]] = []
    of_frames: dict[str, list[str]] = {}
    for variable in dict.fromkeys(choice.variable for _, choice in choices):
        mine = [(file, choice) for file, choice in choices if choice.variable == variable]
        labels = list(dict.fromkeys(label for _, choice in mine for label in choice.chosen))
        if _are_frames(variable, labels, [choice for _, choice in mine], known):
            of_frames[variable] = labels
            continue
        some, told = _as_values(mine, variable, labels, known)
        rows += some
        remarks += told
    ticked = [(file, choice) for file, choice in choices if choice.variable in of_frames]
    some, told = _as_frames(ticked, of_frames, _binary(known), unlabelled)
    return rows + some, remarks + told


def _binary(known: Mapping[str, Variable]) -> list[str]:
    return [name for name, variable in known.items() if variable.is_binary]


def _are_frames(
    variable: str, labels: list[str], choices: list[Choice], known: Mapping[str, Variable]
) -> bool:
    if variable in known or all(is_yes_or_no(label) for label in labels):
        return False
    return bool(set(labels) & set(known)) or any(len(choice.chosen) > 1 for choice in choices)


def _as_frames(
    ticked: list[tuple[str, Choice]],
    lists: Mapping[str, list[str]],
    known: list[str],
    unlabelled: str,
) -> tuple[Filed, list[tuple[str, Remark]]]:
    """Read every annotation, which has a choice of each list, as 1 and 0."""
    rows: Filed = []
    remarks = []
    frames = dict.fromkeys([*known, *(label for labels in lists.values() for label in labels)])
    owners = {name: {v for v, labels in lists.items() if name in labels} for name in frames}
    reason = "no label: no frame found, or not coded? If the former: unlabelled='absent'"
    for file, annotation in _annotations(ticked):
        first = annotation[0]
        chosen = {label for choice in annotation for label in choice.chosen}
        if not chosen and unlabelled == "missing":
            told = Remark("missing", reason, first.place, first.unit, first.coder)
            remarks.append((file, told))
            continue
        blank = {choice.variable for choice in annotation if not choice.chosen}
        for name in frames:
            mine = {choice.variable for choice in annotation} & owners[name]
            is_left = mine <= blank if mine else bool(blank)  # whose label it is, nobody knows
            if not is_left or unlabelled == "absent":
                rows.append((file, _row(first, name, int(name in chosen))))
    return rows, remarks


def _annotations(ticked: list[tuple[str, Choice]]) -> Iterator[tuple[str, list[Choice]]]:
    """Put the lists of one annotation together; where a list comes again, another begins."""
    found: dict[tuple[str, ...], list[Choice]] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for file, choice in ticked:
        place = (file, choice.place, choice.unit, choice.coder)
        times[*place, choice.variable] += 1
        found.setdefault((*place, str(times[*place, choice.variable])), []).append(choice)
    return ((key[0], annotation) for key, annotation in found.items())


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
