"""A pasted list of people is read as it stands; every fault has a sentence."""

import pytest

from festival.team.people_list import MOST, Person, read_people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("a@example.org", [Person("a@example.org")]),
        ("Ana <A@Example.org>\nb@example.org", [Person("a@example.org", "Ana"), Person("b@example.org")]),
        (
            "Ana <a@x.org>, Ben <b@x.org>; c@x.org,",
            [Person("a@x.org", "Ana"), Person("b@x.org", "Ben"), Person("c@x.org")],
        ),
        ('"Doe, Jane" <j@x.org>', [Person("j@x.org", "Doe, Jane")]),
        ("Doe, Jane <j@x.org>", [Person("j@x.org", "Doe, Jane")]),
        ("王晓 ＜w@x.org＞，li@x.org", [Person("w@x.org", "王晓"), Person("li@x.org")]),
        ("Ev\u202eil <e@x.org>", [Person("e@x.org", "Evil")]),
    ],
)  # fmt: skip
def test_people(text: str, people: list[Person]) -> None:
    assert read_people(text) == (people, [])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (" \n,", ["Enter at least one e-mail address."]),
        (
            "ok@x.org\nnobody",
            ["Line 2: “nobody” is no e-mail address. Write it like Name <name@example.org>."],
        ),
        ("a@x.org\nA@x.org", ["Line 2: a@x.org stands in the list twice."]),
        (f"{'n' * 121} <a@x.org>", ["Line 1: the name is too long."]),
        (
            "nobody, a@x.org",
            ["Line 1: “nobody” is no e-mail address. Write it like Name <name@example.org>."],
        ),
        (
            "\n".join(f"p{n}@x.org" for n in range(MOST + 1)),
            ["These are 101 people. Invite at most 100 at once."],
        ),
    ],
)
def test_faults(text: str, faults: list[str]) -> None:
    assert read_people(text)[1] == faults
