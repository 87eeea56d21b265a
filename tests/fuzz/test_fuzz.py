"""Five thousand mutants on every run, in two shares that two test processes take at the same time.

`python -m tests.fuzz --cases 100000 --seed S` runs more; a fault prints the numbers of its cases.
"""

import hashlib
from collections import Counter

import pytest

from tests.fuzz import run
from tests.fuzz.corpus import FILMS, make_corpus
from tests.fuzz.mutate import CHANGES, mutant, parts
from tests.fuzz.run import Tally, run_cases

SEED = 1
CASES = 5000
SHARES = 2


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder)
    return folder


@pytest.mark.parametrize("share", range(SHARES))
def test_every_mutant_gives_a_report_or_a_problem_with_a_name(corpus, share):
    tally = run_cases(corpus, SEED, range(CASES)[share::SHARES])
    assert tally.faults == []
    assert tally.cases == CASES // SHARES
    reports = sum(count for name, count in tally.outcomes.items() if name.startswith("inspect: report"))
    assert CASES // SHARES * 0.2 < reports < CASES // SHARES * 0.9  # neither all broken nor all harmless
    assert len(tally.died) <= 3, "decoders die more often than they used to"


def test_the_films_themselves_are_sound(corpus, tmp_path):
    """Every film of the corpus gives a report when nothing is done to it."""
    tally = Tally()
    for path in make_corpus(corpus):
        assert run._alone(path, tmp_path / "out", tally) == ""
    assert sum(tally.outcomes.values()) == len(FILMS)
    assert set(tally.outcomes) <= {"alone: pass", "alone: note", "alone: fix", "alone: block"}


def test_a_case_is_the_same_on_every_run(corpus):
    films = [path.read_bytes() for path in make_corpus(corpus)]
    first = [mutant(films, 7, number) for number in range(50)]
    assert first == [mutant(films, 7, number) for number in range(50)]
    assert len({hashlib.sha256(data).digest() for data, _ in first}) > 45
    used = Counter(word for number in range(2000) for word in mutant(films, 7, number)[1].split()[1:])
    assert set(used) == {change.__name__ for change in CHANGES}


def test_the_build_of_every_container_is_understood(corpus):
    for path in make_corpus(corpus):
        assert len(parts(bytearray(path.read_bytes()))) > 8, path.name


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            {"problem": {"code": "crashed", "values": {}}, "detail": "Traceback …\nValueError: no"},
            "ValueError",
        ),
        ({"problem": {"code": "unheard_of", "values": {}}, "left": []}, "without words"),
        ({"problem": {"code": "damaged", "values": {"why": "Errno 5"}}, "left": []}, "shows 'Errno'"),
        ({"problem": {"code": "damaged", "values": {}}, "left": [".copy.mp4.part"]}, "half a copy"),
        ({"result": {"measurements": {}, "stills": []}, "left": []}, "not the agreed shape"),
        ({"unsayable": "NaN", "left": []}, "no JSON"),
        ({"problem": {"code": "damaged", "values": {}}, "left": []}, ""),
    ],
)
def test_what_counts_as_a_fault(tmp_path, said, fault):
    found = run._judge("copy" if ".part" in str(said) else "inspect", said, tmp_path, Tally())
    assert fault in found
    assert bool(found) == bool(fault)


def test_a_batch_child_that_hangs_or_dies_is_noticed(corpus, monkeypatch):
    """Its case is then inspected the whole way, and the work goes on with a new child."""
    real = run.Batch.receive

    def receive(batch: run.Batch, seconds: float):
        if batch.done == 3:
            batch.child.kill()
        return real(batch, seconds)

    monkeypatch.setattr(run.Batch, "receive", receive)
    tally = run_cases(corpus, SEED, range(1, 10))
    assert tally.cases == 9
    assert [how for _, _, how in tally.died] == ["status -9"] * 2
    assert tally.faults == []
