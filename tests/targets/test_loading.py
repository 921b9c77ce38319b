"""From what a person typed to a target, or to one line that says what is wrong with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import pytest

from foricheck.errors import RequestError
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.loading import load, of_callable, reference
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import Target

LOOP = "def fori_loop(lower, upper, body_fun, init_val):\n    return init_val\n"
RECURRENCE = "def fori_loop_recurrence(seed, x, hidden, T):\n    return x\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a target's file into the current directory; loading it leaves no trace."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "some_target", raising=False)

    def write(source: str) -> Path:
        path = tmp_path / "some_target.py"
        path.write_text(source)
        return path

    return write


def complaint(target: str | None, **asked: Any) -> str:
    """What loading the target complains about, in one line."""
    with pytest.raises(RequestError) as raised:
        load(TargetSpec(target, **asked))
    assert "\n" not in str(raised.value)
    return str(raised.value)


def loop(lower: int, upper: int, body_fun: object, init_val: object) -> object:
    return init_val


def recurrence(seed: float, x: object, hidden: float, T: float) -> object:
    return x


class TestPlaces:
    def test_a_file(self, write: Write) -> None:
        write(LOOP)
        assert load(TargetSpec("some_target.py:fori_loop")).kinds == {"loop"}

    def test_a_module_in_the_current_directory(self, write: Write) -> None:
        write(LOOP)
        assert load(TargetSpec("some_target:fori_loop")).kinds == {"loop"}

    def test_an_attribute_of_an_attribute(self, write: Write) -> None:
        write(f"class Loops:\n    @staticmethod\n    {LOOP.replace(chr(10), chr(10) + '    ')}\n")
        assert load(TargetSpec("some_target.py:Loops.fori_loop")).kinds == {"loop"}

    def test_a_file_may_import_its_neighbour(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "neighbour_of_target.py").write_text(LOOP)
        write("from neighbour_of_target import fori_loop")
        assert load(TargetSpec("some_target.py:fori_loop")).kinds == {"loop"}

    def test_a_file_may_define_a_dataclass(self, write: Write) -> None:
        write(
            "from __future__ import annotations\nfrom dataclasses import dataclass, KW_ONLY\n"
            f"@dataclass\nclass C:\n    _: KW_ONLY\n    a: int = 0\n{LOOP}"
        )
        assert load(TargetSpec("some_target.py:fori_loop")).kinds == {"loop"}

    def test_the_name_is_what_was_typed(self, write: Write) -> None:
        write(LOOP)
        assert load(TargetSpec("some_target.py:fori_loop")).name == "some_target.py:fori_loop"

    def test_the_reference_is_of_both_kinds(self) -> None:
        assert load(TargetSpec()).kinds == {"loop", "recurrence"}

    def test_the_reference_may_be_asked_for_one_kind(self) -> None:
        assert reference(kind="recurrence").kinds == {"recurrence"}


class TestComplaints:
    def test_no_module(self) -> None:
        assert complaint("nosuch:thing") == "there is no module named 'nosuch'"

    def test_no_submodule(self) -> None:
        assert complaint("json.nosuch:thing") == "there is no module named 'json.nosuch'"

    def test_a_module_that_misses_another(self, write: Write) -> None:
        write("import nosuch_module")
        said = complaint("some_target:f")
        assert said.startswith("there is no module named 'nosuch_module' (needed by some_target)")
        assert said.endswith("(some_target.py:1: import nosuch_module)")

    def test_no_file(self) -> None:
        assert complaint("no/such.py:thing") == "there is no file no/such.py"

    def test_no_attribute(self, write: Write) -> None:
        write(LOOP)
        assert complaint("some_target.py:f") == "some_target.py has no attribute 'f'"

    def test_no_attribute_of_an_attribute(self, write: Write) -> None:
        write(LOOP)
        wanted = "some_target.py has no attribute 'fori_loop.f'"
        assert complaint("some_target.py:fori_loop.f") == wanted

    @pytest.mark.parametrize("target", ["", ":", "module:", ":f", "some_target.py"])
    def test_no_colon_or_nothing_beside_it(self, target: str) -> None:
        assert complaint(target) == (
            f"{target!r} does not name a target: "
            "write module:attribute or path/to/file.py:attribute"
        )

    @pytest.mark.parametrize("target", [".mod:f", "..:f", "a..b:f"])
    def test_a_module_name_that_is_none(self, target: str) -> None:
        assert complaint(target)

    def test_another_language(self) -> None:
        assert "there is no command 'nosuch-tool'" in complaint("exec:nosuch-tool --x")

    def test_not_callable(self, write: Write) -> None:
        write("answer = 42")
        wanted = "some_target.py:answer is not callable: it is int"
        assert complaint("some_target.py:answer") == wanted

    @pytest.mark.parametrize("place", ["some_target.py", "some_target"])
    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("raise ValueError('no\\nlicence')", "ValueError: no"),
            ("raise SystemExit(4)", "SystemExit: 4"),
            ("import sys; sys.exit('usage: …')", "SystemExit: usage: …"),
            ("raise ValueError", "ValueError: "),
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("def f(:", "SyntaxError: invalid syntax"),
        ],
    )
    def test_a_target_that_raises_at_import(
        self, write: Write, place: str, source: str, said: str
    ) -> None:
        write(source)
        assert complaint(f"{place}:f").startswith(f"{place} cannot be imported: {said}")

    def test_a_file_that_misses_a_module(self, write: Write) -> None:
        write("import nosuch_module")
        assert "No module named 'nosuch_module'" in complaint("some_target.py:f")

    def test_a_directory_is_no_file(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "package.py").mkdir()
        assert complaint("package.py:f") == "there is no file package.py"

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"kind": "vector"}, "no kind is named 'vector'; there are loop, recurrence"),
            ({"without": ("wings",)}, "no capability is named 'wings'; there are traced, jit"),
            (
                {"array_namespace": "torch"},
                "no array namespace is named 'torch'; there are jax, numpy",
            ),
        ],
    )
    def test_a_request_that_makes_no_sense(self, asked: dict[str, Any], said: str) -> None:
        assert complaint(None, **asked).startswith(said)


class TestKind:
    @pytest.mark.parametrize(("function", "kind"), [(loop, "loop"), (recurrence, "recurrence")])
    def test_the_parameters_tell_the_kind(self, function: Any, kind: str) -> None:
        assert of_callable(function).kinds == {kind}

    def test_the_first_two_parameters_suffice(self) -> None:
        assert of_callable(lambda lower, upper, f, x: x).kinds == {"loop"}

    def test_other_parameters_need_a_kind(self) -> None:
        with pytest.raises(RequestError, match=r"\(a, b, c, d\) do not show .* add --kind loop"):
            of_callable(lambda a, b, c, d: d)

    def test_no_parameters_to_read_need_a_kind(self) -> None:
        with pytest.raises(RequestError, match=r"\(none that can be read\) do not show"):
            of_callable(dict)

    def test_a_given_kind_is_taken(self) -> None:
        assert of_callable(lambda a, b, c, d: d, kind="loop").kinds == {"loop"}

    @pytest.mark.parametrize(
        ("function", "takes"),
        [
            (lambda lower, upper: 0, "(lower, upper)"),
            (lambda lower, upper, body, init, more: 0, "(lower, upper, body, init, more)"),
            (lambda *, lower, upper, body, init: 0, "(*, lower, upper, body, init)"),
        ],
    )
    def test_a_target_must_take_four_arguments(self, function: Any, takes: str) -> None:
        wanted = f"called with (lower, upper, body_fun, init_val), but the target takes {takes}"
        with pytest.raises(RequestError, match=re.escape(wanted)):
            of_callable(function, kind="loop")

    def test_more_parameters_may_have_defaults(self) -> None:
        assert of_callable(lambda lower, upper, f, x, unroll=1: x).kinds == {"loop"}


class TestDeclaration:
    @staticmethod
    def declared(said: Any) -> Target:
        def function(lower: int, upper: int, body_fun: object, init_val: object) -> object:
            return init_val

        function.__dict__["foricheck"] = said
        return of_callable(function)

    def test_what_it_lacks(self) -> None:
        assert "pytree" not in self.declared({"without": ("pytree",)}).capabilities

    def test_its_arrays(self) -> None:
        assert self.declared({"array_namespace": "numpy"}).namespace == "numpy"

    @pytest.mark.parametrize("said", ["jit", 3, {"lacks": ()}, ["without"]])
    def test_another_shape_is_refused(self, said: Any) -> None:
        with pytest.raises(RequestError, match="`foricheck` must be a mapping with the keys"):
            self.declared(said)

    def test_an_unknown_capability_is_refused(self) -> None:
        with pytest.raises(RequestError, match="lacks 'wings', which is unknown"):
            self.declared({"without": ("wings",)})

    def test_an_unknown_namespace_is_refused(self) -> None:
        with pytest.raises(RequestError, match="torch"):
            self.declared({"array_namespace": "torch"})


class TestCapabilities:
    def test_a_loop_may_do_everything(self) -> None:
        assert of_callable(jax.lax.fori_loop).capabilities == set(CAPABILITIES)

    def test_what_the_person_says_is_lacking(self) -> None:
        target = of_callable(jax.lax.fori_loop, without=("jit", "vmap"))
        assert target.capabilities == set(CAPABILITIES) - {"jit", "vmap"}

    def test_a_loop_without_the_keyword_unroll_lacks_it(self) -> None:
        assert "unroll" not in of_callable(loop).capabilities

    def test_a_target_over_numpy_arrays_cannot_be_transformed(self) -> None:
        capabilities = of_callable(loop, array_namespace="numpy").capabilities
        assert not capabilities & {"traced", "jit", "pmap", "vmap", "grad"}

    def test_a_recurrence_that_needs_an_int_lacks_traced(self) -> None:
        target = of_callable(lambda seed, x, hidden, T: x * int(T), array_namespace="jax")
        assert "traced" not in target.capabilities

    def test_why_it_lacks_traced_is_kept_in_one_line(self) -> None:
        target = of_callable(lambda seed, x, hidden, T: x * int(T), array_namespace="jax")
        assert target.lacks["traced"].startswith("ConcretizationTypeError: ")

    def test_what_is_declared_is_not_tried(self) -> None:
        target = of_callable(
            lambda seed, x, hidden, T: x * int(T), array_namespace="jax", without=("traced",)
        )
        assert target.lacks == {}

    def test_a_recurrence_that_takes_a_tracer_has_traced(self) -> None:
        target = of_callable(lambda seed, x, hidden, T: x * T, array_namespace="jax")
        assert "traced" in target.capabilities


class TestNamespace:
    def test_jax_where_jax_is_imported(self) -> None:
        assert of_callable(loop).namespace == "jax"

    def test_numpy_where_it_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "jax")
        assert of_callable(loop).namespace == "numpy"

    def test_what_the_person_says_wins(self) -> None:
        assert of_callable(loop, array_namespace="numpy").namespace == "numpy"


class TestImports:
    def run(self, target: Target) -> Any:
        """What the lines of a script bind the public name to."""
        scope: dict[str, Any] = {}
        (kind,) = target.kinds
        exec(target.imports[kind], scope)
        return scope[{"loop": "fori_loop", "recurrence": "fori_loop_recurrence"}[kind]]

    @pytest.mark.parametrize("place", ["some_target.py", "some_target"])
    @pytest.mark.parametrize("name", ["fori_loop", "my_loop", "Loops.fori_loop"])
    def test_they_bind_the_public_name(self, write: Write, place: str, name: str) -> None:
        write(f"{LOOP}my_loop = fori_loop\nclass Loops:\n    fori_loop = staticmethod(fori_loop)\n")
        assert callable(self.run(load(TargetSpec(f"{place}:{name}"))))


class TestUnroll:
    """Where the signature does not show whether a loop takes ``unroll``, it is called."""

    def test_a_loop_that_takes_any_keyword_has_it(self) -> None:
        def fori_loop(*args: Any, **kwargs: Any) -> Any:
            return jax.lax.fori_loop(*args, **kwargs)

        assert "unroll" in of_callable(fori_loop, kind="loop").capabilities

    def test_one_that_then_raises_lacks_it_and_the_reason_is_kept(self) -> None:
        def fori_loop(*args: Any, **kwargs: Any) -> Any:
            return loop(*args, **kwargs)

        target = of_callable(fori_loop, kind="loop")
        assert "unexpected keyword argument 'unroll'" in target.lacks["unroll"]


class TestRefusals:
    def test_a_target_may_refuse_with_its_own_errors(self) -> None:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return init_val

        fori_loop.__dict__["foricheck"] = {"refuses_with": (LookupError,)}
        assert of_callable(fori_loop).refuses_with == (LookupError,)

    def test_what_is_no_error_is_refused(self) -> None:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return init_val

        fori_loop.__dict__["foricheck"] = {"refuses_with": ("TypeError",)}
        with pytest.raises(RequestError, match="not an error"):
            of_callable(fori_loop)
