"""The cache of compiled programs: where it is, what is left alone, how it is cleared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foricheck.runner import cache

JAX_PLACE = "JAX_COMPILATION_CACHE_DIR"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache directory of the test's own, and JAX's variables as they were."""
    monkeypatch.setattr(cache, "user_cache_path", lambda _: tmp_path / "home")
    for name in (JAX_PLACE, "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "")
    return tmp_path / "home"


def keep(name: str, size: int) -> None:
    cache.directory().mkdir(parents=True, exist_ok=True)
    (cache.directory() / f"{name}-cache").write_bytes(b"0" * size)


def test_jax_is_told_where_to_keep_programs() -> None:
    cache.enable()
    assert os.environ[JAX_PLACE] == str(cache.directory())


def test_every_program_is_kept_however_small() -> None:
    cache.enable()
    assert os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] == "0"
    assert os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] == "-1"


def test_a_place_that_a_person_has_set_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JAX_PLACE, "elsewhere")
    cache.enable()
    assert os.environ[JAX_PLACE] == "elsewhere"


def test_nothing_is_kept_where_no_directory_can_be_made(home: Path) -> None:
    home.write_text("a file where the directory should be")
    cache.enable()
    assert JAX_PLACE not in os.environ


def test_usage_counts_programs_and_bytes() -> None:
    keep("one", 10)
    keep("two", 5)
    assert cache.usage() == cache.Usage(programs=2, bytes=15)


def test_nothing_is_used_before_the_first_run() -> None:
    assert cache.usage() == cache.Usage(programs=0, bytes=0)


def test_clearing_tells_what_was_removed() -> None:
    keep("one", 10)
    assert cache.clear() == cache.Usage(programs=1, bytes=10)
    assert not cache.directory().exists()


def test_a_cache_that_has_grown_too_large_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT", 9)
    keep("one", 10)
    cache.enable()
    assert cache.usage().programs == 0


def test_one_that_grows_too_large_during_a_run_is_emptied_and_used_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache, "LIMIT", 9)
    cache.enable()
    keep("one", 10)
    cache.bound()
    assert cache.usage().programs == 0
    assert cache.directory().is_dir()


def test_what_a_person_keeps_elsewhere_is_never_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT", 9)
    monkeypatch.setenv(JAX_PLACE, "elsewhere")
    keep("one", 10)
    cache.bound()
    assert cache.usage().programs == 1


def test_a_person_who_keeps_programs_elsewhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JAX_PLACE, "/somewhere")
    assert "in /somewhere (JAX_COMPILATION_CACHE_DIR)" in cache.elsewhere()


def test_a_person_who_keeps_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_ENABLE_COMPILATION_CACHE", "false")
    assert "no compiled program is kept" in cache.elsewhere()


def test_nothing_is_told_of_elsewhere_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAX_ENABLE_COMPILATION_CACHE", raising=False)
    assert cache.elsewhere() == ""
