"""What a worker sends is read as data of foricheck, and as nothing else."""

from __future__ import annotations

import os
import pickle
from multiprocessing import Pipe
from typing import Any

import numpy as np
import pytest

from foricheck.errors import RequestError
from foricheck.judging.events import RuleFinished, RuleResult
from foricheck.runner.messages import NotAMessage, loaded, received

RESULT = RuleResult(id="ITER-01", level="core", sentence="", status="passed")


class Exit:
    def __reduce__(self) -> Any:
        return os._exit, (0,)


class TestLoaded:
    @pytest.mark.parametrize("message", [RuleFinished(RESULT), np.float64(0.5)])
    def test_an_event_is_itself(self, message: Any) -> None:
        assert loaded(pickle.dumps(message)) == message

    def test_an_error_keeps_its_message(self) -> None:
        assert str(loaded(pickle.dumps(RequestError("no such rule")))) == "no such rule"

    @pytest.mark.parametrize("data", [pickle.dumps(Exit()), pickle.dumps(os.getcwd), b"", b"text"])
    def test_anything_else_is_no_message(self, data: bytes) -> None:
        with pytest.raises(NotAMessage):
            loaded(data)


class TestReceived:
    def test_a_message_that_is_too_long_is_an_error(self) -> None:
        ours, theirs = Pipe()
        with ours, theirs:
            os.write(theirs.fileno(), bytes([127, 0, 0, 0]))
            with pytest.raises(OSError, match="bad message length"):
                received(ours)
