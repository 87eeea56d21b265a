"""The pages of judging: who sees what, what is sent back, and how many queries it takes."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from festival.people.roles import Role
from judging import looks_actions, permissions, queries, rounds_actions
from judging.door import get_look
from judging.models import Look, Round, Score
from submissions.statement.facts import Use
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round, make_uses

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
NAMES = (
    *("Director Secret", "Land Secret", "Statement Secret", "Synopsis Secret", "Entrant Secret"),
    "Tool Secret",
)


def make_stage(*, films: int = 3, judges: int = 2, blind: bool = True, looks: int = 2) -> dict:
    edition = make_edition(blind=blind)
    chair = make_member(edition, Role.CHAIR, "Chair")
    jury = [make_member(edition, Role.JUDGE, f"Judge {number}") for number in range(judges)]
    for _number in range(films):
        entry = make_entry(
            edition,
            director=NAMES[0],
            country=NAMES[1],
            ai_statement=NAMES[2],
            synopsis={"en": NAMES[3]},
        )
        make_uses(entry, Use("video", other=NAMES[5]))
        entry.entrant.name = NAMES[4]
        entry.entrant.save()
        make_inspection(entry, seconds=90)
    round = make_round(edition, looks_per_film=looks)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=3)
    return {"edition": edition, "chair": chair, "jury": jury, "round": round}


@pytest.fixture
def stage():
    return make_stage()


def looks_of(judge):
    return list(Look.objects.filter(judge=judge.user).order_by("position"))


def opened(judge):
    """Their consoles have been open for ten minutes."""
    Look.objects.filter(judge=judge.user).update(opened_at=timezone.now() - timedelta(minutes=10))


def send(client, name, look, data, **headers):
    return client.post(
        reverse(name, args=[look.pk]), json.dumps(data), content_type="application/json", **headers
    )


def test_blind_rows_have_no_name_columns(django_assert_num_queries):
    stage = make_stage()
    look = get_look(stage["jury"][0], looks_of(stage["jury"][0])[0].pk)
    with django_assert_num_queries(2) as captured:
        film = queries.film_of(look, blind=True)
    with django_assert_num_queries(1) as listed:
        queries.queue_of(stage["jury"][0].id, stage["round"])
    sql = " ".join(query["sql"] for query in (*captured.captured_queries, *listed.captured_queries))
    for column in ("director", "country", "ai_statement", "tooluse", "synopsis", "entrant", 'name" AS "user'):
        assert column not in sql
    assert type(film) is queries.Film
    assert not {"director", "country", "synopsis", "ai_statement", "tools"} & set(film.__slots__)
    with pytest.raises(Exception, match="entry"):
        _ = look.entry


@pytest.mark.parametrize("blind", [True, False])
def test_the_console_shows_names_only_when_not_blind(client, blind):
    stage = make_stage(blind=blind)
    client.force_login(stage["jury"][0].user)
    for name, arguments in (
        ("console", [looks_of(stage["jury"][0])[0].pk]),
        ("jury", [stage["edition"].slug]),
        ("queue", [stage["edition"].slug, "jury"]),
    ):
        text = client.get(reverse(f"judging:{name}", args=arguments)).content.decode()
        for secret in NAMES:
            assert (secret in text) == (not blind and name == "console" and secret != NAMES[4])


def test_seeing_and_listing_agree(stage):
    for actor in (*stage["jury"], stage["chair"]):
        seen = set(queries.visible_to(actor).values_list("pk", flat=True))
        looks = Look.objects.select_related("round")
        assert seen == {look.pk for look in looks if permissions.can_see(actor, look)}


def test_nobody_opens_the_look_of_another(client, stage):
    mine, other = stage["jury"]
    client.force_login(other.user)
    look = looks_of(mine)[0]
    for name in ("console", "recuse"):
        assert client.get(reverse(f"judging:{name}", args=[look.pk])).status_code == 404
    for name in ("save", "watched", "note", "finish", "reopen", "recuse"):
        assert client.post(reverse(f"judging:{name}", args=[look.pk])).status_code == 404
    client.force_login(stage["chair"].user)
    assert client.get(reverse("judging:console", args=[look.pk])).status_code == 404


def test_the_script_saves_and_a_second_tab_is_told(client, stage):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    opened(judge)
    look = looks_of(judge)[0]
    data = {"revision": 0, "scores": {"story": "7.5", "craft": None}, "comment": "", "played": [[0, 12]]}
    answer = send(client, "judging:save", look, data)
    assert (answer.status_code, answer.json()["revision"], answer.json()["missing"]) == (200, 1, ["craft"])
    assert send(client, "judging:save", look, data).json()["revision"] == 1
    stale = send(client, "judging:save", look, {**data, "scores": {"story": "2"}})
    assert (stale.status_code, stale.json()["error"]) == (409, "stale")
    assert stale.json()["fresh"]["scores"] == {"story": "7.5"}
    assert Look.objects.get(pk=look.pk).watched_seconds == 12


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        ({"scores": {"story": "11"}, "played": [[0, 5]]}, 400, "scale"),
        ({"scores": {"story": "seven"}, "played": [[0, 5]]}, 400, "refused"),
        ({"scores": {"story": "NaN"}, "played": [[0, 5]]}, 400, "refused"),
        ({"scores": {"beauty": "7"}, "played": [[0, 5]]}, 400, "refused"),
        ({"scores": {"story": "7"}}, 400, "not_watched"),
        ({"scores": {"story": "7"}, "revision": 9, "played": [[0, 5]]}, 409, "stale"),
        ([], 400, "bad_request"),
        ({"scores": {"story": "1e-999999999"}, "played": [[0, 5]]}, 400, "refused"),
        ({"scores": {"story": "7"}, "comment": "x" * 3_000_000}, 413, "too_much"),
    ],
)
def test_what_cannot_be_kept_is_answered_with_a_sentence(client, stage, data, status, error):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    opened(judge)
    answer = send(client, "judging:save", looks_of(judge)[0], data)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["text"]
    assert not Score.objects.exists()


def test_the_form_works_without_script(client, stage):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    first, second, third = looks_of(judge)
    form = {"revision": 0, "score-story": "8", "score-craft": "", "comment": "quiet", "declared": "1"}
    assert client.post(reverse("judging:save", args=[first.pk]), form).status_code == 302
    incomplete = client.post(reverse("judging:finish", args=[first.pk]), form | {"revision": 1})
    assert incomplete.status_code == 400
    assert "Give a score for every criterion" in incomplete.content.decode()
    form |= {"score-craft": "6,5", "revision": 1}
    answer = client.post(reverse("judging:finish", args=[first.pk]), form)
    assert answer.headers["Location"] == reverse("judging:console", args=[second.pk])
    first.refresh_from_db()
    assert (first.state, first.watched_declared, first.comment) == ("scored", True, "quiet")
    for look, following in ((third, second.pk), (second, None)):
        answer = client.post(reverse("judging:finish", args=[look.pk]), form | {"revision": 0})
        expected = (
            reverse("judging:console", args=[following])
            if following
            else reverse("judging:queue", args=[stage["edition"].slug, "jury"])
        )
        assert answer.headers["Location"] == expected


def test_a_form_sent_from_an_old_tab_keeps_what_was_typed(client, stage):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    opened(judge)
    look = looks_of(judge)[0]
    send(client, "judging:save", look, {"revision": 0, "scores": {"story": "3"}, "played": [[0, 5]]})
    form = {"revision": 0, "score-story": "9", "comment": "typed in the old tab", "declared": "1"}
    answer = client.post(reverse("judging:save", args=[look.pk]), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "typed in the old tab" in text
    assert 'name="revision" value="1"' in text
    assert 'name="score-story" value="9" checked' in text


def test_a_recusal_without_a_reason_is_asked_again(client, stage):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    first, second, _third = looks_of(judge)
    url = reverse("judging:recuse", args=[first.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": " "}).status_code == 400
    assert client.post(url, {"reason": "A friend"}).headers["Location"] == reverse(
        "judging:console", args=[second.pk]
    )
    assert "You have stood aside" in client.get(reverse("judging:console", args=[first.pk])).content.decode()


def finish_all(stage):
    for judge in stage["jury"]:
        for number, look in enumerate(looks_of(judge)):
            now = looks_actions.save_scores(
                look=look,
                by=judge,
                at=AT,
                revision=look.revision,
                scores={"story": Decimal(5 + number), "craft": Decimal(6)},
                comment="",
                watched=9,
            )
            looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)


def test_the_mean_of_the_panel_is_shown_after_closing_and_only_for_own_films(client, stage):
    judge = stage["jury"][0]
    client.force_login(judge.user)
    finish_all(stage)
    own = looks_of(judge)
    looks_actions.reopen_look(look=own[0], by=judge, at=AT)
    url = reverse("judging:console", args=[own[1].pk])
    assert "Mean of the panel" not in client.get(url).content.decode()
    rounds_actions.close_round(round=stage["round"], by=stage["chair"], at=AT, confirmed_pending=1)
    assert "Mean of the panel" in client.get(url).content.decode()
    unfinished = client.get(reverse("judging:console", args=[own[0].pk])).content.decode()
    assert "Mean of the panel" not in unfinished
    assert "not counted" in unfinished
    late = send(client, "judging:save", own[0], {"revision": 3, "scores": {"story": "1"}, "played": [[0, 5]]})
    assert (late.status_code, late.json()["error"]) == (409, "closed")


def test_the_chair_walks_a_round(client):
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    judge = make_member(edition, Role.JUDGE, "Judith")
    round = make_round(edition, looks_per_film=1)
    client.force_login(chair.user)

    def url(name):
        return reverse(f"judging:{name}", args=[edition.slug, round.slug])

    assert "no judges" not in client.get(url("round")).content.decode()
    refused = client.post(url("round_open"))
    assert refused.status_code == 400
    entry = make_entry(edition, title="=cmd")
    make_inspection(entry)
    assert client.post(url("round_open")).headers["Location"] == url("round")
    assert "Judith" in client.get(url("round")).content.decode()
    make_inspection(make_entry(edition))
    assert "1 film was admitted after" in client.get(url("round")).content.decode()
    client.post(url("round_late"))
    page = client.get(url("round_close")).content.decode()
    assert "2 looks are not finished." in page
    assert client.post(url("round_close"), {"pending": "2"}).status_code == 409
    assert client.post(url("round_close"), {"pending": "1", "agree": "1"}).status_code == 409
    finish_all({"jury": [judge]})
    assert client.get(url("round_csv")).status_code == 403
    assert client.post(url("round_close"), {"pending": "0"}).headers["Location"] == url("round")
    assert "6.00" in client.get(url("round")).content.decode()
    table = b"".join(client.get(url("round_csv")).streaming_content).decode("utf-8-sig").splitlines()
    assert table[0].startswith(
        "rank,code,title,track,mean,looks,spread,adjusted,adjusted_sd,adjusted_rank,chance,"
    )
    assert {line.split(",")[2] for line in table[1:]} >= {"'=cmd"}
    client.post(url("round_replay"))
    assert "the same standing and allocation" in client.get(url("round")).content.decode()


def test_a_final_takes_the_first_of_an_earlier_round(client, stage):
    finish_all(stage)
    rounds_actions.close_round(round=stage["round"], by=stage["chair"], at=AT)
    final = make_round(stage["edition"], "final", position=1)
    client.force_login(stage["chair"].user)
    url = reverse("judging:round_open", args=[stage["edition"].slug, "final"])
    assert client.post(url, {"films": "first", "first": "none"}).status_code == 400
    client.post(url, {"films": "first", "first": "1"})
    first = queries.standing_rows(stage["round"]).filter(rank=1)
    assert set(final.films.values_list("pk")) == set(first.values_list("entry_id"))
    assert Round.objects.get(pk=final.pk).state == "open"


def test_organisers_follow_but_do_not_open_or_see_scores(client, stage):
    organiser = make_member(stage["edition"], Role.ORGANISER)
    client.force_login(organiser.user)
    arguments = [stage["edition"].slug, "jury"]
    assert client.get(reverse("judging:round", args=arguments)).status_code == 200
    for name in ("round_open", "round_late", "round_close"):
        assert client.post(reverse(f"judging:{name}", args=arguments)).status_code == 403
    assert client.get(reverse("judging:round_csv", args=arguments)).status_code == 403
    technician = make_member(stage["edition"], Role.TECHNICIAN)
    client.force_login(technician.user)
    assert client.get(reverse("judging:round", args=arguments)).status_code == 403
    assert client.get(reverse("judging:desk", args=arguments[:1])).status_code == 200
    client.force_login(stage["jury"][0].user)
    assert client.get(reverse("judging:desk", args=arguments[:1])).status_code == 403


def count_queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "page", ["jury", "queue", "console", "desk", "rounds", "round", "round_close", "closed"]
)
def test_queries_do_not_grow_with_rows(client, page):
    counts = []
    for number in (2, 4) if page == "console" else (1, 3):  # a console has a next film
        stage = make_stage(films=number, judges=number, looks=number)
        if page == "closed":
            finish_all(stage)
            rounds_actions.close_round(round=stage["round"], by=stage["chair"], at=AT)
        slug, judge = stage["edition"].slug, stage["jury"][0]
        own = page in ("jury", "queue", "console")
        client.force_login(judge.user if own else stage["chair"].user)
        arguments = {"console": [looks_of(judge)[0].pk]}.get(
            page, [slug] if page in ("jury", "desk", "rounds") else [slug, "jury"]
        )
        name = "round" if page == "closed" else page
        counts.append(count_queries(client, reverse(f"judging:{name}", args=arguments)))
    assert counts[0] == counts[1]
