from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from command_line import Call, Ended, called
from interrupts import ignoring_interrupts, interruptible
from report import fake_cli

from foricheck.runner import cache
from foricheck.runner.request import Request
from foricheck.targets.spec import TargetSpec

TESTS = Path(__file__).parents[1]
LINUX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


@pytest.fixture
def foricheck(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """The command line in this process, over fake sessions, in an empty directory."""
    for name, module in fake_cli.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
        package, _, attribute = name.rpartition(".")
        if package in sys.modules:
            monkeypatch.setattr(sys.modules[package], attribute, module, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("foricheck.cli.streams.time", SimpleNamespace(perf_counter=lambda: 0.0))

    return lambda *arguments: called(capsys, *arguments)


def asked() -> Request:
    """The last request that a session was given."""
    request = fake_cli.ASKED[-1]
    assert isinstance(request, Request)
    return request


def one_line(ended: Ended) -> str:
    """What the command complains about, in the one line there must be."""
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    return ended.err.removeprefix("foricheck: ").strip()


class TestRun:
    @pytest.mark.parametrize(
        ("target", "status"), [("passes:f", 0), ("breaks:f", 1), ("dies:f", 2), ("nosuch:f", 2)]
    )
    def test_exit_status_is_the_verdict(self, foricheck: Call, target: str, status: int) -> None:
        assert foricheck("run", target).status == status

    def test_without_a_target_judges_the_reference(self, foricheck: Call) -> None:
        foricheck("run")
        assert asked().spec.is_bundled

    def test_options_make_the_request(self, foricheck: Call) -> None:
        foricheck(
            *("run", "passes:f", "--kind", "loop", "--profile", "quick", "--rules", "ITER"),
            *("--without", "jit, vmap", "--array-namespace", "numpy", "--seed", "-3"),
            *("--timeout", "2.5"),
        )
        assert asked() == Request(
            spec=TargetSpec("passes:f", "loop", "numpy", ("jit", "vmap")),
            profile="quick",
            rules="ITER",
            seed=-3,
            timeout=2.5,
        )

    def test_pyproject_gives_what_the_command_does_not(self, foricheck: Call) -> None:
        Path("pyproject.toml").write_text(
            '[tool.foricheck]\ntarget = "passes:f"\nprofile = "quick"\nrules = ["ITER"]\nseed = 4\n'
        )
        foricheck("run", "--profile", "deep", "--seed", "0")
        assert asked() == Request(spec=TargetSpec("passes:f"), profile="deep", rules="ITER", seed=0)

    def test_an_unknown_key_of_pyproject_is_one_line(self, foricheck: Call) -> None:
        Path("pyproject.toml").write_text("[tool.foricheck]\nprofil = 'quick'\n")
        complaint = one_line(foricheck("run"))
        place = "pyproject.toml: [tool.foricheck]"
        assert complaint == f"{place} has no key 'profil'; did you mean profile?"

    def test_expected_failures_are_read(self, foricheck: Call) -> None:
        Path("e.toml").write_text('[ITER-01]\ncategory = "never"\nreason = "r"\n')
        foricheck("run", "--expect-failures", "e.toml")
        assert asked().expected == {"ITER-01": "never: r"}

    def test_an_expected_failure_of_no_rule_is_refused(self, foricheck: Call) -> None:
        Path("e.toml").write_text('[CARY-01]\ncategory = "never"\nreason = "r"\n')
        complaint = one_line(foricheck("run", "--expect-failures", "e.toml"))
        wrong = "no rule is named CARY-01, which e.toml expects to fail"
        assert complaint == f"{wrong}; did you mean CARRY-01?"

    def test_the_report_goes_to_standard_output(self, foricheck: Call) -> None:
        ended = foricheck("run", "breaks:f")
        assert "NONCONFORMANT" in ended.out
        assert ended.err == ""

    def test_durations_name_slow_rules(self, foricheck: Call) -> None:
        assert "slowest" in foricheck("run", "--durations", "1").out

    @pytest.mark.parametrize("option", ["-x", "--fail-fast"])
    def test_fail_fast_stops_at_the_first_failure(self, foricheck: Call, option: str) -> None:
        ended = foricheck("run", "breaks:f", option, "--json", "r.json")
        report = json.loads(Path("r.json").read_text())
        assert ended.status == 1
        assert report["verdict"] == "nonconformant"
        assert [rule["id"] for rule in report["rules"]] == ["ITER-01", "REC-01", "CARRY-01"]
        assert "stopped at the first failure; rules not judged: 3" in ended.out

    def test_fail_fast_of_a_conformant_target_changes_nothing(self, foricheck: Call) -> None:
        assert foricheck("run", "-x").out == foricheck("run").out


class TestComplaints:
    def test_a_target_that_is_not_there(self, foricheck: Call) -> None:
        assert one_line(foricheck("run", "nosuch:f")) == "no module is named 'nosuch'"

    def test_a_run_that_did_not_finish(self, foricheck: Call) -> None:
        assert one_line(foricheck("run", "dies:f")) == "the worker died of a signal"

    def test_a_run_without_an_end(self, foricheck: Call) -> None:
        assert one_line(foricheck("run", "ends:f")) == "the run did not finish"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["run", "--frob"], "--frob"),
            (["run", "--kind", "vector"], "'vector' is not one of 'loop', 'recurrence'"),
            (["run", "--profile", "slow"], "'slow' is not one of"),
            (["run", "--seed", "x"], "'x' is not a valid integer"),
            (["run", "--timeout", "nan"], "expected a number of seconds above 0"),
            (["run", "a:f", "b:f"], "unexpected extra argument"),
            (["frob"], "No such command 'frob'"),
            (["replay"], "Missing argument 'ID'"),
        ],
    )
    def test_a_wrong_command_ends_in_a_hint(
        self, foricheck: Call, arguments: list[str], message: str
    ) -> None:
        complaint = one_line(foricheck(*arguments))
        assert message in complaint
        assert complaint.endswith("--help')")

    def test_an_unknown_capability(self, foricheck: Call) -> None:
        complaint = one_line(foricheck("run", "--without", "speed"))
        assert complaint.startswith("no capability is named 'speed'; there are traced")

    def test_a_wrong_file_of_expectations(self, foricheck: Call) -> None:
        Path("e.toml").write_text("[ITER-01]\n")
        complaint = one_line(foricheck("run", "--expect-failures", "e.toml"))
        assert complaint == "e.toml: ITER-01.category: missing"

    def test_an_unknown_id_to_replay(self, foricheck: Call) -> None:
        assert one_line(foricheck("replay", "unknown")) == "no failure is kept as 'unknown'"

    def test_a_bug_is_no_verdict(self, foricheck: Call) -> None:
        ended = foricheck("run", "has-a-bug:f")
        assert ended.status == 2
        assert "ZeroDivisionError: a bug" in ended.err
        assert "this is a bug in foricheck" in ended.err


class TestOutputs:
    def test_json_on_standard_output_is_alone_there(self, foricheck: Call) -> None:
        ended = foricheck("run", "breaks:f", "--json", "-")
        assert json.loads(ended.out)["verdict"] == "nonconformant"
        assert "NONCONFORMANT" in ended.err

    def test_every_format_is_written(self, foricheck: Call) -> None:
        foricheck("run", "--json", "r.json", "--html", "r.html", "--junit", "r.xml")
        assert json.loads(Path("r.json").read_text())["verdict"] == "conformant"
        assert "CONFORMANT" in Path("r.html").read_text(encoding="utf-8")
        assert ElementTree.parse("r.xml").getroot().tag == "testsuites"

    def test_a_badge_is_written(self, foricheck: Call) -> None:
        foricheck("run", "breaks:f", "--badge", "r.svg")
        assert "1 rule failed" in Path("r.svg").read_text(encoding="utf-8")

    def test_what_failed_is_written_to_be_expected(self, foricheck: Call) -> None:
        foricheck("run", "breaks:f", "--write-expected", "e.toml")
        foricheck("run", "breaks:f", "--expect-failures", "e.toml")
        assert asked().expected == {
            "CARRY-01": "not yet: to be filled in",
            "CARRY-03": "not yet: no containers",
        }

    def test_its_option_is_named_as_it_is_typed(self, foricheck: Call) -> None:
        complaint = one_line(foricheck("run", "--write-expected", "nosuch/e.toml"))
        assert complaint.startswith("--write-expected: cannot write nosuch/e.toml")

    def test_nothing_is_left_beside_a_report(self, foricheck: Call) -> None:
        foricheck("run", "--json", "r.json")
        assert os.listdir() == ["r.json"]

    @pytest.mark.parametrize("target", ["nosuch:f", "has-a-bug:f"])
    def test_an_old_report_stays_when_there_is_no_new_one(
        self, foricheck: Call, target: str
    ) -> None:
        Path("r.json").write_text("old")
        foricheck("run", target, "--json", "r.json")
        assert Path("r.json").read_text() == "old"

    def test_a_link_is_kept_and_its_file_replaced(self, foricheck: Call) -> None:
        Path("there.json").write_text("old")
        Path("r.json").symlink_to("there.json")
        foricheck("run", "--json", "r.json")
        assert Path("r.json").is_symlink()
        assert json.loads(Path("there.json").read_text())["verdict"] == "conformant"

    def test_a_replaced_report_keeps_its_mode(self, foricheck: Call) -> None:
        Path("r.json").touch(mode=0o600)
        foricheck("run", "--json", "r.json")
        assert Path("r.json").stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        ("destination", "message"),
        [
            ("nosuch/r.json", "--json: cannot write nosuch/r.json: No such file or directory"),
            (".", "--json: cannot write .: Is a directory"),
        ],
    )
    def test_a_file_that_cannot_be_written_is_found_before_the_run(
        self, foricheck: Call, destination: str, message: str
    ) -> None:
        ended = foricheck("run", "--json", destination)
        assert one_line(ended) == message
        assert ended.out == ""

    @pytest.mark.parametrize("place", ["-", "r"])
    def test_two_reports_cannot_share_a_place(self, foricheck: Call, place: str) -> None:
        complaint = one_line(foricheck("run", "--json", place, "--html", place))
        assert complaint == f"--json and --html cannot both write to {place}"

    @LINUX
    def test_a_full_disk_is_told_and_the_terminal_report_shown(self, foricheck: Call) -> None:
        ended = foricheck("run", "--html", "/dev/full", "--json", "r.json")
        assert one_line(ended) == "--html: cannot write /dev/full: No space left on device"
        assert "CONFORMANT" in ended.out
        assert json.loads(Path("r.json").read_text())["verdict"] == "conformant"


class TestInterrupted:
    def test_what_was_found_is_reported(self, foricheck: Call) -> None:
        ended = foricheck("run", "is-stopped:f", "--json", "r.json")
        report = json.loads(Path("r.json").read_text())
        assert (ended.status, ended.err) == (130, "foricheck: interrupted\n")
        assert "NO VERDICT  interrupted" in ended.out
        assert (report["verdict"], report["reason"]) == ("error", "interrupted")
        assert [rule["id"] for rule in report["rules"]] == ["ITER-01"]

    def test_a_rule_that_failed_before_is_a_verdict(self, foricheck: Call) -> None:
        foricheck("run", "breaks-and-is-stopped:f", "--json", "r.json")
        report = json.loads(Path("r.json").read_text())
        assert (report["verdict"], report["reason"]) == ("nonconformant", "interrupted")


class TestRules:
    def test_one_line_a_rule_where_nothing_is_to_fit(self, foricheck: Call) -> None:
        assert foricheck("rules").out.splitlines() == [
            "id        class   kind        sentence",
            "ITER-01   core    loop        Every leaf keeps its dtype.",
            "CARRY-01  parity  loop        Every leaf keeps its dtype.",
            "REC-01    core    recurrence  f(−x) = −f(x).",
        ]

    @pytest.mark.parametrize(
        ("options", "ids"),
        [
            (["--kind", "recurrence"], ["REC-01"]),
            (["--class", "parity"], ["CARRY-01"]),
            (["--kind", "loop", "--class", "core"], ["ITER-01"]),
        ],
    )
    def test_can_be_chosen(self, foricheck: Call, options: list[str], ids: list[str]) -> None:
        rules = json.loads(foricheck("rules", *options, "--json", "-").out)
        assert [rule["id"] for rule in rules] == ids

    def test_json_tells_a_rule_whole(self, foricheck: Call) -> None:
        rules = json.loads(foricheck("rules", "--class", "parity", "--json", "-").out)
        assert rules == [
            {
                "id": "CARRY-01",
                "class": "parity",
                "kind": "loop",
                "sentence": "Every leaf keeps its dtype.",
                "why": "A carry of another ``dtype`` is another program.",
                "source": {"document": fake_cli.CARRY.document, "place": fake_cli.CARRY.place},
                "hunts": ["silent promotion"],
                "needs": ["refuse"],
                "ways": ["traced-with-jit"],
                "property": "conformance/test_carry.py::test_dtypes_are_kept",
                "statements": [],
            }
        ]

    def test_json_tells_what_the_documents_say(self, foricheck: Call) -> None:
        rules = json.loads(foricheck("rules", "--class", "core", "--json", "-").out)
        assert [rule["statements"] for rule in rules] == [["The loop loops."]] * 2

    def test_documents_lead_from_a_sentence_to_what_breaks_it(self, foricheck: Call) -> None:
        lines = foricheck("rules", "--documents").out.splitlines()
        assert lines[:5] == [
            "The book",
            "",
            "  The loop loops. [book.loops]",
            "    ITER-01    conformance/test_carry.py::test_dtypes_are_kept",
            "               catches skips",
        ]

    @pytest.mark.parametrize(
        "told",
        [
            "    untestable: An opinion.",
            "In no document, measured on released JAX",
            "    CARRY-01   conformance/test_carry.py::test_dtypes_are_kept",
        ],
    )
    def test_documents_leave_nothing_out(self, foricheck: Call, told: str) -> None:
        assert told in foricheck("rules", "--documents").out.splitlines()

    def test_documents_of_some_rules_only(self, foricheck: Call) -> None:
        assert "CARRY-01" not in foricheck("rules", "--documents", "--class", "core").out

    @LINUX
    def test_a_full_disk_is_one_line(self, foricheck: Call) -> None:
        complaint = one_line(foricheck("rules", "--json", "/dev/full"))
        assert complaint.endswith("No space left on device")


class TestExplain:
    @pytest.mark.parametrize(
        "told",
        [
            "CARRY-01, a parity rule for a loop",
            "Every leaf keeps its dtype.",
            "A carry of another `dtype` is another program.",
            "source   https://docs.jax.dev",
            "catches  silent promotion",
            "needs    refuse (refuses what the documents forbid)",
            "variants traced-with-jit",
            "members  promotes: Promotes on the way.",
        ],
    )
    def test_tells_a_rule(self, foricheck: Call, told: str) -> None:
        assert told in foricheck("explain", "CARRY-01").out

    def test_tells_only_what_the_rule_catches(self, foricheck: Call) -> None:
        assert "skips" not in foricheck("explain", "CARRY-01").out

    def test_takes_small_letters(self, foricheck: Call) -> None:
        assert foricheck("explain", "carry-01").status == 0

    def test_takes_chapters_globs_and_several_ids(self, foricheck: Call) -> None:
        told = foricheck("explain", "ITER", "CARRY-01", "*-01").out
        titles = [line for line in told.splitlines() if " rule for a " in line]
        assert [title.partition(",")[0] for title in titles] == ["ITER-01", "CARRY-01", "REC-01"]

    def test_an_unknown_id_is_answered_with_close_ones(self, foricheck: Call) -> None:
        complaint = one_line(foricheck("explain", "CARY-01"))
        assert complaint == "no rule is named 'CARY-01'; did you mean CARRY-01?"

    def test_an_id_close_to_none_is_answered_with_the_list(self, foricheck: Call) -> None:
        complaint = one_line(foricheck("explain", "zzz"))
        assert complaint == "no rule is named 'zzz' ('foricheck rules' lists them)"


class TestReplay:
    @pytest.mark.parametrize(("id", "status"), [("fails", 1), ("passes", 0)])
    def test_exit_status_says_whether_it_still_fails(
        self, foricheck: Call, id: str, status: int
    ) -> None:
        assert foricheck("replay", id).status == status

    def test_a_failure_is_told_whole(self, foricheck: Call) -> None:
        assert "expected int32 7" in foricheck("replay", "fails").out

    def test_the_case_can_come_from_a_report(self, foricheck: Call) -> None:
        foricheck("replay", "fails", "--from", "r.json")
        assert fake_cli.ASKED[-1] == ("fails", Path("r.json"))


class TestCache:
    def test_tells_where_and_how_many(
        self, foricheck: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "usage", lambda: cache.Usage(1234, 3 * 2**20))
        assert foricheck("cache").out == f"{cache.directory()}\n1,234 programs kept, 3.0 MiB\n"

    def test_clears(self, foricheck: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "clear", lambda: cache.Usage(2, 2**19))
        assert foricheck("cache", "--clear").out.endswith("\n2 programs removed, 0.5 MiB\n")


class TestHelp:
    @pytest.mark.parametrize(
        "command", [[], ["run"], ["rules"], ["explain"], ["replay"], ["cache"], ["vectors"]]
    )
    def test_ends_in_examples(self, foricheck: Call, command: list[str]) -> None:
        ended = foricheck(*command, "--help")
        assert ended.status == 0
        assert f"foricheck {' '.join(command)}" in ended.out.rpartition("Examples:")[2]

    def test_is_the_answer_to_no_command(self, foricheck: Call) -> None:
        ended = foricheck()
        assert ended.status == 2
        assert "Commands:" in ended.err

    def test_version(self, foricheck: Call) -> None:
        ended = foricheck("--version")
        assert (ended.status, ended.out[:10]) == (0, "foricheck ")


INTERRUPTED_AT = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == {!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
sys.argv[1:] = ["rules"]
from foricheck.__main__ import main
main()
"""
"""The command line, with an interrupt where it imports a module."""


def started(
    arguments: Sequence[str], directory: Path, *, stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """The command line over fake sessions, in a process of its own."""
    path = os.pathsep.join([str(TESTS), *filter(None, sys.path)])
    return subprocess.Popen(
        [sys.executable, "-m", "report.fake_cli", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=directory,
        env=os.environ | {"PYTHONPATH": path},
    )


class TestProcess:
    def test_exit_status_reaches_the_shell(self, tmp_path: Path) -> None:
        process = started(["run", "breaks:f"], tmp_path)
        process.communicate()
        assert process.returncode == 1

    def test_interrupt_key(self, tmp_path: Path) -> None:
        with interruptible():
            process = started(["run", "hangs:f", "--json", "r.json"], tmp_path)
        assert process.stdout is not None
        until_told(process, "ITER   1 passed")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        assert (process.returncode, err) == (130, "foricheck: interrupted\n")
        assert json.loads((tmp_path / "r.json").read_text())["reason"] == "interrupted"

    @pytest.mark.parametrize(
        ("number", "status", "word"),
        [
            (signal.SIGINT, 130, "interrupted"),
            (signal.SIGTERM, 143, "terminated"),
            (signal.SIGHUP, 129, "hung up"),
        ],
    )
    def test_a_signal_writes_every_report(
        self, tmp_path: Path, number: int, status: int, word: str
    ) -> None:
        asked = ["run", "hangs:f", "--json", "r.json", "--html", "r.html", "--junit", "r.xml"]
        with ignoring_interrupts():  # as a shell does for what runs in the background
            process = started(asked, tmp_path)
        until_told(process, "ITER   1 passed")
        process.send_signal(number)
        out, err = process.communicate()
        report = json.loads((tmp_path / "r.json").read_text())
        assert (process.returncode, err) == (status, f"foricheck: {word}\n")
        assert (report["reason"], report["notes"]) == (word, ["rules not judged: 1 (REC)"])
        assert f"NO VERDICT  {word}" in out
        assert word in (tmp_path / "r.html").read_text()
        assert ElementTree.parse(tmp_path / "r.xml").find(".//error") is not None

    @pytest.mark.parametrize(
        "module",
        ["foricheck.cli", "click", "foricheck.cli.run", "foricheck.rules.registry", "numpy"],
    )
    def test_an_interrupt_while_it_starts_is_one_line(self, tmp_path: Path, module: str) -> None:
        ended = subprocess.run(
            [sys.executable, "-c", INTERRUPTED_AT.format(module)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert (ended.returncode, ended.stderr) == (130, "foricheck: interrupted\n")

    def test_a_closed_output_is_no_matter(self, tmp_path: Path) -> None:
        asked = shlex.join([sys.executable, "-m", "report.fake_cli", "run", "breaks:f"])
        path = os.pathsep.join([str(TESTS), *filter(None, sys.path)])
        env = os.environ | {"PYTHONPATH": path}
        assert (
            subprocess.run(f"{asked} >&- 2>&-", shell=True, cwd=tmp_path, env=env).returncode == 1
        )

    @pytest.mark.parametrize("command", [["rules"], ["run", "breaks:f"], ["run", "--json", "-"]])
    def test_a_reader_that_goes_away_is_no_matter(self, tmp_path: Path, command: list[str]) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        process = started(command, tmp_path, stdout=writer)
        os.close(writer)
        _, err = process.communicate()
        assert process.returncode == 141
        assert "foricheck:" not in err
        assert "Error" not in err

    def test_a_report_outlives_the_reader_of_the_terminal_report(self, tmp_path: Path) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        process = started(["run", "--json", "r.json"], tmp_path, stdout=writer)
        os.close(writer)
        process.communicate()
        assert json.loads((tmp_path / "r.json").read_text())["verdict"] == "error"

    @LINUX
    @pytest.mark.parametrize("command", [["rules"], ["run"], ["run", "--json", "-"]])
    def test_a_full_standard_output_is_one_line(self, tmp_path: Path, command: list[str]) -> None:
        with open("/dev/full", "w") as full:
            process = started(command, tmp_path, stdout=full.fileno())
            _, err = process.communicate()
        assert process.returncode == 2
        assert err.splitlines()[-1].startswith("foricheck: ")
        assert err.splitlines()[-1].endswith("standard output: No space left on device")
        assert "Traceback" not in err

    def test_an_encoding_without_the_letters_is_no_matter(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONIOENCODING", "ascii")
        process = started(["rules"], tmp_path)
        out, _ = process.communicate()
        assert process.returncode == 0
        assert "f(\\u2212x)" in out

    def test_the_command_line_itself_loads_nothing_heavy(self) -> None:
        code = "import sys, foricheck.cli; print({'jax', 'numpy', 'rich'} & set(sys.modules))"
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert ran.stdout == "set()\n"

    @pytest.mark.parametrize(
        "command",
        [["explain", "CARRY-03"], ["rules", "--documents"], ["rules", "--html", "rules"]],
    )
    def test_what_is_said_of_rules_needs_no_jax(self, command: list[str], tmp_path: Path) -> None:
        code = f"""if True:
            import sys
            from foricheck.cli import foricheck
            foricheck.main({command}, standalone_mode=False)
            sys.exit("jax" in sys.modules)"""
        ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
        assert ran.returncode == 0

    def test_pages_need_a_directory(self, foricheck: Call) -> None:
        assert one_line(foricheck("rules", "--html", "-")).endswith("name a directory")


def until_told(process: subprocess.Popen[str], text: str) -> None:
    """Read the process's output up to a line that begins with the text."""
    assert process.stdout is not None
    deadline = time.monotonic() + 30
    for line in process.stdout:
        if line.startswith(text):
            return
        assert time.monotonic() < deadline
    raise AssertionError(f"the process ended without saying {text!r}")
