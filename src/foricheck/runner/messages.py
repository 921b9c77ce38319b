"""The messages of a worker, as its parent reads them.

A target runs in the worker and can write anything into the pipe: a pickle that runs code, or half a
message. Of a pickle, only data of foricheck is made.
"""

from __future__ import annotations

import io
import pickle
import socket
import struct
from dataclasses import is_dataclass
from multiprocessing.connection import Connection
from typing import Any

__all__ = ["NotAMessage", "allow_pauses", "loaded", "received"]

_LONGEST = 2**28
"""Bytes of the longest message."""

_PAUSE = 5
"""Seconds that may pass within a message."""

_OF_NUMPY = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}


class NotAMessage(Exception):
    """What was received is no message of foricheck."""


def allow_pauses(connection: Connection) -> None:
    """Have reading from this end of a pipe fail where a message does not go on."""
    with socket.socket(fileno=connection.fileno()) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", _PAUSE, 0))
        end.detach()


def received(connection: Connection) -> Any:
    """The next message.

    Raises:
        EOFError: the worker has closed the pipe.
        OSError: the message does not go on, or is too long.
        NotAMessage: it is none.
    """
    return loaded(connection.recv_bytes(_LONGEST))


def loaded(data: bytes) -> Any:
    """The message that this is.

    Raises:
        NotAMessage: it is none.
    """
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except Exception as error:  # a forged pickle may raise anything
        raise NotAMessage(
            f"sent what is no message of foricheck: {type(error).__name__}"
        ) from error


class _Unpickler(pickle.Unpickler):
    """Makes dataclasses and errors of foricheck, and numbers of NumPy, alone."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _OF_NUMPY:
            return super().find_class(module, name)
        if module.startswith("foricheck."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Exception)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")
