"""Mutants: what each operator makes, how they are named, and that they are what they claim."""

from __future__ import annotations

import ast

import pytest

from foricheck.conformance.zoo.equivalents import ARGUMENTS, equivalents
from foricheck.conformance.zoo.mutants import SOURCES, Generated, Source, mutants
from foricheck.rules.registry import all_rules
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec
from foricheck.zoo.mutation import execute, mutants_of


def made(source: str, function: str = "f") -> dict[str, str]:
    """The mutants of a source: by name, the text of the changed module."""
    found = mutants_of(ast.parse(source), function)
    return {mutant.name: ast.unparse(mutant.tree) for mutant in found}


def changed(expression: str) -> set[str]:
    """What an expression becomes in the mutants of a function that returns it."""
    texts = made(f"def f(a, b, c):\n    return {expression}\n").values()
    return {text.rpartition("return ")[2] for text in texts}


class TestOperators:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("a < b", "a <= b"),
            ("a <= b", "a < b"),
            ("a > b", "a >= b"),
            ("a >= b", "a > b"),
            ("a == b", "a != b"),
            ("a != b", "a == b"),
            ("a is b", "a is not b"),
            ("a is not b", "a is b"),
            ("a in b", "a not in b"),
            ("a not in b", "a in b"),
        ],
    )
    def test_a_relation_becomes_another(self, one: str, other: str) -> None:
        assert changed(one) == {other}

    def test_each_relation_of_a_chain_becomes_another(self) -> None:
        assert changed("a < b == c") == {"a <= b == c", "a < b != c"}

    def test_and_becomes_or_and_each_operand_is_left_out(self) -> None:
        assert changed("a and b and c") == {"a or b or c", "b and c", "a and c", "a and b"}

    def test_or_becomes_and(self) -> None:
        assert changed("a or b") == {"a and b", "a", "b"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("a + b", "a - b"),
            ("a - b", "a + b"),
            ("a * b", "a / b"),
            ("a / b", "a * b"),
            ("a @ b", "a * b"),
            ("a ** b", "a * b"),
            ("a // b", "a * b"),
            ("a % b", "a * b"),
        ],
    )
    def test_arithmetic_becomes_other_arithmetic_an_operand_or_absolute(
        self, one: str, other: str
    ) -> None:
        assert changed(one) == {other, "a", "b", f"abs({one})"}

    def test_a_union_of_types_loses_one(self) -> None:
        assert changed("isinstance(a, int | str)") == {"isinstance(a, int)", "isinstance(a, str)"}

    def test_what_int_gives_becomes_absolute(self) -> None:
        assert changed("int(a)") == {"abs(int(a))", "a"}

    def test_a_whole_number_is_one_larger(self) -> None:
        assert changed("7") == {"7 + 1"}

    def test_a_number_written_as_an_expression_is_one(self) -> None:
        assert changed("2 ** 31 - 1") == {"2 ** 31 - 1 + 1"}

    def test_a_fraction_is_doubled(self) -> None:
        assert changed("0.1") == {"0.2"}

    def test_true_becomes_false(self) -> None:
        assert changed("True") == {"False"}

    def test_a_text_that_is_compared_with_is_emptied(self) -> None:
        assert "a == ''" in changed("a == 'i'")

    def test_any_other_text_stays(self) -> None:
        assert changed("'text'") == set()

    def test_the_arguments_of_a_call_by_name_are_swapped_or_0(self) -> None:
        assert changed("g(a, b, c)") == {"g(b, a, c)", "g(0, b, c)"}

    def test_a_keyword_is_left_out(self) -> None:
        assert "g(a)" in changed("g(a, key=b)")

    def test_a_call_of_what_is_from_elsewhere_gives_its_argument(self) -> None:
        assert changed("np.tanh(a)") == {"a"}

    def test_a_call_of_a_method_gives_what_it_is_called_on(self) -> None:
        assert "np.tanh(a)" in changed("np.tanh(a).astype(b)")

    def test_a_table_that_is_given_loses_an_element(self) -> None:
        assert {"g((b, c))", "g((a, c))", "g((a, b))"} <= changed("g((a, b, c))")

    def test_a_dict_loses_an_entry(self) -> None:
        assert changed("{'a': a, 'b': b}") == {"{'b': b}", "{'a': a}"}

    def test_a_check_is_never_made(self) -> None:
        source = "def f(a):\n    if a < 0:\n        raise ValueError\n"
        assert "if False:" in made(source)["f__if_never"]

    def test_a_condition_that_is_no_relation_is_negated(self) -> None:
        source = "def f(a):\n    if a:\n        raise ValueError\n"
        assert "if not a:" in made(source)["f__if_negated"]

    def test_a_negated_condition_loses_its_not(self) -> None:
        source = "def f(a):\n    if not a:\n        raise ValueError\n"
        assert "if a:" in made(source)["f__if_negated"]

    def test_a_guard_is_negated_or_never_met(self) -> None:
        source = "def f(a):\n    match a:\n        case 1 if a:\n            return a\n"
        assert {"f__guard_negated", "f__guard_never"} <= set(made(source))

    def test_a_case_is_deleted(self) -> None:
        source = (
            "def f(a):\n    match a:\n        case None:\n            return a\n        case _:\n"
        )
        assert "case None" not in made(f"{source}            return 1\n")["f__case_deleted"]

    def test_an_alternative_of_a_pattern_is_left_out(self) -> None:
        source = "def f(a):\n    match a:\n        case list() | dict():\n            return a\n"
        assert "case dict():" in made(source)["f__alternative_dropped"]

    def test_a_call_for_its_effect_is_deleted(self) -> None:
        assert made("def f(a):\n    check(a)\n")["f__check_deleted"].endswith("pass")

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("f__for_reversed", "for i in reversed(list(a)):\n        g()"),
            ("f__for_once", "for i in a:\n        g()\n        break"),
            ("f__for_never", "for i in a:\n        break"),
        ],
    )
    def test_a_loop_is_turned_round_or_cut_short(self, name: str, text: str) -> None:
        assert text in made("def f(a):\n    for i in a:\n        g()\n")[name]

    def test_the_initial_carry_is_returned(self) -> None:
        source = "def f(body, init_val):\n    return body(init_val)\n"
        assert made(source)["f__returns_init_val"].endswith("return init_val")


class TestWhatStays:
    @pytest.mark.parametrize(
        "line",
        [
            '"""A docstring."""',
            "raise ValueError(a + 1)",
            "b: list[1 + 1]",
            "return f'{a + 1}'",
        ],
    )
    def test_messages_stay(self, line: str) -> None:
        assert made(f"def f(a):\n    {line}\n") == {}

    def test_decorators(self) -> None:
        assert made("@declares(without=(1, 2))\ndef f(a):\n    pass\n") == {}

    def test_what_the_function_does_not_reach(self) -> None:
        assert made("N = 1\n\ndef f(a):\n    pass\n\ndef g(a):\n    return N\n") == {}

    def test_what_it_reaches_is_changed(self) -> None:
        source = "N = 1\n\ndef f(a):\n    return _g(a)\n\ndef _g(a):\n    return N\n"
        assert {"N__number_plus_1", "f__g_of_zero"} <= set(made(source))


class TestNames:
    def test_they_hold_the_function_and_the_operator(self) -> None:
        assert list(made("def _f(a):\n    return a < 1\n", "_f")) == [
            "f__lt_to_lte",
            "f__number_plus_1",
        ]

    def test_they_hold_the_class_and_the_method(self) -> None:
        source = "class C:\n    def __call__(self):\n        return 1\n"
        assert list(made(source, "C")) == ["C_call__number_plus_1"]

    def test_the_second_of_a_sort_has_a_number(self) -> None:
        assert list(made("def f(a):\n    return 1, 2\n")) == [
            "f__number_plus_1",
            "f__number_plus_1_2",
        ]

    def test_an_edit_of_another_function_changes_none(self) -> None:
        source = "def f(a):\n    return g(a)\n\ndef g(a):\n    return a + 1\n"
        edited = source.replace("return g(a)", "b = a < 3\n    return g(b)")
        kept = {name for name in made(source) if name.startswith("g__")}
        assert {name for name in made(edited) if name.startswith("g__")} == kept


class TestMutant:
    def test_it_says_what_became_of_what(self) -> None:
        (mutant,) = mutants_of(ast.parse("def f(a):\n    return a < a\n"), "f")
        assert (mutant.line, mutant.description) == (2, "a < a becomes a <= a")

    def test_it_shows_only_the_lines_that_differ(self) -> None:
        tree = ast.parse("def f(x):\n    y = x\n    return y\n")
        (mutant,) = mutants_of(tree, "f")
        assert mutant.description == "return y becomes return x"

    def test_it_runs(self) -> None:
        (mutant,) = mutants_of(ast.parse("def f(a):\n    return a < a\n"), "f")
        assert execute(mutant.tree, module="any.module")["f"](1)

    def test_the_original_stays_as_it_was(self) -> None:
        tree = ast.parse("def f(a):\n    return a < 1\n")
        before = ast.dump(tree)
        mutants_of(tree, "f")
        assert ast.dump(tree) == before


GENERATED = mutants()


def of(source: Source) -> list[Generated]:
    return [mutant for mutant in GENERATED if mutant.source == source]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.function)
class TestGenerated:
    def test_there_are_some(self, source: Source) -> None:
        assert len(of(source)) > 50

    def test_each_loads_as_what_its_original_is(self, source: Source) -> None:
        mutant = of(source)[0]
        assert load(TargetSpec(mutant.path)).kinds == {source.kind}

    def test_the_first_rules_are_rules_of_its_kind(self, source: Source) -> None:
        known = {
            name
            for rule in all_rules()
            if rule.kind == source.kind
            for name in (rule.id, rule.chapter)
        }
        assert set(source.order) <= known


class TestAll:
    def test_each_name_is_an_identifier(self) -> None:
        assert [mutant.name for mutant in GENERATED if not mutant.name.isidentifier()] == []

    def test_no_two_have_one_name(self) -> None:
        assert len({mutant.name for mutant in GENERATED}) == len(GENERATED)

    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.function)
    def test_each_can_be_compiled_and_differs_from_the_original_and_the_others(
        self, source: Source
    ) -> None:
        tree = source.tree()
        trees = [tree, *(mutant.tree for mutant in mutants_of(tree, source.function))]
        codes = {compile(ast.fix_missing_locations(each), "", "exec") for each in trees}
        assert len(codes) == len(trees)

    def test_an_unknown_mutant_is_no_attribute(self) -> None:
        from foricheck.conformance.zoo import mutants as module

        assert not hasattr(module, "width__no_such_change")

    def test_making_one_adds_no_member_to_the_zoo(self) -> None:
        from foricheck.conformance.zoo.member import registered

        before = registered()
        load(TargetSpec(next(each.path for each in GENERATED if each.kind == "loop")))
        assert registered() == before


class TestEquivalents:
    def test_each_is_a_mutant(self) -> None:
        assert set(equivalents()) - {mutant.name for mutant in GENERATED} == set()

    def test_none_is_argued_away_twice(self) -> None:
        names = [name for argument in ARGUMENTS for name in argument.names]
        assert len(names) == len(set(names))
