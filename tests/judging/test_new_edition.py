"""An edition made in the browser: chosen, looked at, made; refused where it cannot be."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from festival.edition.blueprint import FOLDER, load, named
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import STRANGER, SYSTEM, actor_of
from festival.people.roles import Role
from judging.blueprint_export import plan_of
from judging.logic.forecast import Expected, forecast
from judging.plan_forms import day_field
from judging.setup import set_up
from judging.setup_forms import FiguresForm, first_day, usual_figures
from judging.views.new_edition import KEYS
from tests.factories import (
    make_call,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db
SOURCE = (FOLDER / "blueprints" / "open-call.toml").read_text(encoding="utf-8")
RULES = (FOLDER / "rulebooks" / "open-call.toml").read_text(encoding="utf-8")
MAKE = {
    "name_en": "First Light 2031", "name_zh": "初光2031", "slug": "first-light-2031", "opens": "2031-03-03",
    "time_zone": "Europe/Berlin", "films": "10000", "film_minutes": "3", "judges_screening": "30",
    "judges_longlist": "30", "judges_nominees": "9", "judges_final": "7", "goes_on_screening": "3000", "look": "1",
}  # fmt: skip


@pytest.fixture
def operator(client):
    user = make_user("Operator", is_operator=True)
    client.force_login(user)
    return actor_of(user)


def new(client, **changes):
    return client.post(reverse("judging:new_edition_make"), {"blueprint": "open-call", **MAKE, **changes})


def test_an_operator_chooses_looks_and_makes(client, operator):
    page = client.get(reverse("judging:new_edition")).content.decode()
    assert all(f"?blueprint={path.stem}" in page for path in (FOLDER / "blueprints").glob("*.toml"))
    url = reverse("judging:new_edition_plan")
    assert client.get(f"{url}?blueprint=open-call").status_code == 200
    looked = client.post(url, {"blueprint": "open-call", **MAKE})
    said = looked.content.decode()
    assert looked.status_code == 200
    assert "10,000 films × 2 looks" in said
    assert not Edition.objects.exists()
    made = new(client)
    edition = Edition.objects.get()
    assert made.headers["Location"] == reverse("judging:edition_setup", args=[edition.slug])
    assert (edition.slug, edition.name, edition.status, edition.time_zone) == (
        "first-light-2031", {"en": "First Light 2031", "zh": "初光2031"}, "draft", "Europe/Berlin",
    )  # fmt: skip
    assert [(row.user, row.role) for row in edition.memberships.all()] == [(operator.user, "owner")]
    call = edition.phases.get(kind="call")
    assert call.starts_at.isoformat() == "2031-03-02T23:00:00+00:00"
    assert plan_of(edition).rounds == named("open-call").rounds
    checklist = client.get(made.headers["Location"]).content.decode()
    assert "Only its team sees it" in checklist
    assert client.get(reverse("edition:front", args=[edition.slug])).status_code == 200


def test_who_may_make_one(client):
    edition = make_edition()
    urls = [reverse("judging:new_edition"), f"{reverse('judging:new_edition_plan')}?blueprint=open-call"]
    for role in Role:
        client.force_login(make_member(edition, role).user)
        status = 200 if role in (Role.OWNER, Role.ORGANISER) else 403
        assert [client.get(url).status_code for url in urls] == [status, status], role
        assert new(client, slug=f"by-{role.value}").status_code == (302 if status == 200 else 403)
    client.force_login(make_user())
    assert [client.get(url).status_code for url in urls] == [403, 403]
    client.logout()
    assert "/accounts/login/" in client.get(urls[0]).headers["Location"]


def test_the_action_itself_refuses_who_may_not():
    for by in (STRANGER, SYSTEM, actor_of(make_user())):
        with pytest.raises(Refused) as refusal:
            set_up(
                plan=named("open-call"),
                name={"en": "No"},
                slug="no",
                opens=date(2031, 1, 1),
                time_zone="UTC",
                by=by,
            )
        assert refusal.value.status == 403
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "new"}, "an address of the site itself"),
        ({"slug": "Taken"}, "already an edition at this address"),
        ({"slug": "so much for it"}, "letters, digits and hyphens only"),
        ({"slug": "../x"}, "letters, digits and hyphens only"),
        ({"time_zone": "Mars/Olympus"}, "no time zone of this name"),
        ({"opens": "0001-01-01"}, "Choose a day of the years 2000 to 2200"),
        ({"name_en": "", "name_zh": ""}, "at least one of the two languages"),
        ({"judges_final": "-1"}, "greater than or equal to 0"),
        ({"film_minutes": "nan"}, "Enter a number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, operator, changes, said):
    make_edition("taken")
    answer = new(client, **changes)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("key", KEYS)
def test_the_first_day_that_is_suggested_begins_and_ends_the_call_on_working_days(key):
    plan = named(key)
    call = next(phase for phase in plan.phases if phase.kind == "call")
    first = first_day(plan)
    assert first.weekday() < 5
    assert (first + timedelta(days=call.ends_day)).weekday() < 5


def test_a_year_that_cannot_be_is_said_with_those_that_can():
    field = day_field("Last day")
    with pytest.raises(ValidationError, match="years 2000 to 2200"):
        field.clean("2999-01-01")


def test_a_file_of_ones_own_is_checked_shown_and_made(client, operator):
    files = {
        "plan": SimpleUploadedFile("mine.toml", SOURCE.replace("2027", "2031").encode()),
        "rulebook": SimpleUploadedFile("mine-rules.toml", RULES.encode()),
    }
    chosen = client.post(reverse("judging:new_edition"), files)
    assert chosen.status_code == 200
    source = chosen.context["source"]
    carried = {**source.fields, **MAKE}
    carried["plan"] = carried["plan"].replace("\n", "\r\n")  # as a browser sends it
    assert client.post(reverse("judging:new_edition_plan"), carried).status_code == 200
    assert client.post(reverse("judging:new_edition_make"), carried).status_code == 302
    assert plan_of(Edition.objects.get()).rounds == source.plan.rounds


def faults_of(client, plan, **files):
    files["plan"] = SimpleUploadedFile("mine.toml", plan if isinstance(plan, bytes) else plan.encode())
    answer = client.post(reverse("judging:new_edition"), files)
    assert answer.status_code == 400
    return answer.context["faults"] or answer.context["form"].errors["plan"]


def test_every_fault_of_a_file_is_named_with_its_line(client, operator):
    broken = SOURCE.replace("fix_days = 5", "fix_days = 5000").replace("starts_day = 105", "starts_day = 99")
    at = [
        n for n, line in enumerate(broken.splitlines(), 1) if line in ("fix_days = 5000", "starts_day = 99")
    ]
    assert faults_of(client, broken) == [
        f"line {at[0]}: The blueprint: 'fix_days' must be from 0 to 365, not 5000.",
        f"line {at[1]}: The phase 'notice' starts on day 99; the jury ends on 103.",
    ]
    rules = SimpleUploadedFile("r.toml", b"[duration]\nmax = -3\n")
    [fault] = faults_of(client, SOURCE, rulebook=rules)
    assert fault.startswith("Rulebook open-call: ")
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe", b"= 3", b"a = " + b"[" * 3000, b"a = 1" + b"0" * 5000, b"", b"x" * 200_001,
        SOURCE.replace('zh = "剧情"', 'zh = "\\u0000"').encode(),
    ],
)  # fmt: skip
def test_what_is_no_blueprint_is_refused_in_a_sentence(client, operator, text):
    assert faults_of(client, text)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../rulebooks/open-call", "../../../../manage.py", "open-call.toml"]
)
def test_a_file_from_outside_opens_no_file_of_the_server(client, operator, name):
    [fault] = faults_of(client, SOURCE.replace('rulebook = "open-call"', f'rulebook = "{name}"'))
    assert fault.endswith(f"There is no rulebook {name!r}.")


@pytest.mark.parametrize("most", ["inf", "nan", "9" * 400])
def test_a_number_without_end_limits_no_question(client, operator, most):
    question = f'[[questions]]\ntext = "How many?"\nkind = "number"\nmost = {most}\n\n[[phases]]'
    [fault] = faults_of(client, SOURCE.replace("[[phases]]", question, 1))
    assert fault.endswith("cannot limit a question of the kind 'number'.")


def test_what_the_database_does_not_take_is_a_sentence_and_nothing_is_made(client, operator):
    huge = SOURCE.replace('slug = "longlist"', f'slug = "longlist"\nbudget = {"9" * 30}', 1)
    answer = client.post(reverse("judging:new_edition_make"), {"plan": huge, "rulebook": RULES, **MAKE})
    assert answer.status_code == 400
    assert "The database does not take this plan" in answer.content.decode()
    assert not Edition.objects.exists()


def test_another_run_is_made_of_ones_own_edition_and_of_no_other(client):
    first = set_up(
        plan=named("short-film"), name={"en": "One"}, slug="one", opens=date(2030, 1, 1), time_zone="UTC",
        by=actor_of(make_user(is_operator=True)),
    )  # fmt: skip
    other = make_edition("other")
    organiser = make_member(other, Role.ORGANISER).user
    client.force_login(organiser)
    url = reverse("judging:new_edition_plan")
    assert client.get(f"{url}?edition=one").status_code == 404  # a draft of others
    Edition.objects.filter(pk=first.pk).update(status="public")
    assert client.get(f"{url}?edition=one").status_code == 403
    client.force_login(first.memberships.get().user)
    given = {
        "name_en": "Two",
        "slug": "two",
        "opens": "2031-01-01",
        "time_zone": "UTC",
        "films": "9",
        "film_minutes": "4",
    }
    made = client.post(reverse("judging:new_edition_make"), {"edition": "one", "judges_jury": "5", **given})
    assert made.status_code == 302
    assert plan_of(Edition.objects.get(slug="two")).awards == named("short-film").awards


def test_a_blueprint_taken_from_the_desk_makes_the_same_edition(client, tmp_path):
    by = actor_of(make_user(is_operator=True))
    edition = set_up(
        plan=named("festival-unit"),
        name={"en": "Unit"},
        slug="unit",
        opens=date(2031, 1, 1),
        time_zone="UTC",
        by=by,
    )
    client.force_login(by.user)
    answer = client.get(reverse("judging:edition_blueprint", args=["unit"]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["unit.toml", "unit-rulebook.toml"]
        archive.extractall(tmp_path)
    again, now = load(tmp_path / "unit.toml"), plan_of(edition)
    assert (again.rounds, again.phases, again.venues, again.rulebook) == (
        now.rounds, now.phases, now.venues, now.rulebook
    )  # fmt: skip


def test_the_plan_of_a_running_edition_has_real_numbers_and_takes_others(client):
    by = actor_of(make_user(is_operator=True))
    edition = set_up(
        plan=named("short-film"),
        name={"en": "Run"},
        slug="run",
        opens=date(2031, 1, 1),
        time_zone="UTC",
        by=by,
    )
    for _number in range(3):
        make_member(edition, Role.JUDGE)
    client.force_login(by.user)
    url = reverse("judging:edition_plan", args=["run"])
    said = client.get(url).content.decode()
    assert "Nobody has entered yet: drawn for 1,000 entries." in said
    assert "Rounds are drawn where they fall" in said
    stage = client.get(url).context["hours"].stages[0]
    assert (stage.judges, stage.films) == (3, 1000)
    tried = client.get(url, {"films": "40", "film_minutes": "2", "judges_jury": "8"})
    assert [(row.judges, row.films) for row in tried.context["hours"].stages] == [(8, 40)]
    assert client.get(url, {"films": "-1"}).status_code == 400
    empty = client.get(url, {"films": "40", "film_minutes": "2", "judges_jury": "0"}).content.decode()
    assert "Grey stripes are weekends." in empty and "Rounds are drawn" not in empty
    many = client.get(url, {"films": "40", "film_minutes": "2", "judges_jury": "1200"}).content.decode()
    assert 'data-label="Judges">1,200<' in many
    for role, status in ((Role.CHAIR, 200), (Role.JUDGE, 403), (Role.TECHNICIAN, 403)):
        client.force_login(make_member(edition, role).user)
        assert client.get(url).status_code == status


def test_the_plan_of_a_running_edition_reckons_with_the_real_lengths_of_its_films(client):
    edition = make_edition(call_open=True)
    organiser = make_member(edition, Role.ORGANISER)
    make_member(edition, Role.JUDGE)
    make_round(edition, looks_per_film=2, overhead_seconds=0)
    for state, seconds in (("submitted", 60), ("eligible", 90), ("withdrawn", 600), ("draft", 600)):
        make_inspection(make_entry(edition, state=state), seconds=seconds)
    client.force_login(organiser.user)
    answer = client.get(reverse("judging:edition_plan", args=[edition.slug]))
    stage = answer.context["hours"].stages[0]
    assert (stage.films, stage.look_seconds, stage.seconds) == (2, 75, 300)
    assert "The mean of the films that are in." in answer.content.decode()
    tried = client.get(
        answer.request["PATH_INFO"], {"films": "2", "film_minutes": "1.25", "judges_jury": "1"}
    )
    assert tried.context["hours"].stages[0].seconds == 300


def test_a_draft_is_shown_to_everybody_once(client):
    edition = make_edition(status="draft")
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = reverse("judging:edition_publish", args=[edition.slug])
    assert client.post(url).status_code == 302
    edition.refresh_from_db()
    assert edition.status == "public"
    Edition.objects.update(status="archived")
    client.post(url)
    edition.refresh_from_db()
    assert edition.status == "archived"


def test_texts_are_changed_in_both_languages(client):
    edition = make_edition()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = reverse("judging:edition_texts", args=[edition.slug])
    given = {"name_en": "Dawn", "name_zh": "破晓", "tagline_en": "At first.", "about_zh": "关于"}
    assert client.post(url, given).status_code == 302
    edition.refresh_from_db()
    assert (edition.name, edition.tagline, edition.about) == (
        {"en": "Dawn", "zh": "破晓"}, {"en": "At first."}, {"zh": "关于"}
    )  # fmt: skip
    assert client.post(url, {"tagline_en": "Nameless"}).status_code == 400


def test_the_checklist_knows_what_is_left(client):
    edition = make_edition(status="draft", tagline={"en": "Only English"})
    make_call(edition, opens=timezone.now() + timedelta(days=5), ends=timezone.now() + timedelta(days=20))
    client.force_login(make_member(edition, Role.OWNER).user)
    page = client.get(reverse("judging:edition_setup", args=[edition.slug]))
    states = {item.title: (item.state, item.text) for item in page.context["items"]}
    assert states["Texts in both languages"] == ("open", "In one language only: “Only English”.")
    assert states["Shown to everybody"][0] == "open"
    assert page.context["left"] == 2


def test_figures_begin_with_what_each_round_can_do_with():
    assert FiguresForm(plan=named("open-call")).expected.films == 10_000
    assert FiguresForm(plan=replace(named("open-call"), rounds=())).expected.films == 1000  # nothing is said
    form = FiguresForm(plan=named("festival-unit"))
    assert form.expected.judges == {"screening": 60, "groups": 9, "longlist": 15, "jury": 9}
    unsaid = replace(form.plan, rounds=tuple(replace(one, judges=0) for one in form.plan.rounds))
    assert FiguresForm(plan=unsaid).expected.judges["screening"] == 2


def test_figures_begin_with_what_a_blueprint_expects_until_more_is_known() -> None:
    plan = named("festival-unit")
    figures = usual_figures(plan)
    assert (figures["films"], figures["goes_on_screening"]) == (2500, 900)
    expected = FiguresForm(plan=plan).expected
    found = forecast(plan.rounds, expected, days=30)
    assert [stage.films for stage in found.stages][:3] == [2500, 900, 120]
    known = Expected(3000, 0, judges={"screening": 9}, goes_on={"screening": 700})
    assert usual_figures(plan, known)["films"] == 3000
    found = forecast(plan.rounds, FiguresForm(plan=plan, known=known).expected, days=30)
    assert [stage.films for stage in found.stages][:2] == [3000, 700]
    assert "more_than_expected" in [one.code for one in found.warnings]
