"""A hostile file may take the child down, in any way it likes; the parent gets a refusal and lives on."""

import os
import resource
import threading
import time

import pytest

from kernel.errors import MarketError
from kernel.sandbox import Crashed, SandboxFault, TooMuchAnswer, TooMuchMemory, TooSlow, run_limited
from tests.kernel import sandbox_guests as guests


def test_an_answer_comes_back_as_it_was_given():
    value = {"rows": [[1, "Đặng Thị Thuỷ", None, True, 2.5]], "huge": 10**30}

    assert run_limited(guests.echo, value) == value


def test_the_function_runs_in_another_process_that_is_gone_afterwards():
    child = run_limited(guests.pid)

    assert child != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_child_gets_no_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for parsers")

    assert "SECRET_KEY" not in run_limited(guests.environment)


def test_the_child_does_not_load_the_application():
    heavy = {"flask", "flask_babel", "sqlalchemy", "kernel.sandbox", "site"}

    assert heavy.isdisjoint(run_limited(guests.loaded_modules))


def test_what_is_printed_does_not_spoil_the_answer():
    assert run_limited(guests.chatter) == "clean"


@pytest.mark.parametrize("guest", [guests.hoard, guests.hoard_in_pieces, guests.abort_like_a_native_parser])
def test_too_much_memory_is_refused(guest):
    with pytest.raises(TooMuchMemory):
        run_limited(guest, memory_mb=256)


def test_too_much_work_is_refused():
    with pytest.raises(TooSlow) as refusal:
        run_limited(guests.spin, cpu_seconds=1, wall_seconds=20)

    assert refusal.value.detail == "CPU time"


def test_too_long_a_wait_is_refused_and_the_child_ended():
    started = time.monotonic()

    with pytest.raises(TooSlow) as refusal:
        run_limited(guests.sleep, 30, wall_seconds=0.5)

    assert refusal.value.detail == "wall clock"
    assert time.monotonic() - started < 10


def test_too_large_an_answer_is_refused():
    with pytest.raises(TooMuchAnswer):
        run_limited(guests.ramble, 3, answer_mb=2)


@pytest.mark.parametrize(
    "guest", [guests.abort, guests.kill_itself, guests.leave, guests.panic, guests.surrogate, guests.fill_the_disk]
)
def test_every_other_death_is_a_crash(guest):
    with pytest.raises(Crashed):
        run_limited(guest)


@pytest.mark.parametrize("forged", ["", "[", "[" * 100_000, "[]", "{}", '{"result": 1', '{"fault": {}}', "\x80"])
def test_a_forged_answer_is_no_answer(forged):
    with pytest.raises(Crashed):
        run_limited(guests.forge, forged)


def test_the_log_learns_the_kind_of_error_but_none_of_the_content():
    with pytest.raises(Crashed) as refusal:
        run_limited(guests.break_down, "Trần Thị Bình 0912345678")

    assert refusal.value.detail.startswith("ValueError at ")
    assert "sandbox_guests.py" in refusal.value.detail
    assert "0912345678" not in f"{refusal.value} {refusal.value.detail}"


def test_no_core_is_dumped_and_no_large_file_written():
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        limits = run_limited(guests.limits, answer_mb=3)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))

    assert limits == {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 3 << 20}


def test_many_threads_may_use_it_at_once():
    answers = []

    workers = [threading.Thread(target=lambda n=n: answers.append(run_limited(guests.echo, n))) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(answers) == list(range(8))


def test_each_refusal_is_of_one_family_with_words_for_people():
    for kind in (TooMuchMemory, TooSlow, TooMuchAnswer, Crashed):
        assert issubclass(kind, SandboxFault)
    with pytest.raises(MarketError, match="Export it again"):
        run_limited(guests.abort)


def test_the_child_starts_fast():
    run_limited(guests.echo, 1)

    started = time.perf_counter()
    run_limited(guests.echo, 1)

    assert time.perf_counter() - started < 2  # 0.08 on an idle machine
