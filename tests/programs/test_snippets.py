"""Snippets: one text for the case, the run, the expected value and the script."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.cases.loop import Snippet
from foricheck.cases.variants import TRACED
from foricheck.comparison.trees import difference
from foricheck.oracle.loop import CarryError
from foricheck.programs.containers import Pair, Point, prelude
from foricheck.programs.snippets import expected, parts
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import all_rules
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference

COUNTING = Snippet("0", "3", "def body(i, c):\n    return c + i\n", "xp.array([1, 2], xp.int32)")
NAMED = Snippet(
    "0", "1", "def body(i, c):\n    return c\n", "Pair(xp.zeros(2, xp.int8), xp.ones(2, xp.int8))"
)
DATA = Snippet(
    "0", "1", "def body(i, c):\n    return c\n", "Point(xp.zeros(2, xp.int8), xp.ones(2, xp.int8))"
)
MADE_INSIDE = Snippet("0", "1", "def body(i, c):\n    return Pair(*c)\n", "(1, 2)")

NAMESPACES = pytest.mark.parametrize("namespace", [np, jnp])


def every_snippet() -> list[Snippet]:
    """The snippets of all enumerated rules."""
    loop = JaxLoop(reference(), TRACED)
    drawn = [rule.draw for rule in all_rules() if rule.chapter in ("BOUND", "CARRY")]
    enumerated = [draw.batches(loop) for draw in drawn if isinstance(draw, Enumerated)]
    return [case for cases in enumerated for case in cases if isinstance(case, Snippet)]


class TestParts:
    @NAMESPACES
    def test_arrays_are_of_the_namespace(self, namespace: ModuleType) -> None:
        wanted = np.ndarray if namespace is np else jax.Array
        assert isinstance(parts(COUNTING, namespace).init, wanted)

    def test_body_and_arrays_are_fresh(self) -> None:
        one, other = parts(COUNTING, np), parts(COUNTING, np)
        assert one.body is not other.body
        assert one.init is not other.init

    @NAMESPACES
    @pytest.mark.parametrize(("case", "kind"), [(NAMED, Pair), (DATA, Point)])
    def test_containers_are_ours(self, case: Snippet, kind: type, namespace: ModuleType) -> None:
        assert type(parts(case, namespace).init) is kind

    def test_a_point_is_a_tree_for_jax(self) -> None:
        assert len(jax.tree.leaves(parts(DATA, jnp).init)) == 2

    @pytest.mark.parametrize("case", every_snippet(), ids=lambda case: f"{case.init}-{case.lower}")
    @NAMESPACES
    def test_every_snippet_of_the_rules_can_be_made(
        self, case: Snippet, namespace: ModuleType
    ) -> None:
        assert callable(parts(case, namespace).body)


class TestExpected:
    def test_it_is_what_the_loop_gives(self) -> None:
        assert expected(COUNTING).tolist() == [4, 5]

    def test_its_dtype_is_that_of_the_carry(self) -> None:
        assert expected(COUNTING).dtype == np.int32

    def test_overflow_wraps_without_a_warning(self) -> None:
        body = "def body(i, c):\n    return c + xp.int8(100)\n"
        case = Snippet("0", "2", body, "xp.array(0, xp.int8)")
        assert expected(case).item() == -56

    def test_a_carry_that_changes_is_refused(self) -> None:
        body = "def body(i, c):\n    return c.astype(xp.int8)\n"
        with pytest.raises(CarryError, match="the carry must stay"):
            expected(Snippet("0", "0", body, "xp.array(0, xp.int32)"))

    @pytest.mark.parametrize("case", [COUNTING, NAMED, DATA])
    def test_the_documented_loop_agrees(self, case: Snippet) -> None:
        made = parts(case, jnp)
        got = jax.lax.fori_loop(made.lower, made.upper, made.body, made.init)
        assert difference(jax.tree.map(np.asarray, got), expected(case)) is None


class TestPrelude:
    def run(self, case: Snippet, namespace: str) -> dict[str, Any]:
        """The names defined by the prelude after the imports of a script."""
        scope: dict[str, Any] = {"jax": jax, "xp": jnp if namespace == "jax" else np}
        exec(prelude(case.init + case.body, namespace), scope)
        return scope

    def test_most_need_none(self) -> None:
        assert prelude(COUNTING.init, "jax") == ""

    @pytest.mark.parametrize("namespace", ["jax", "numpy"])
    @pytest.mark.parametrize("case", [NAMED, DATA, MADE_INSIDE])
    def test_it_defines_what_the_snippet_names(self, case: Snippet, namespace: str) -> None:
        scope = self.run(case, namespace)
        exec(case.body, scope)
        assert eval(f"body(0, {case.init})", scope)

    def test_a_pasted_point_is_a_tree_for_jax(self) -> None:
        scope = self.run(DATA, "jax")
        assert len(jax.tree.leaves(eval(DATA.init, scope))) == 2

    def test_without_jax_nothing_is_registered(self) -> None:
        assert "jax" not in prelude(DATA.init, "numpy")
