"""Notes at moments of a film: sent twice they are one, the later change stands, and only their judge reads them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import console_queries, looks_actions, note_actions, queries, rounds_actions
from judging.models import Look, LookNote
from tests.factories import make_member
from tests.judging.test_watching import make_look, save

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def write(look: Look, judge: Any, text: str, number: int = 1, **more: Any) -> None:
    options = {"client_id": ONE, "seconds": Decimal("12.5"), "for_jury": False} | more
    note_actions.write_note(look=look, by=judge, at=AT, text=text, number=number, **options)


def texts(look: Look) -> list[str]:
    return [note.text for note in console_queries.notes_of_look(look.pk)]


@pytest.mark.parametrize(
    ("sends", "kept"),
    [
        ([("dark", 1), ("dark", 1)], ["dark"]),
        ([("darker", 2), ("dark", 1)], ["darker"]),
        ([("dark", 1), ("", 2)], []),
        ([("dark", 1), ("", 2), ("dark", 1)], []),  # an old send does not bring back what was taken away
        ([("", 3), ("dark", 2)], []),
        ([("dark", 1), ("  ", 2), ("light", 3)], ["light"]),
    ],
)
def test_of_all_sends_for_a_note_the_latest_stands(sends: Any, kept: list[str]) -> None:
    look, judge = make_look()
    for text, number in sends:
        write(look, judge, text, number)
    assert texts(look) == kept
    assert LookNote.objects.count() == 1


def test_notes_stand_in_the_order_of_the_film_and_within_it() -> None:
    look, judge = make_look(100)
    write(look, judge, "the end", client_id=OTHER, seconds=Decimal(9999))
    write(look, judge, "early")
    notes = console_queries.notes_of_look(look.pk)
    assert [(note.text, note.seconds) for note in notes] == [
        ("early", 12.5),
        ("the end", 100),
    ]


def test_what_is_too_much_or_not_one_s_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    look, judge = make_look()
    with pytest.raises(Refused, match="1000"):
        write(look, judge, "x" * 1001)
    with pytest.raises(Refused) as refused:
        write(look, make_member(look.round.edition, Role.JUDGE), "mine now")
    assert refused.value.status == 403
    monkeypatch.setattr(note_actions, "MOST", 1)
    write(look, judge, "the only one")
    with pytest.raises(Refused, match="takes 1 notes"):
        write(look, judge, "one more", client_id=OTHER)
    assert texts(look) == ["the only one"]


def test_notes_go_with_a_recusal() -> None:
    look, judge = make_look()
    write(look, judge, "quiet")
    looks_actions.recuse(look=look, by=judge, at=AT, reason="a friend")
    assert texts(look) == []
    with pytest.raises(Refused, match="stood aside"):
        write(look, judge, "loud")


def test_notes_end_with_the_round() -> None:
    look, judge = make_look()
    chair = make_member(look.round.edition, Role.CHAIR)
    rounds_actions.close_round(round=look.round, by=chair, at=AT, confirmed_pending=1)
    with pytest.raises(Refused) as refused:
        write(look, judge, "late")
    assert refused.value.code == "closed"


def test_the_chair_reads_notes_for_the_jury_and_no_others_once_the_round_is_closed() -> None:
    look, judge = make_look()
    write(look, judge, "mine alone")
    write(look, judge, "see this cut", client_id=OTHER, for_jury=True)
    now = save(look, judge, watched=9, comment="strong")
    looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)
    entry = Look.objects.get().entry_id
    assert queries.notes_of(look.round, [entry]) == {
        entry: [(judge.user.name, "strong"), (judge.user.name, "0:13 see this cut")]
    }


def send(client: Any, look: Look, data: Any, *, script: bool = True) -> Any:
    url = reverse("judging:note", args=[look.pk])
    return (
        client.post(url, json.dumps(data), content_type="application/json")
        if script
        else client.post(url, data)
    )


def test_the_script_and_the_form_write_the_same(client: Any) -> None:
    look, judge = make_look()
    client.force_login(judge.user)
    answer = send(client, look, {"id": str(ONE), "number": 1, "seconds": 12.5, "text": "dark", "jury": True})
    (note,) = answer.json()["notes"]
    assert note == {"id": str(ONE), "number": 1, "seconds": 12.5, "text": "dark", "jury": True}
    answer = send(
        client, look, {"id": str(OTHER), "number": "1", "seconds": "1：05", "text": "late"}, script=False
    )
    assert answer.headers["Location"] == reverse("judging:console", args=[look.pk])
    assert [(note.seconds, note.for_jury) for note in console_queries.notes_of_look(look.pk)] == [
        (12.5, True),
        (65, False),
    ]
    page = client.get(reverse("judging:console", args=[look.pk])).content.decode()
    assert page.index("dark") < page.index("late")


@pytest.mark.parametrize("seconds", ["", "soon", "1:2:3:4", "-5", "1e9", None, [], "9" * 50])
def test_a_moment_that_is_none_is_refused(client: Any, seconds: Any) -> None:
    look, judge = make_look()
    client.force_login(judge.user)
    answer = send(client, look, {"id": str(ONE), "number": 1, "seconds": seconds, "text": "dark"})
    assert (answer.status_code, LookNote.objects.count()) == (400, 0)
    assert send(client, look, {"id": "x", "seconds": 1, "text": "dark"}).status_code == 400
