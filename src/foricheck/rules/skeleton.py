"""The skeleton of a new rule: its property, its cases and a wrong implementation, as text."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from foricheck.errors import RequestError
from foricheck.rules.chapters import Chapter
from foricheck.rules.documents import statement

__all__ = ["Skeleton", "skeleton"]

_LONGEST_SENTENCE = 93
"""With quotes and indentation, a line of 100 columns."""

_WORDS_OF_A_NAME = 4
"""How many words of the sentence name its modules, where ``--name`` is absent."""

_MISTAKES = {
    "ITER": "iteration",
    "BOUND": "bounds",
    "CARRY": "structure",
    "UNROLL": "unrolling",
    "TRACE": "tracing",
    "GRAD": "derivative",
    "XFORM": "batching",
    "ERROR": "errors",
    "MODULE": "state",
    "REC": "numerics",
}
"""The kind of mistake that a chapter's wrong implementations make, mostly."""

_OF_KIND = {
    "loop": (
        ("foricheck.cases.loop", "LoopBatch"),
        ("foricheck.comparison.assertions", "must_equal"),
        ("foricheck.oracle", "programs as oracle"),
        ("foricheck.targets.loop", "LoopSubject"),
    ),
    "recurrence": (
        ("foricheck.cases.recurrence", "RecurrenceBatch"),
        ("foricheck.comparison.assertions", "must_be_within"),
        ("foricheck.targets.recurrence", "RecurrenceSubject"),
    ),
}
_COMMON = (
    ("foricheck.rules.draws", "Enumerated"),
    ("foricheck.rules.registry", "rule"),
    ("foricheck.rules.rule", "Level"),
)


@dataclass(frozen=True, kw_only=True)
class Skeleton:
    """A new rule, not yet written to any file.

    Attributes:
        id: the chapter's next free id.
        member: the name of the wrong implementation.
        files: the whole text of each file to write, by its path: the property's module, the
            module of its cases and that of the wrong implementation.
    """

    id: str
    member: str
    files: dict[Path, str]


def skeleton(
    chapter: Chapter, sentence: str, *, cites: tuple[str, ...], name: str | None, clone: Path
) -> Skeleton:
    """The skeleton of the chapter's next rule: a core rule if it cites a statement, else parity.

    As it is, the reference passes it, and its wrong implementation breaks it.

    Args:
        chapter: the chapter.
        sentence: what the rule says.
        cites: ids of statements of ``conformance/documents.toml``.
        name: what its modules are called; by default the first words of the sentence.
        clone: the root of a clone of the repository.

    Raises:
        RequestError: an argument cannot be used, or a module with that name exists.
    """
    words = _checked_words(sentence, cites)
    name = _module_name(name, words)
    module = clone / "conformance" / f"{chapter.module}.py"
    if not module.is_file():
        raise RequestError(f"{module} is missing: run this in a clone of foricheck")
    text = module.read_text("utf-8")
    id = _next_id(chapter, text)
    values = {
        "id": id,
        "level": "CORE" if cites else "PARITY",
        "kind": chapter.kind,
        "cites": cites,
        "sentence": sentence,
        "name": name,
        "prop": f"test_{'_'.join(words)}",
        "member": f"breaks_{id.lower().replace('-', '_')}",
        "mistake": _MISTAKES[chapter.name],
    }
    folder = f"{chapter.name.lower()}/{name}.py"
    new = {
        clone / "src/foricheck/strategies" / folder: _render("new_strategy.py.j2", values),
        clone / "conformance/zoo" / folder: _render("new_member.py.j2", values),
    }
    if taken := next((path for path in new if path.exists()), None):
        raise RequestError(f"{taken} exists; give another name with --name")
    whole = _with_imports(text, chapter, name) + _render("new_property.py.j2", values)
    return Skeleton(id=id, member=str(values["member"]), files={module: whole, **new})


def _checked_words(sentence: str, cites: tuple[str, ...]) -> list[str]:
    """The words of a sentence, in small letters."""
    words = re.findall(r"[a-z0-9]+", sentence.lower())
    if not words or not sentence.endswith(".") or "\n" in sentence:
        raise RequestError("the sentence is one line that ends with a full stop")
    if len(sentence) > _LONGEST_SENTENCE:
        limit = f"{len(sentence)} characters; say it in {_LONGEST_SENTENCE}"
        raise RequestError(f"the sentence has {limit}, the rest goes below it in the docstring")
    for id in cites:
        try:
            statement(id)
        except ValueError as error:
            raise RequestError(str(error)) from None
    return words


def _module_name(name: str | None, words: list[str]) -> str:
    name = name or "_".join(words[:_WORDS_OF_A_NAME])
    if not name.isidentifier() or keyword.iskeyword(name):
        raise RequestError(f"{name!r} cannot be the name of a module; give one with --name")
    return name


def _next_id(chapter: Chapter, text: str) -> str:
    numbers = [int(number) for number in re.findall(rf'"{chapter.name}-(\d\d)"', text)]
    return f"{chapter.name}-{max(numbers, default=0) + 1:02}"


def _with_imports(text: str, chapter: Chapter, name: str) -> str:
    """The text of a chapter's module with what the new property needs imported below the rest."""
    imports = [
        node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    bound = {alias.asname or alias.name for node in imports for alias in node.names}
    strategy = (f"foricheck.strategies.{chapter.name.lower()}", name)
    missing = [
        f"from {module} import {item}"
        for module, item in (*_COMMON, *_OF_KIND[chapter.kind], strategy)
        if item.rpartition(" ")[2] not in bound
    ]
    lines, end = text.splitlines(), imports[-1].end_lineno
    return "\n".join([*lines[:end], *missing, *lines[end:], ""])


def _render(template: str, values: Mapping[str, object]) -> str:
    environment = Environment(
        loader=PackageLoader("foricheck", "rules"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python, not HTML
    )
    return environment.get_template(template).render(values)
