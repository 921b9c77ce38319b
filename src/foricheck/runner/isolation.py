"""What a worker shares no longer with its parent, so that a target cannot reach it by accident."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from multiprocessing import resource_tracker
from typing import Any

__all__ = ["CAN_ISOLATE", "isolate"]

CAN_ISOLATE = hasattr(os, "setsid")
"""Whether this system has sessions and process groups; Windows has none."""

_PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""


def isolate() -> None:
    """Leave the session of the parent, and its tracker of resources.

    A target that ends its process group, or writes to every descriptor, does not reach the parent.
    """
    with suppress(PermissionError):  # it leads a group already
        os.setsid()
    if sys.platform == "linux":  # elsewhere it ends when it next sends a message
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    tracker: Any = getattr(resource_tracker, "_resource_tracker", None)
    if getattr(tracker, "_fd", None) is not None:
        os.close(tracker._fd)
        tracker._fd = tracker._pid = None  # another is started where one is needed
