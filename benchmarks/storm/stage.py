"""Inside the site: an edition with a call, and an account with a draft and a session for everybody who comes.

    python -m benchmarks.storm.stage FOLDER

Reads plan.json, writes accounts.json. The sessions are made by the log-in of the site itself.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path


def main(folder: Path) -> None:
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from django.test import Client
    from django.utils import timezone

    from benchmarks.storm.plan import Plan
    from festival.edition.models import Edition, Phase, Track
    from festival.people.models import User
    from submissions.models import Entry

    plan, now = Plan.read(folder / "plan.json"), timezone.now()
    edition = Edition.objects.create(slug="storm", name={"en": "Storm", "zh": "风暴"}, status="public")
    track = Track.objects.create(edition=edition, slug="open", name={"en": "Open", "zh": "公开单元"})
    Phase.objects.create(
        edition=edition,
        kind=Phase.Kind.CALL,
        name={"en": "Call", "zh": "征集"},
        starts_at=now - timedelta(days=30),
        ends_at=now + timedelta(days=1),
    )
    people = []
    for person in plan.people:
        language = ("en", "zh-hans")[person.number % 2]
        user = User(
            email=f"person{person.number}@example.org", name=f"Person {person.number}", language=language
        )
        user.set_unusable_password()
        people.append(user)
    User.objects.bulk_create(people)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    Entry.objects.bulk_create(
        Entry(
            edition=edition, track=track, entrant=user, code=f"S{number:05}", title=f"Film {number}",
            synopsis={"en": "It rains."}, ai_statement="Pictures by a generator, cut by a person.",
            director=user.name, created_at=now, updated_at=now,
        )
        for number, user in enumerate(people)
    )  # fmt: skip
    accounts = []
    for number, user in enumerate(people):
        client = Client()
        client.force_login(user, backend="festival.people.backends.AccountBackend")
        accounts.append({"entry": f"S{number:05}", "session": client.cookies["sessionid"].value})
    (folder / "accounts.json").write_text(json.dumps(accounts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
