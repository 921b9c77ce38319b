"""Import an attribute from a place, and write the lines that import it.

A place is the name of a module, or the path of a file that ends in ``.py``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from foricheck.comparison.refusals import is_of_the_person, message_of
from foricheck.errors import RequestError
from foricheck.targets.target import Target

__all__ = ["found", "lines"]

_INSTALLED = tuple(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib"))
"""Where libraries are: of a traceback, the last line outside them is shown."""


def found(place: str, attribute: str) -> Callable[..., Any] | Target:
    """The value of an attribute of a module or a file; the attribute may have dots.

    Raises:
        RequestError: it does not exist, cannot be imported, or is neither callable nor a target.
    """
    module = _from_file(Path(place)) if place.endswith(".py") else _from_module(place)
    return _attribute(module, attribute, place)


def lines(place: str, attribute: str, name: str) -> str:
    """The Python lines that bind an attribute of a module, or of a file, to a name."""
    made = []
    if place.endswith(".py"):
        path = Path(place)
        if not path.stem.isidentifier():
            return f"import runpy\n\n{name} = runpy.run_path({place!r})[{attribute!r}]"
        made = [f"import sys; sys.path.insert(0, {str(path.parent)!r})"]
        place = path.stem
    first, *rest = attribute.split(".")
    if rest:
        made += [f"from {place} import {first}", f"{name} = {attribute}"]
    else:
        alias = "" if first == name else f" as {name}"
        made.append(f"from {place} import {first}{alias}")
    return "\n".join(made)


def _attribute(module: ModuleType, attribute: str, place: str) -> Callable[..., Any] | Target:
    value: Any = module
    for part in attribute.split("."):
        if not hasattr(value, part):
            raise RequestError(f"{place} has no attribute {attribute!r}")
        value = getattr(value, part)
    if not isinstance(value, Target) and not callable(value):
        raise RequestError(f"{place}:{attribute} is not callable: it is {type(value).__name__}")
    return cast("Callable[..., Any] | Target", value)


def _from_module(name: str) -> ModuleType:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        tail = "" if name.startswith(missing) else f" (needed by {name}){_line_of(error)}"
        raise RequestError(f"there is no module named {missing!r}{tail}") from error
    except RequestError:  # an adapter explains its failure itself
        raise
    except BaseException as error:
        raise _failed(name, error) from error


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise RequestError(f"there is no file {path}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)  # dataclasses look their module up there
    sys.path.insert(0, str(path.resolve().parent))  # as `python file.py` does
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:  # a file that changes within a second, and keeps its size, would keep its bytecode
        spec.loader.exec_module(module)
    except BaseException as error:
        raise _failed(str(path), error) from error
    finally:
        sys.dont_write_bytecode = kept
    return module


def _failed(what: str, error: BaseException) -> BaseException:
    """What is raised where an import raises anything; an interrupt by the person stays one."""
    if is_of_the_person(error):
        return error
    message = error.msg if isinstance(error, SyntaxError) else message_of(error)
    lines = message.splitlines() or [""]
    return RequestError(
        f"{what} cannot be imported: {type(error).__name__}: {lines[0]}{_line_of(error)}"
    )


def _line_of(error: BaseException) -> str:
    """The last line of the person's code before an error; ``""`` if it is not known."""
    if isinstance(error, SyntaxError):
        return _shown(error.filename, error.lineno, error.text)
    frames = traceback.extract_tb(error.__traceback__)
    raised = [frame for frame in frames if frame.filename not in (__file__, importlib.__file__)]
    raised = [frame for frame in raised if not frame.filename.startswith("<frozen")]
    own = [frame for frame in raised if not frame.filename.startswith(_INSTALLED)]
    last = (own or raised)[-1:]
    return "".join(_shown(frame.filename, frame.lineno, frame.line) for frame in last)


def _shown(file: str | None, number: int | None, line: str | None) -> str:
    place = f"{Path(file).name}:{number}" if file else ""
    return f" ({place}: {line.strip()})" if place and line else ""
