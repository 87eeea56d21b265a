"""What an operator does for a request by post."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from festival.people.models import User
from personal import erase_actions
from personal.models import Erasure
from tests.factories import make_edition, make_entry, make_user
from tests.personal.lives import ADDRESS, SECOND, Life
from tests.shows import make_film


def erase(*arguments: str) -> str:
    out = StringIO()
    call_command("erase_account", *arguments, stdout=out)
    return out.getvalue()


def test_without_apply_it_only_says_what_would_be(life: Life) -> None:
    said = erase(SECOND)
    assert "1 entries drafts, deleted: DRAFT11" in said
    assert "1 entries published, what was published stays: LAUREA1" in said
    assert "1 films judged: scores stay under deleted-" in said
    assert "Nothing was changed" in said
    assert not Erasure.objects.exists()


def test_with_apply_it_is_done_at_once(life: Life, mailoutbox: list) -> None:
    mailoutbox.clear()
    said = erase(ADDRESS.upper(), "--apply")
    assert "Deleted." in said and "entries 1" in said
    row = Erasure.objects.get()
    assert (row.state, row.way) == ("done", "operator")
    assert len(mailoutbox) == 1  # the last one alone
    with pytest.raises(CommandError, match="No account"):
        erase(ADDRESS)


def test_it_carries_out_now_what_waits_out_its_days(db: None) -> None:
    user = make_user(email="ann@example.org")
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    erase("ann@example.org", "--apply")
    row.refresh_from_db()
    assert (row.state, row.way) == ("done", "operator")


def test_what_stands_in_the_way_is_said(db: None) -> None:
    user = make_user(email="ann@example.org")
    entry = make_entry(make_edition(), entrant=user, title="Running")
    with pytest.raises(CommandError, match="Running"):
        erase("ann@example.org", "--apply")
    assert User.objects.get(pk=user.pk).is_active
    erase("ann@example.org", "--withdraw", "--apply")
    entry.refresh_from_db()
    assert entry.state == "withdrawn"


def test_an_operator_need_not_wait_for_the_result_of_a_public_film(db: None) -> None:
    user = make_user(email="ann@example.org")
    entry = make_entry(make_edition(), entrant=user, title="Public")
    make_film(entry.edition, source=entry.code, published_at=timezone.now())
    erase("ann@example.org", "--withdraw", "--apply")
    entry.refresh_from_db()
    assert (entry.state, entry.title) == ("eligible", "Public")
