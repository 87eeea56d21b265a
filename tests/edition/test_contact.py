"""Where questions to the organisers go: on the pages of the contest, in its letters, in its blueprint."""

import pytest
from django.test import Client

from festival.edition import blueprint
from festival.edition.blueprint_writer import write
from festival.people.roles import Role
from festival.post import tasks
from judging.blueprint_export import plan_of
from tests.factories import make_draft, make_edition, make_member, make_user
from tests.post.conftest import server
from tests.post.mailserver import MailServer
from tests.post.making import make_notice

__all__ = ["server"]
pytestmark = pytest.mark.django_db
ADDRESS = "hello@festival.example"


def test_letters_name_it_and_are_answered_there(server: MailServer) -> None:
    asked, unasked = make_edition(contact=ADDRESS), make_edition()
    user = make_user(language="zh-hans")
    for edition in (asked, unasked):
        tasks.send_notice(make_notice(edition=edition, user=user).pk)
    named, plain = server.messages
    assert named["Reply-To"] == ADDRESS and f"联系主办方：{ADDRESS}" in named.get_content()
    assert plain["Reply-To"] is None and "联系主办方" not in plain.get_content()


def test_it_stands_below_the_pages_of_the_contest() -> None:
    edition = make_edition(contact=ADDRESS, call_open=True)
    link = f'href="mailto:{ADDRESS}"'
    for path in (f"/{edition.slug}/", f"/{edition.slug}/rules/"):
        assert link in Client().get(path).content.decode(), path
    draft = make_draft(edition)
    client = Client()
    client.force_login(draft.entrant)
    assert link in client.get(f"/entries/{draft.code}/").content.decode()
    other = make_edition()
    assert "mailto:" not in Client().get(f"/{other.slug}/").content.decode()


def test_it_is_written_at_the_desk() -> None:
    edition = make_edition()
    client, url = Client(), f"/{edition.slug}/desk/setup/texts/"
    client.force_login(make_member(edition, Role.ORGANISER).user)
    given = {"name_en": "First", "name_zh": "初光"}
    for wrong in ("festival.example", "a@localhost", '"a b"@festival.example', "你好@festival.example"):
        assert client.post(url, given | {"contact": wrong}).status_code == 400, wrong
    assert client.post(url, given | {"contact": ADDRESS}).status_code == 302
    edition.refresh_from_db()
    assert edition.contact == ADDRESS
    exported = write(plan_of(edition), "own")
    assert f'contact = "{ADDRESS}"' in exported
    for wrong in (
        "nobody",
        "a(b@festival.example",
        "a@festival." + 60 * "x." + 200 * "y",
        "a..b@festival.example",
    ):
        with pytest.raises(blueprint.BlueprintError, match="is no e-mail address"):
            blueprint.parse(exported.replace(ADDRESS, wrong), key="broken", rulebook=edition.rulebook)
