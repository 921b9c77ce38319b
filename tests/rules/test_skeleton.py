"""The skeleton of a rule: a green one, in three files, next in its chapter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from foricheck.errors import RequestError
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.registry import all_rules
from foricheck.rules.skeleton import Skeleton, skeleton

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone has of the rules."""
    shutil.copytree(ROOT / "conformance", tmp_path / "conformance")
    return tmp_path


def make(
    clone: Path, chapter: str = "ITER", sentence: str = "It ends.", **options: str
) -> Skeleton:
    cites = tuple(options.pop("cites", "fori_loop.indices").split())
    name = options.get("name")
    return skeleton(CHAPTERS[chapter], sentence, cites=cites, name=name, clone=clone)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_id_is_the_next_of_the_chapter(clone: Path, chapter: str) -> None:
    last = max(int(rule.id[-2:]) for rule in all_rules() if rule.chapter == chapter)
    assert make(clone, chapter).id == f"{chapter}-{last + 1:02}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_file_is_python(clone: Path, chapter: str) -> None:
    for path, text in make(clone, chapter).files.items():
        compile(text, path, "exec")


def test_it_is_three_files(clone: Path) -> None:
    assert [str(path.relative_to(clone)) for path in make(clone).files] == [
        "conformance/test_iter.py",
        "src/foricheck/strategies/iter/it_ends.py",
        "conformance/zoo/iter/it_ends.py",
    ]


def test_a_property_is_added_and_none_is_changed(clone: Path) -> None:
    module = clone / "conformance" / "test_iter.py"
    before = module.read_text("utf-8").partition("\n\n\n")[2]
    assert before in make(clone).files[module]


@pytest.mark.parametrize(
    ("cites", "level"), [("fori_loop.indices fori_loop.type", "CORE"), ("", "PARITY")]
)
def test_it_is_core_if_it_cites(clone: Path, cites: str, level: str) -> None:
    text = make(clone, cites=cites).files[clone / "conformance" / "test_iter.py"]
    cited = "".join(f'    "{each}",\n' for each in cites.split())
    assert f"    Level.{level},\n{cited}    draw=" in text.rpartition("@rule(")[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sentence": "It ends"}, "the sentence is one line that ends with a full stop"),
        ({"sentence": "…."}, "the sentence is one line that ends with a full stop"),
        ({"sentence": f"{'very ' * 20}long."}, "the sentence has 105 characters; say it in 93"),
        ({"cites": "fori_loop.indexes"}, r"no statement .* did you mean .*fori_loop\.indices"),
        ({"name": "no-name"}, "'no-name' cannot be the name of a module"),
        ({"sentence": "2 trips."}, "'2_trips' cannot be the name of a module"),
        ({"name": "trips"}, r"trips\.py exists; give another name with --name"),
    ],
)
def test_what_cannot_be_used_is_refused(clone: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        make(clone, **options)


def test_elsewhere_than_in_a_clone_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="run this in a clone of foricheck"):
        make(tmp_path)
