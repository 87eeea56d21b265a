"""From a confirmed list to the announcement: dates, public notice, withdrawal with promotion, the clock, no leak."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from festival.awards import audience_actions, objection_actions, objection_receiving
from festival.awards.audience_actions import Rules
from festival.awards.models import AwardRule, Laureate, Objection, PublicNotice
from festival.edition.actions import add_member
from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from judging import award_actions as actions
from judging import award_fill, vote_actions
from judging import award_queries as queries
from judging import award_steps as steps
from judging.models import AwardList
from submissions.models import Entry
from tests import meetings
from tests.awards import audience
from tests.factories import make_co_author, make_edition, make_entry, make_inspection, make_member, make_user
from tests.shows import make_film, make_slot, make_standing

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
WHY = {"en": "Somebody else made it.", "zh": "作品系他人创作。"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Jury:
    """Five films A to E in a row, a grand prize and two second prizes; the list confirmed."""

    def __init__(self, *, confirmed: bool = True, four_eyes: bool = False, rules: bool = False) -> None:
        self.edition = make_edition("spring")
        self.edition.four_eyes = four_eyes
        self.edition.save()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.organiser = make_member(self.edition, Role.ORGANISER, "Organiser")
        self.films = [make_entry(self.edition, title=f"Title {letter}") for letter in "ABCDE"]
        for entry in self.films:
            make_inspection(entry, seconds=60)
        make_slot(self.edition, "grand", tier="grand")
        make_slot(self.edition, "second", places=2)
        if rules:
            AwardRule.objects.create(
                edition=self.edition,
                slug="one-a-team",
                name={"en": "One award a team", "zh": "每团队一奖"},
                kind="limit",
                data={"per": "team", "most": 1},
            )
        make_standing(self.edition, [(entry, n + 1) for n, entry in enumerate(self.films)])
        self.list = actions.propose(edition=self.edition, by=self.chair, at=AT)
        if confirmed:
            actions.confirm(award_list=self.list, by=self.chair, at=AT)

    def tell(self, at=AT):
        return steps.tell_entrants(award_list=self.list, by=self.organiser, at=at)

    def dated(self, *, notice=True, announce=None):
        steps.set_dates(
            award_list=self.list,
            notice_from=AT + HOUR if notice else None,
            notice_until=AT + 5 * DAY if notice else None,
            announce_at=announce,
            by=self.organiser,
            at=AT,
        )

    def withdraw(self, number=0, at=AT, **more):
        return steps.withdraw(
            award_list=self.list, entry=self.films[number], reason=WHY, by=self.organiser, at=at, **more
        )

    def places(self):
        rows = queries.verdicts_of(self.list)
        return [(row.slot.slug, row.place, row.entry.title[-1] if row.entry else "") for row in rows]

    def wall(self):
        rows = Laureate.objects.filter(withdrawn_at__isnull=True)
        return [(row.slot.slug, row.place, row.film.title[-1]) for row in rows]

    def state(self):
        return AwardList.objects.get(pk=self.list.pk).state


def refused(code, doing):
    with pytest.raises(Refused) as caught:
        doing()
    assert caught.value.code == code, caught.value


def test_two_people_decide_where_the_edition_says_so():
    jury = Jury(confirmed=False, four_eyes=True)
    refused("four_eyes", lambda: actions.confirm(award_list=jury.list, by=jury.chair, at=AT))
    other = make_member(jury.edition, Role.CHAIR, "Second chair")
    actions.confirm(award_list=jury.list, by=other, at=AT)
    assert jury.state() == "confirmed"


def test_every_step_says_who_when_and_on_which_version():
    jury = Jury()
    jury.tell()
    jury.dated()
    rows = jury.list.steps.values_list("kind", "version", "by__name")
    assert list(rows) == [
        ("proposed", 1, "Chair"),
        ("confirmed", 1, "Chair"),
        ("told", 1, "Organiser"),
        ("dated", 1, "Organiser"),
    ]


def test_every_version_replays_to_the_byte_and_a_changed_one_does_not():
    jury = Jury(confirmed=False)
    grand = queries.verdicts_of(jury.list).get(slot__slug="grand")
    actions.set_verdict(verdict=grand, entry=jury.films[3], reason="Braver", by=jury.chair, at=AT)
    versions = list(jury.list.versions.select_related("base"))
    assert [version.number for version in versions] == [1, 2]
    assert versions[1].problem == {} and versions[1].base == versions[0]
    assert all(award_fill.replays(version) for version in versions)
    versions[1].changes["pinned"][0]["film"] = jury.films[4].code
    assert not award_fill.replays(versions[1])


def test_a_place_decided_by_the_chair_stays_and_the_others_are_filled_around_it():
    jury = Jury(confirmed=False)
    second = queries.verdicts_of(jury.list).get(slot__slug="second", place=1)
    actions.set_verdict(verdict=second, entry=jury.films[4], reason="Its sound", by=jury.chair, at=AT)
    assert jury.places() == [("grand", 1, "A"), ("second", 1, "E"), ("second", 2, "B")]
    second = queries.verdicts_of(jury.list).get(slot__slug="second", place=1)
    actions.release(verdict=second, by=jury.chair, at=AT)
    assert jury.places() == [("grand", 1, "A"), ("second", 1, "B"), ("second", 2, "C")]


def test_a_team_has_one_award_and_the_film_passed_over_says_why(client):
    jury = Jury(confirmed=False, rules=True)
    make_co_author(jury.films[1], jury.films[0].entrant)
    actions.propose(edition=jury.edition, by=jury.chair, at=AT)
    assert jury.places() == [("grand", 1, "A"), ("second", 1, "C"), ("second", 2, "D")]
    client.force_login(jury.chair.user)
    text = client.get(reverse("judging:award_slot", args=["spring", "second"])).content.decode()
    assert "Title B" in text and "passed over: its team already holds “Grand”" in text


def test_rules_that_clash_are_named_and_places_may_then_stay_vacant(client):
    jury = Jury(confirmed=False)
    AwardRule.objects.create(
        edition=jury.edition, slug="old", kind="eligible", data={"attribute": "year", "at_least": 1900}
    )
    client.force_login(jury.chair.user)
    answer = client.post(reverse("judging:awards_propose", args=["spring"]))
    assert answer.status_code == 409
    assert "No list keeps these rules together: “Grand” must be filled." in answer.content.decode()
    client.post(reverse("judging:awards_propose", args=["spring"]), {"vacancies": "on"})
    assert [place[2] for place in jury.places()] == ["", "", ""]


def test_a_special_mention_joins_the_list_and_is_public_with_its_laureate(client):
    jury = Jury(confirmed=False)
    actions.add_mention(
        award_list=jury.list, name={"en": "For its silence", "zh": "静默"}, entry=jury.films[0],
        reason="The whole jury asked for it.", by=jury.chair, at=AT,
    )  # fmt: skip
    assert jury.places()[-1] == ("mention-1", 1, "A")
    rules = reverse("judging:rules", args=["spring"])
    assert "For its silence" not in client.get(rules).content.decode()
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT)
    jury.tell()
    steps.announce(award_list=jury.list, by=jury.organiser, at=AT)
    assert "For its silence" in client.get(rules).content.decode()
    assert "For its silence" in client.get(reverse("awards:laureates", args=["spring"])).content.decode()


def test_an_award_that_people_decide_is_open_until_they_have():
    jury = Jury(confirmed=False)
    make_slot(jury.edition, "partner", decided_by="organiser")
    actions.propose(edition=jury.edition, by=jury.chair, at=AT)
    assert jury.places()[-1] == ("partner", 1, "")
    refused("undecided", lambda: actions.confirm(award_list=jury.list, by=jury.chair, at=AT))
    row = queries.verdicts_of(jury.list).get(slot__slug="partner")
    actions.set_verdict(verdict=row, entry=None, reason="Nobody this year", by=jury.chair, at=AT)
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT)


@pytest.mark.parametrize(
    ("code", "dates"),
    [
        ("notice", (AT + HOUR, None, None)),
        ("notice", (AT + DAY, AT + HOUR, None)),
        ("past", (AT - HOUR, AT + HOUR, None)),
        ("past", (None, None, AT)),
        ("announce", (AT + HOUR, AT + 2 * DAY, AT + DAY)),
    ],
)
def test_dates_that_cannot_be(code, dates):
    jury = Jury()
    names = ("notice_from", "notice_until", "announce_at")
    values = dict(zip(names, dates, strict=True))
    refused(code, lambda: steps.set_dates(award_list=jury.list, by=jury.organiser, at=AT, **values))


def test_the_notice_waits_until_everybody_was_told_and_the_announcement_for_the_notice():
    jury = Jury()
    Phase.objects.create(edition=jury.edition, kind="notice", starts_at=AT, ends_at=AT + DAY)
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=AT))
    jury.dated()
    refused("untold", lambda: steps.start_notice(award_list=jury.list, by=jury.organiser, at=AT))
    assert PublicNotice.objects.count() == 0
    jury.tell()
    steps.start_notice(award_list=jury.list, by=jury.organiser, at=AT)
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=AT))
    refused("notice", lambda: steps.end_notice(award_list=jury.list, by=jury.organiser, at=AT + DAY))
    steps.end_notice(award_list=jury.list, by=jury.organiser, at=AT + 5 * DAY)
    steps.announce(award_list=jury.list, by=jury.organiser, at=AT + 5 * DAY)
    assert jury.wall() == [("grand", 1, "A"), ("second", 1, "B"), ("second", 2, "C")]


def test_a_withdrawal_during_the_notice_promotes_by_the_frozen_order_and_says_why():
    jury = Jury()
    jury.dated()
    jury.tell()
    steps.start_notice(award_list=jury.list, by=jury.organiser, at=AT)
    Notice.objects.all().delete()
    jury.withdraw(0, AT + DAY)
    assert jury.places() == [("grand", 1, "B"), ("second", 1, "C"), ("second", 2, "D")]
    notice = PublicNotice.objects.get()
    assert [row["title"] for row in notice.rows] == ["Title B", "Title C", "Title D"]
    told = [(row["slot"], row["place"], row["from"]["title"], row["to"]["title"]) for row in notice.changes]
    assert told == [
        ("grand", 1, "Title A", "Title B"),
        ("second", 1, "Title B", "Title C"),
        ("second", 2, "Title C", "Title D"),
    ]
    assert [row["reason"] for row in notice.changes] == [WHY, steps.PROMOTED, steps.PROMOTED]
    jury.films[0].refresh_from_db()
    jury.films[3].refresh_from_db()
    # The page says it from now on: whom it concerns has the letter at that moment.
    assert (jury.films[0].decision, jury.films[0].told) == ("not_selected", "not_selected")
    assert (jury.films[3].decision, jury.films[3].told) == ("laureate", "laureate")
    assert queries.telling(jury.list).everybody
    assert sorted(Notice.objects.values_list("kind", "values__title")) == [
        ("award_withdrawn", "Title A"),
        ("result_laureate", "Title D"),
        ("result_moved", "Title B"),
        ("result_moved", "Title C"),
    ]
    moved = Notice.objects.get(values__title="Title B")
    assert moved.values["award"] == {"en": "Grand", "zh": "grand"}
    assert jury.tell(AT + DAY) == 0


def test_a_withdrawal_needs_a_reason_in_both_languages_and_an_award():
    jury = Jury()
    refused("none", lambda: jury.withdraw(4))
    refused(
        "reason",
        lambda: steps.withdraw(
            award_list=jury.list, entry=jury.films[0], reason={"en": "So."}, by=jury.chair, at=AT
        ),
    )
    stranger = actor_of(make_user())
    with pytest.raises(Refused) as caught:
        steps.withdraw(award_list=jury.list, entry=jury.films[0], reason=WHY, by=stranger, at=AT)
    assert caught.value.status == 403


def test_before_the_notice_the_promoted_see_nothing_new_until_they_are_told(client):
    jury = Jury()
    jury.tell()
    entry = jury.films[3]
    client.force_login(entry.entrant)
    page = client.get(f"/entries/{entry.code}/")
    assert "not among the laureates" in page.content.decode()
    jury.withdraw(0)
    entry.refresh_from_db()
    assert (entry.decision, entry.told) == ("laureate", "not_selected")
    assert client.get(f"/entries/{entry.code}/").context["status"] == page.context["status"]
    assert queries.telling(jury.list).untold == 4
    refused("untold", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=AT))
    assert jury.tell() == 4
    assert "has given your film an award" in client.get(f"/entries/{entry.code}/").content.decode()


def test_after_the_announcement_the_award_goes_at_once_and_the_promoted_follow():
    jury = Jury()
    jury.tell()
    steps.announce(award_list=jury.list, by=jury.organiser, at=AT)
    jury.withdraw(0, AT + DAY)
    assert jury.wall() == [("second", 1, "B"), ("second", 2, "C")]
    gone = Laureate.objects.get(withdrawn_at__isnull=False)
    assert gone.withdrawn_reason == WHY
    jury.list.refresh_from_db()
    assert queries.unpublished(jury.list)
    assert queries.telling(jury.list).everybody
    steps.announce(award_list=jury.list, by=jury.organiser, at=AT + 2 * DAY)
    assert jury.wall() == [("grand", 1, "B"), ("second", 1, "C"), ("second", 2, "D")]
    with pytest.raises(Refused, match="nothing has changed"):
        steps.announce(award_list=jury.list, by=jury.organiser, at=AT + 2 * DAY)


def test_the_clock_takes_each_step_at_its_minute_and_not_before():
    jury = Jury()
    minute = AT + 6 * DAY
    jury.dated(announce=minute)
    jury.tell()
    assert steps.take_due_steps(at=AT + HOUR - timedelta(seconds=1)) == 0
    assert steps.take_due_steps(at=AT + HOUR) == 1
    assert steps.take_due_steps(at=AT + HOUR) == 0
    assert jury.state() == "notice"
    steps.take_due_steps(at=AT + 5 * DAY)
    assert PublicNotice.objects.get().closed_at == AT + 5 * DAY
    refused("embargo", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=minute - HOUR))
    assert steps.take_due_steps(at=minute - timedelta(seconds=1)) == 0
    assert Laureate.objects.count() == 0
    assert steps.take_due_steps(at=minute) == 1
    assert jury.state() == "announced"
    assert AwardList.objects.get().announced_by is None


def test_once_the_notice_is_over_only_the_announcement_is_dated(client):
    jury = Jury()
    jury.dated()
    jury.tell()
    steps.take_due_steps(at=AT + HOUR)
    steps.take_due_steps(at=AT + 5 * DAY)
    posted = PublicNotice.objects.get()
    assert posted.closed_at == AT + 5 * DAY
    minute = AT + 7 * DAY
    steps.set_dates(
        award_list=jury.list, notice_from=None, notice_until=AT + 9 * DAY, announce_at=minute,
        by=jury.organiser, at=AT + 6 * DAY,
    )  # fmt: skip
    kept = AwardList.objects.get()
    assert (kept.notice_from, kept.notice_until, kept.announce_at) == (AT + HOUR, AT + 5 * DAY, minute)
    assert PublicNotice.objects.get().ends_at == posted.ends_at
    client.force_login(jury.organiser.user)
    page = client.get(reverse("judging:awards_dates", args=["spring"]))
    assert page.context["form"].fields["notice_until"].disabled
    assert steps.take_due_steps(at=minute) == 1 and jury.state() == "announced"


def test_what_the_clock_cannot_do_is_said_on_the_desk_and_done_later(client):
    jury = Jury()
    jury.dated(notice=False, announce=AT + HOUR)
    assert steps.take_due_steps(at=AT + HOUR) == 0
    assert AwardList.objects.get().held_back == {"step": "announce", "code": "untold"}
    client.force_login(jury.organiser.user)
    page = reverse("judging:awards", args=["spring"])
    assert "not every entrant has been told" in client.get(page).content.decode()
    jury.tell()
    assert steps.take_due_steps(at=AT + 2 * HOUR) == 1
    assert AwardList.objects.get().held_back == {}


def test_an_undecided_objection_holds_the_notice_open():
    jury = Jury()
    jury.dated(announce=AT + 6 * DAY)
    jury.tell()
    steps.start_notice(award_list=jury.list, by=jury.organiser, at=AT)
    objector = actor_of(make_user())
    objection = objection_receiving.object_to(
        notice=PublicNotice.objects.get(), film=jury.films[0].code, ground="authorship", text="I made it.",
        objector=objection_receiving.Objector(objector, name="Li Na"), at=AT + 4 * DAY,
    )  # fmt: skip
    steps.take_due_steps(at=AT + 6 * DAY)
    assert AwardList.objects.get().held_back == {"step": "notice_over", "code": "objections"}
    assert Laureate.objects.count() == 0
    objection_actions.decide(
        objection=objection,
        upheld=True,
        decision="You showed us the files.",
        public=WHY,
        by=jury.organiser,
        at=AT + 6 * DAY,
    )
    assert steps.take_due_steps(at=AT + 6 * DAY) == 0
    assert AwardList.objects.get().held_back == {"step": "notice_over", "code": "upheld"}
    assert Laureate.objects.count() == 0
    jury.withdraw(0, AT + 6 * DAY, objection=objection.code)
    jury.tell(AT + 6 * DAY)
    assert steps.take_due_steps(at=AT + 6 * DAY) == 2
    assert jury.wall() == [("grand", 1, "B"), ("second", 1, "C"), ("second", 2, "D")]


PUBLIC = (
    "edition:front",
    "judging:rules",
    "awards:laureates",
    "awards:notice",
    "premiere:programme",
    "premiere:calendar",
)


@pytest.mark.parametrize("who", ["stranger", "laureate", "loser", "judge", "technician"])
def test_nobody_reads_the_result_before_its_minute(who, client):
    """Confirmed, told and dated: until the clock has taken its step no page or feed differs from the day before."""
    jury = Jury(confirmed=False)
    users = {
        "stranger": None,
        "laureate": jury.films[0].entrant,
        "loser": jury.films[4].entrant,
        "judge": make_member(jury.edition, Role.JUDGE).user,
        "technician": make_member(jury.edition, Role.TECHNICIAN).user,
    }
    if users[who]:
        client.force_login(users[who])

    def seen():
        addresses = [reverse(name, args=["spring"]) for name in PUBLIC]
        addresses += ["/spring/laureates/en.rss", "/spring/laureates/zh.rss", "/laureates/"]
        pages = [client.get(address) for address in addresses]
        assert {page.status_code for page in pages} == {200}
        return "".join(page.content.decode() for page in pages)

    assert all(f"Title {letter}" not in seen() for letter in "ABC")
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT)
    jury.dated(announce=AT + 6 * DAY)
    for entry in jury.films:
        assert client.get(f"/spring/films/{entry.code}/").status_code == 404
    jury.tell()
    steps.take_due_steps(at=AT + HOUR - timedelta(seconds=1))
    assert all(f"Title {letter}" not in seen() for letter in "ABC")
    steps.take_due_steps(at=AT + HOUR)
    notice = client.get(reverse("awards:notice", args=["spring"])).content.decode()
    assert all(f"Title {letter}" in notice for letter in "ABC") and "Title D" not in notice
    wall = client.get(reverse("awards:laureates", args=["spring"])).content.decode()
    assert "Title A" not in wall
    assert Entry.objects.get(pk=jury.films[4].pk).told == "not_selected"


def test_an_entrant_reads_only_what_she_was_told(client):
    jury = Jury()
    entry = jury.films[0]
    client.force_login(entry.entrant)
    page = reverse("submissions:entry", args=[entry.code])
    before = client.get(page).content.decode()
    assert "has given your film an award" not in before
    jury.tell()
    assert "has given your film an award" in client.get(page).content.decode()


def test_objecting_through_the_pages(client):
    jury = Jury()
    jury.dated()
    jury.tell()
    address = reverse("awards:object", args=["spring"])
    user = make_user()
    client.force_login(user)
    assert client.get(address).status_code == 404
    steps.start_notice(
        award_list=jury.list, by=jury.organiser, at=datetime.now(UTC), until=datetime.now(UTC) + DAY
    )
    assert "Title A" in client.get(address).content.decode()
    assert client.post(address, {"film": "", "ground": "", "text": ""}).status_code == 400
    answer = client.post(
        address, {"film": jury.films[0].code, "ground": "ai", "text": "It was filmed.", "name": "Li Na"}
    )
    objection = Objection.objects.get()
    own = reverse("awards:objection_own", args=["spring", objection.code])
    assert answer.url == own
    assert objection.code in client.get(own).content.decode()
    client.force_login(make_user())
    assert client.get(own).status_code == 404
    desk = reverse("awards:objection", args=["spring", objection.code])
    assert client.get(desk).status_code == 403
    client.force_login(jury.organiser.user)
    assert "It was filmed." in client.get(desk).content.decode()
    client.post(reverse("awards:objection_note", args=["spring", objection.code]), {"text": "Ask for files"})
    decide = reverse("awards:objection_decide", args=["spring", objection.code])
    assert client.post(decide, {"upheld": "no", "decision": ""}).status_code == 400
    public = {"public_en": "The project files were examined.", "public_zh": "已核查工程文件。"}
    client.post(decide, {"upheld": "no", "decision": "The files show it was made.", **public})
    objection.refresh_from_db()
    assert objection.state == "dismissed"
    kinds = Notice.objects.filter(kind__startswith="objection").values_list("kind", "user_id")
    assert set(kinds) == {
        ("objection_received", user.pk),
        ("objection_arrived", jury.organiser.id),
        ("objection_decided", user.pk),
    }


def test_an_award_of_the_jurys_ballot_goes_by_its_last_valid_vote():
    """The vote decides the slot, the casting ballot the tie in it; what a vote without a quorum says counts nothing."""
    meeting = meetings.Jury()
    slot = make_slot(meeting.edition, "jury-prize", decided_by="ballot")
    make_slot(meeting.edition, "grand", tier="grand")
    add_member(edition=meeting.edition, user=meeting.judges[0].user, role=Role.CHAIR)
    lead = actor_of(User.objects.get(pk=meeting.judges[0].id))
    first, second = meeting.films[2], meeting.films[3]

    def vote(orders, **more):
        asked = vote_actions.ask(
            meeting=meeting.meeting, text="The jury prize?", kind="ranked", films=[first.pk, second.pk], seats=1,
            points=10, closes_at=meetings.NOW + DAY, by=lead, at=meetings.NOW, slot=slot, **more,
        )  # fmt: skip
        for judge, order in orders:
            values = {film.pk: order.index(film) + 1 for film in order}
            vote_actions.cast(vote=asked, by=judge, at=meetings.NOW, revision=0, values=values)
        return vote_actions.close_vote(vote=asked, by=lead, at=meetings.NOW + HOUR)

    chair = meeting.chair
    actions.propose(edition=meeting.edition, by=chair, at=AT)
    row = AwardList.objects.get().verdicts.get(slot=slot)
    assert row.why == {"code": "undecided", "by": "ballot"}
    orders = [(lead, [second, first]), (meeting.judges[1], [first, second])]
    result = vote(orders, quorum=2, casting=True).result
    assert (result["chosen"], result["by_casting"]) == ([second.code], [second.code])
    vote([(meeting.judges[1], [first, second])], quorum=2)
    actions.propose(edition=meeting.edition, by=chair, at=AT)
    row = AwardList.objects.get().verdicts.get(slot=slot)
    assert (row.entry, row.why["by"]) == (second, "ballot")
    assert award_fill.replays(actions.latest(AwardList.objects.get()))
    with pytest.raises(Refused, match="no member of this meeting"):
        vote_actions.ask(
            meeting=meeting.meeting, text="Again?", kind="ranked", films=[first.pk, second.pk], seats=1, points=10,
            quorum=1, closes_at=meetings.NOW + DAY, by=chair, at=meetings.NOW, slot=slot, casting=True,
        )  # fmt: skip


def test_an_audience_award_goes_by_the_last_count_of_its_vote(client):
    """A guest film has no entry to be awarded; a count made anew after the proposal stops the confirmation."""
    jury = Jury(confirmed=False)
    slot = make_slot(jury.edition, "audience", decided_by="audience", combines=["grand", "second"])
    shown = [
        make_film(jury.edition, code=f"A{number}", source=entry.code, published_at=AT)
        for number, entry in enumerate(jury.films)
    ]
    shown.append(make_film(jury.edition, code="GUEST", published_at=AT))
    rules = Rules(opens_at=AT, closes_at=AT + DAY)
    poll = audience_actions.set_poll(slot=slot, rules=rules, films=shown, by=jury.organiser, at=AT - HOUR)
    actions.propose(edition=jury.edition, by=jury.chair, at=AT)
    assert queries.verdicts_of(jury.list).get(slot=slot).why == {"code": "undecided", "by": "audience"}
    for film, number in (("GUEST", 5), ("A3", 3), ("A1", 2)):
        audience.many(poll, film, number, at=AT + HOUR)
    refused("undecided", lambda: actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 2 * DAY))
    audience_actions.count(poll=poll, by=jury.organiser, at=AT + 2 * DAY)
    actions.propose(edition=jury.edition, by=jury.chair, at=AT + 2 * DAY)
    row = queries.verdicts_of(jury.list).get(slot=slot)
    assert (row.entry, row.why["by"]) == (jury.films[3], "audience")
    audience.many(poll, "A1", 2, at=AT + HOUR)
    audience_actions.count(poll=poll, by=jury.organiser, at=AT + 2 * DAY)
    refused("vote", lambda: actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 2 * DAY))
    actions.propose(edition=jury.edition, by=jury.chair, at=AT + 2 * DAY)
    assert queries.verdicts_of(jury.list).get(slot=slot).entry == jury.films[1]
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 2 * DAY)


def test_the_audiences_order_stands_as_advice_beside_an_award_that_others_decide(client):
    jury = Jury(confirmed=False)
    slot = jury.edition.award_slots.get(slug="grand")
    shown = [
        make_film(jury.edition, code=f"A{number}", title=f"Shown {number}", published_at=AT)
        for number in (1, 2)
    ]
    rules = Rules(opens_at=AT, closes_at=AT + DAY)
    poll = audience_actions.set_poll(slot=slot, rules=rules, films=shown, by=jury.organiser, at=AT - HOUR)
    audience.many(poll, "A2", 3, at=AT + HOUR)
    audience_actions.count(poll=poll, by=jury.organiser, at=AT + 2 * DAY)
    assert actions.propose(edition=jury.edition, by=jury.chair, at=AT + 2 * DAY)
    assert jury.places()[0] == ("grand", 1, "A")
    client.force_login(jury.chair.user)
    page = client.get(reverse("judging:award_slot", args=["spring", "grand"])).content.decode()
    assert "Shown 2" in page and "It does not decide this award." in page
