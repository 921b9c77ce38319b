"""Targets that hang, die or do nothing."""

from __future__ import annotations

import os
import time
from typing import Any


def hangs(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    while True:
        time.sleep(1)


def dies(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    os._exit(3)


def runs_nothing(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    return init_val


for _function in (hangs, dies, runs_nothing):
    _function.foricheck = {"without": (), "array_namespace": "numpy"}  # type: ignore[attr-defined]
