"""The end of a script: what is expected, where that comes from, and the assertion that fails."""

from __future__ import annotations

import re

from foricheck.cases.batch import Batch
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Difference
from foricheck.rules.rule import Rule

__all__ = ["asserting"]

_PRINTED = re.compile(r"^( *)print\((.*)\)$", re.MULTILINE)
_CLEAR = 1.1
"""Up to this ratio, the digits of a report may not say on which side of the bound a value is."""

_LOOP = "the documented loop, val = body(i, val) for each i,\n# run by Python over NumPy"
_RECURRENCE = "tanh(state @ W + x) in float64,\n# with W drawn as nnx.Rngs(seed) draws it"
_RULE = "the rule"


def asserting(
    text: str, rule: Rule, variant: Variant, case: Batch, found: Difference, words: str
) -> str:
    """A script that prints what is expected and what came, and fails with the words of the report.

    What several calls have in common is not asserted: the script ends with a comment that says it.

    Args:
        text: the script, which prints the results of its calls.
        rule: the rule that is broken.
        variant: how the target is called.
        case: the case.
        found: the difference.
        words: the cause, or what the rule says.
    """
    calls = list(_PRINTED.finditer(text))
    seen = _check(found)
    if len(calls) != 1 or variant.transform == "with_pmap" or not _is_of_the_result(rule):
        return text + _comment(found)
    indent, call = calls[0].groups()
    before, after = text[: calls[0].start()], text[calls[0].end() :]
    message = repr(f"{rule.id}: {words}")
    if found.why == "not refused":
        return f"{before}{_refusal(indent, call, found, message)}{after}"
    if not seen:
        return text + _comment(found)
    lines = [
        f"# The expected value comes from {_source(case)}.",
        seen,
        f"print({f'expected{_place(found)}:'!r}, {found.expected!r})",
        f"print({f'got{_place(found)}:'!r}, found)",
        f"assert {_holds(found)}, {message}",
    ]
    return f"{before}{indent}got = {call}\n{indent}print(got){after}\n" + "\n".join(lines) + "\n"


def _is_of_the_result(rule: Rule) -> bool:
    """Whether the property compares what one call gives, and nothing made of it."""
    code = rule.prop.__code__
    called = {"run", "run_case", "run_nested", "call_case", "gradient"} & {*code.co_names}
    refused = "must_be_refused" in code.co_names
    made = set(code.co_varnames[code.co_argcount :]) - {"cotangent", "expected"}
    return (bool(called) or refused) and not made


def _check(found: Difference) -> str:
    """The line that takes what is compared out of the result, or ``""``."""
    if found.path and not found.path.startswith(("[", ".")):
        return ""
    at = f"got{found.path}"
    match found.why:
        case "value":
            return f"found = np.asarray({at})[()]"
        case "error" if found.ratio is not None and found.ratio >= _CLEAR:
            return f"found = float({at})"
        case "dtype":
            return f'found = f"dtype {{np.asarray({at}).dtype.name}}"'
        case "shape":
            return f'found = f"shape {{list(np.shape({at}))}}"'
        case "dtype or shape":
            array = f'f"{{{at}.dtype}}{{list({at}.shape)}}"'
            return f'found = {array} if hasattr({at}, "dtype") else type({at}).__name__'
        case _:
            return ""


def _holds(found: Difference) -> str:
    if found.why != "error":
        return f"str(found) == {found.expected!r}"
    value, _, error = found.expected.partition(" ± ")
    return f"abs(found - {value}) <= {error or '0'}"


def _refusal(indent: str, call: str, found: Difference, message: str) -> str:
    lines = (
        f"print('expected:', {found.expected!r})",
        "try:",
        f"    got = {call}",
        "except Exception as error:",
        "    print('got:', type(error).__name__, error)",
        "else:",
        "    print('got:', got)",
        f"    raise AssertionError({message})",
    )
    return "\n".join(f"{indent}{line}" for line in lines)


def _source(case: Batch) -> str:
    match case:
        case RecurrenceBatch() if int(case.T[0]) <= 0:
            return f"{_RULE}: no step is made, so x comes back"
        case RecurrenceBatch() | RecurrenceCase() | Call():
            return _RECURRENCE
        case _:
            return _LOOP


def _place(found: Difference) -> str:
    return f" at {found.path}" if found.path else ""


def _comment(found: Difference) -> str:
    """The difference, as a comment."""
    told = f"{found.why}{_place(found)}: expected {found.expected}, got {found.got}"
    return "\n" + "".join(f"# {line}\n" for line in told.splitlines())
