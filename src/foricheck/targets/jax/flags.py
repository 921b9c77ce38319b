"""JAX's flags: which are honoured, which are set back before a target is loaded, and why.

A flag is honoured if the rules hold under it: precision, platform, compiler, logs. One is set back
under which a correct target would break rules, or the suite itself could not run; the report says
so. Where the process is another's (`foricheck.check`, pytest), such a flag is refused instead.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field, replace

from foricheck.errors import RequestError

__all__ = ["SET_BACK", "Flags", "Setting", "honoured", "of_this_process", "refuse", "settle"]
__all__ += ["set_back_config", "set_back_environment"]

Value = bool | int | str | None

_OFF = ("", "0", "false", "off", "no", "n", "f")
_ON = ("1", "true", "on", "yes", "y", "t")


@dataclass(frozen=True)
class Setting:
    """A flag that is set back.

    Attributes:
        flag: as an environment variable.
        default: what it is set back to.
        why: what would happen otherwise.
        harmless: other values that are honoured.
    """

    flag: str
    default: Value
    why: str
    harmless: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """Its name in ``jax.config``."""
        return self.flag.lower()

    def is_honoured(self, value: Value) -> bool:
        """Whether a value, of the option or as text, needs no setting back."""
        text = str(getattr(value, "value", value)).lower()
        if isinstance(self.default, bool):
            return text in (_ON if self.default else _OFF)
        return text in (str(self.default).lower(), "", *self.harmless)

    def note(self, value: Value) -> str:
        """A line for the report."""
        return f"{self.flag}={getattr(value, 'value', value)}: {self.why}"


_COMPILED = "nothing would be compiled"
_SPECIAL = "cases contain NaN and infinities on purpose"
_WEIGHTS = "the documented weights are drawn with the default settings"
_MIXED = "bodies mix dtypes and ranks as NumPy does"
_CHECKED = "the suite itself moves arrays between host and device"

SET_BACK = (
    Setting("JAX_DISABLE_JIT", False, _COMPILED),
    Setting("JAX_NO_TRACING", False, "a target could not be traced"),
    Setting("JAX_NO_EXECUTION", False, "a target could not be run"),
    Setting("JAX_CHECK_TRACER_LEAKS", False, "every body would be traced anew"),
    Setting("JAX_DEBUG_NANS", False, _SPECIAL),
    Setting("JAX_DEBUG_INFS", False, _SPECIAL),
    Setting("JAX_ERROR_CHECKING_BEHAVIOR_NAN", "ignore", _SPECIAL),
    Setting("JAX_ERROR_CHECKING_BEHAVIOR_DIVIDE", "ignore", _SPECIAL),
    Setting("JAX_ERROR_CHECKING_BEHAVIOR_OOB", "ignore", "bodies index out of range on purpose"),
    Setting("JAX_DEFAULT_PRNG_IMPL", "threefry2x32", _WEIGHTS),
    Setting("JAX_THREEFRY_PARTITIONABLE", True, _WEIGHTS),
    Setting("JAX_RANDOM_SEED_OFFSET", 0, _WEIGHTS),
    Setting("JAX_ENABLE_CUSTOM_PRNG", False, _WEIGHTS),
    Setting("JAX_LEGACY_PRNG_KEY", "allow", "cases carry keys of both kinds"),
    Setting("JAX_DEBUG_KEY_REUSE", False, "cases use a key more than once"),
    Setting("JAX_ACCURATE_ERF_INV", False, _WEIGHTS),
    Setting("JAX_NUMPY_DTYPE_PROMOTION", "standard", _MIXED),
    Setting("JAX_NUMPY_RANK_PROMOTION", "allow", _MIXED, ("warn",)),
    Setting(
        "JAX_DEFAULT_MATMUL_PRECISION",
        None,
        "the error bounds are those of float32 products",
        ("default", "high", "highest", "float32"),
    ),
    Setting("JAX_TRANSFER_GUARD", None, _CHECKED, ("allow", "log")),
    Setting("JAX_TRANSFER_GUARD_HOST_TO_DEVICE", None, _CHECKED, ("allow", "log")),
    Setting("JAX_TRANSFER_GUARD_DEVICE_TO_HOST", None, _CHECKED, ("allow", "log")),
    Setting("JAX_TRANSFER_GUARD_DEVICE_TO_DEVICE", None, _CHECKED, ("allow", "log")),
    Setting("JAX_THREAD_GUARD", False, "targets are called from several threads"),
)
"""The flags that are set back. All others are honoured."""


@dataclass(frozen=True)
class Flags:
    """The flags of a process.

    Attributes:
        honoured: their values by name.
        set_back: a line for each that was set back.
    """

    honoured: dict[str, str] = field(default_factory=dict)
    set_back: tuple[str, ...] = ()


_here = Flags()


def settle(environ: MutableMapping[str, str]) -> None:
    """Set back flags of the environment before JAX is imported, and note the others."""
    global _here
    set_back = set_back_environment(environ)
    _here = Flags(honoured(environ), set_back)


def of_this_process() -> Flags:
    """The flags that `settle` and `set_back_config` have found."""
    return _here


def set_back_environment(environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Remove the flags that are set back, before JAX reads them; return a line for each."""
    notes = []
    for setting in SET_BACK:
        value = environ.get(setting.flag)
        if value is not None and not setting.is_honoured(value):
            del environ[setting.flag]
            notes.append(setting.note(value))
    return tuple(notes)


def set_back_config() -> tuple[str, ...]:
    """Set back the options that a target has set while it was loaded; return a line for each."""
    global _here
    found = list(_changed())
    for setting, _ in found:
        import jax

        jax.config.update(setting.option, setting.default)
    notes = tuple(f"{setting.note(value)} (set by the target)" for setting, value in found)
    _here = replace(_here, set_back=(*_here.set_back, *notes))
    return notes


def refuse() -> None:
    """Check that no flag is on that would have to be set back.

    Raises:
        RequestError: one is.
    """
    for setting, value in _changed():
        raise RequestError(f"{setting.note(value)}; set it back to judge")


def honoured(environ: MutableMapping[str, str]) -> dict[str, str]:
    """The flags of JAX and XLA in an environment from which the others were removed."""
    wanted = (name for name in sorted(environ) if name.startswith("JAX_") or name == "XLA_FLAGS")
    return {name: environ[name] for name in wanted}


def _changed() -> Iterator[tuple[Setting, Value]]:
    """The options of ``jax.config`` that would have to be set back, with their values."""
    if "jax" not in sys.modules:
        return
    import jax

    for setting in SET_BACK:
        value = getattr(jax.config, setting.option, setting.default)  # an older JAX may lack it
        if not setting.is_honoured(value):
            yield setting, value
