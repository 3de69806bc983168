"""Entries of YAML files, with the line of every field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable
from corridors.cooperation.register.schema import KINDS


def read_yaml(text: str, file: str) -> list[RawEntry]:
    r"""Entries of a YAML file: one mapping, a list of mappings, or lists of them under their kind.

    Parameters
    ----------
    text
        Content of the file; may hold several documents.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        The file is not YAML, repeats a field, or uses anchors; the problem tells the line.

    Examples
    --------
    >>> entry = read_yaml("practice:\n  - title: Orientation\n    actor: [Philippines]\n", "p.yaml")[0]
    >>> entry.values["kind"], entry.line, entry.lines["actor"]
    ('practice', 2, 3)
    """
    try:
        _refuse_aliases(text, file)
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise Unreadable(_broken(error, file)) from None
    except RecursionError:
        problem = Problem(file, 1, "", "is nested too deeply", "write entries as flat fields")
        raise Unreadable(problem) from None
    return [entry for node in documents if node is not None for entry in _entries(node, file, None)]


def _refuse_aliases(text: str, file: str) -> None:
    # A few aliases of aliases grow to gigabytes when they are written out.
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            raise Unreadable(
                Problem(file, mark.line + 1, "", "uses an alias (*)", "write the value out in full")
            )


def _broken(error: yaml.YAMLError, file: str) -> Problem:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else 1
    said = getattr(error, "problem", None) or "it can not be parsed"
    return Problem(file, line, "", f"is not YAML: {said}", "correct the line, or the one before it")


def _entries(node: yaml.Node, file: str, kind: str | None) -> Iterator[RawEntry]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _entries(item, file, kind)
    elif isinstance(node, yaml.MappingNode):
        pairs = _pairs(node, file)
        groups = {name: value for name, (_, value) in pairs.items() if _is_group(name, value)}
        for name, value in groups.items():
            yield from _entries(value, file, name)
        own = {name: pair for name, pair in pairs.items() if name not in groups}
        if own or not groups:
            yield _entry(node, own, file, kind)
    else:
        raise Unreadable(
            Problem(file, _line(node), "", "is no entry", "write fields as 'name: value', entries as a list")
        )


def _is_group(name: str, node: yaml.Node) -> bool:
    if isinstance(node, yaml.SequenceNode):
        return bool(node.value) and all(isinstance(item, yaml.MappingNode) for item in node.value)
    return name in KINDS and isinstance(node, yaml.MappingNode)


def _pairs(node: yaml.MappingNode, file: str) -> dict[str, tuple[int, yaml.Node]]:
    pairs: dict[str, tuple[int, yaml.Node]] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in pairs:
            problem = Problem(
                file,
                _line(key),
                name,
                f"is given twice, first in line {pairs[name][0]}",
                "keep one of the two",
            )
            raise Unreadable(problem)
        pairs[name] = (_line(key), value)
    return pairs


def _entry(node: yaml.Node, pairs: dict[str, tuple[int, yaml.Node]], file: str, kind: str | None) -> RawEntry:
    values: dict[str, object] = {} if kind is None else {"kind": kind}
    values |= {name: _value(value) for name, (_, value) in pairs.items()}
    return RawEntry(file, _line(node), values, {name: line for name, (line, _) in pairs.items()})


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (ValueError, yaml.YAMLError):
        # 2014-13-45 looks like a date and is none; as text it can be named in a problem.
        return str(node.value)
    finally:
        loader.dispose()


def _line(node: yaml.Node) -> int:
    mark: Any = node.start_mark
    return int(mark.line) + 1
