"""The chair's way from an open round to the next one, in real browsers: in English at a desk, in Chinese on a phone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from judging.models import Cut, Round
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.factories import make_round
from tests.judging.scored import scored_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[(ENGLISH, 1280), (CHINESE, 390)], ids=["english-desk", "chinese-phone"])
def chair(
    request: Any, chromium: Any, live_server: Any, transactional_db: None, shots: Path | None
) -> Iterator[tuple[Person, Round, Round]]:
    locale, width = request.param
    at = timezone.now() - timedelta(days=3)
    # Few films and whole points: some are tied wherever the line falls.
    edition, round, actor, _contest = scored_round(
        films=24, judges=6, looks=3, places=0, at=at, cut_kind="count", cut_value=6, decides="adjusted"
    )
    final = make_round(edition, "final", position=1, after=round, looks_per_film=2)
    person = Person(chromium, live_server.url, locale=locale, width=width, shots=shots)
    client = Client()
    client.force_login(actor.user)
    language = "zh-hans" if locale == CHINESE else "en"
    person.context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
            {"name": "django_language", "value": language, "url": live_server.url},
        ]
    )
    yield person, round, final
    person.context.close()


def test_from_an_open_round_to_the_next(chair: tuple[Person, Round, Round]) -> None:
    person, round, final = chair
    desk = f"/{round.edition.slug}/desk/"
    first, last = f"{desk}rounds/{round.slug}/", f"{desk}rounds/{final.slug}/"
    mark = person.page.viewport_size["width"]

    for name in ("", "plan/", "watching/", "panel/", "console/"):
        person.go(f"{first}{name}").check(f"chair-open-{name.strip('/') or 'round'}-{mark}")
    person.go(f"{desk}rounds/").check(f"chair-rounds-{mark}")
    person.go(f"{desk}judges/").check(f"chair-judges-{mark}")
    person.go(f"{desk}conflicts/").check(f"chair-conflicts-{mark}")

    # Close it: what closing means, then the standing.
    person.go(f"{first}close/").check(f"chair-close-{mark}")
    person.page.click("main form button[type=submit]")
    person.page.wait_for_url(f"**{first}")
    person.check(f"chair-standing-{mark}")
    assert Round.objects.get(pk=round.pk).state == "closed"
    person.go(f"{first}panel/").check(f"chair-panel-{mark}")

    # The line: what one more look at the films nearest to it would change.
    person.go(f"{first}line/").check(f"chair-line-{mark}")
    person.page.fill("input[name=more]", "8")
    person.page.locator("form:has(input[name=more]) button[type=submit]").first.click()
    person.page.wait_for_url("**more=8**")
    person.check(f"chair-line-more-{mark}")

    # The cut was made as planned; one film is let go on by hand, with a reason that stays beside it.
    person.go(f"{first}cut/").check(f"chair-cut-{mark}")
    cut = Cut.objects.get(set_aside_at__isnull=True)
    out = round.films.exclude(pk__in=cut.rows.values("entry_id")).order_by("code").first()
    assert out
    person.page.fill("form[action$='/cut/move/'] input[name=code]", out.code)
    person.page.check("form[action$='/cut/move/'] input[value=on]")
    person.page.click("form[action$='/cut/move/'] button[type=submit]")
    person.page.wait_for_load_state()
    assert not cut.rows.filter(entry=out).exists()  # the browser asks for the reason first
    person.page.fill(
        "form[action$='/cut/move/'] textarea[name=why]", "The jury wants to see it once more. 再看一次。"
    )
    person.page.click("form[action$='/cut/move/'] button[type=submit]")
    person.page.wait_for_selector("text=再看一次。")
    person.check(f"chair-cut-moved-{mark}")
    assert cut.rows.get(entry=out).reason == "added_by_chair"

    # The next round takes the cut, and freezes it.
    person.go(last).check(f"chair-planned-{mark}")
    person.page.click(f"form[action='{last}open/'] button[type=submit]")
    person.page.wait_for_load_state()
    person.check(f"chair-next-open-{mark}")
    taken = set(Round.objects.get(pk=final.pk).films.values_list("pk", flat=True))
    assert taken == {row.entry_id for row in cut.rows.all() if row.goes_on}
    person.go(f"{first}cut/").check(f"chair-cut-frozen-{mark}")
    assert person.page.locator("form[action$='/cut/move/']").count() == 0
    cut.refresh_from_db()
    assert cut.frozen_at
