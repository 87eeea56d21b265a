"""Feedback to entrants: what is released, by whom; that nothing is read before it is sent, and by nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from festival.edition.form_rules import FeedbackRules, FormRulesError, read_form
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
from judging import feedback_actions as actions
from judging import feedback_queries as queries
from judging.feedback_queries import Filters
from judging.models import (
    AwardList,
    CommentDecision,
    FeedbackChange,
    FeedbackLetter,
    FeedbackSending,
    Look,
    Round,
)
from submissions.models import Entry
from tests.factories import make_co_author, make_edition, make_entry, make_member, make_user
from tests.shows import make_standing

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECRET = "The third act limps, says everybody."
NAMING = "The third act limps, says Judge Judy."


class Feedback:
    """Films judged in a closed round by two judges who wrote to the entrants of the first two; results told."""

    def __init__(self, films: int = 3, *, announced: bool = True, **rules: Any) -> None:
        self.edition = make_edition(form={"feedback": {"bands": [10, 25, 50]} | rules})
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.organiser = make_member(self.edition, Role.ORGANISER, "Organiser")
        self.judges = [make_member(self.edition, Role.JUDGE, f"Judge {name}") for name in ("Judy", "Ann")]
        self.films = [make_entry(self.edition, title=f"Film {number}") for number in range(films)]
        Entry.objects.filter(edition=self.edition).update(
            told="not_selected", told_at=AT, decision="not_selected"
        )
        standing = make_standing(self.edition, [(film, n + 1) for n, film in enumerate(self.films)])
        self.round = Round.objects.get(pk=standing.round_id)
        self.words = [
            self.word(judge, film, text)
            for film, texts in zip(self.films, ((SECRET, "A brave film."), ("Loud.", "")), strict=False)
            for judge, text in zip(self.judges, texts, strict=True)
        ]
        self.list = AwardList.objects.create(
            edition=self.edition, standing=standing, proposed_at=AT, proposed_by=self.chair.user,
            confirmed_at=AT, confirmed_by=self.chair.user, state="confirmed",
        )  # fmt: skip
        if announced:
            self.announce()

    def word(self, judge: Actor, film: Entry, text: str) -> Look:
        return Look.objects.create(
            round=self.round, judge=judge.user, entry=film, position=1, state="scored", scored_at=AT, feedback=text
        )  # fmt: skip

    def announce(self) -> None:
        AwardList.objects.filter(pk=self.list.pk).update(
            state="announced", announced_at=AT, announced_by=self.organiser.user
        )

    def decide(self, word: Look, choice: str = "released", **given: Any) -> None:
        values = {"revision": word.revision, "by": self.chair, "at": AT} | given
        actions.decide(edition=self.edition, look=word.pk, choice=choice, **values)

    def release_all(self) -> actions.Released:
        seen = queries.undecided(self.edition).count()
        return actions.release_many(edition=self.edition, filters=Filters(), seen=seen, by=self.chair, at=AT)

    def send(self) -> FeedbackSending:
        sending = actions.send(edition=self.edition, by=self.organiser, at=AT)
        actions.write_letters(pk=sending.pk)
        sending.refresh_from_db()
        return sending

    def given(self, film: Entry) -> list[str]:
        letter = queries.letter_of(film)
        return [row.text for row in letter.comments.all()] if letter else []

    def page(self, who: User | None, film: Entry, language: str = "en") -> tuple[int, str]:
        client = Client(headers={"accept-language": language})
        if who:
            client.force_login(who)
        response = client.get(reverse("judging:feedback_letter", args=[film.code]))
        return response.status_code, response.content.decode()


def refused(doing: Any) -> str:
    with pytest.raises(Refused) as caught:
        doing()
    return caught.value.code


def test_the_edition_says_what_is_given() -> None:
    rules = read_form({"feedback": {"bands": [10, 25], "comments": False}}).feedback
    assert rules == FeedbackRules((10, 25), False, True)
    assert read_form(read_form({"feedback": {"bands": [10]}}).as_data()).feedback.bands == (10,)
    for bands in ([25, 10], [0], [10, 10], [95], ["10"], [True], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(FormRulesError):
            read_form({"feedback": {"bands": bands}})


def test_a_change_after_judging_has_begun_needs_a_reason_and_none_comes_after_the_letters() -> None:
    show = Feedback()

    def change(reason: str = "", **given: Any) -> None:
        actions.change_rules(
            edition=show.edition, rules=FeedbackRules(**given), reason=reason, by=show.organiser, at=AT
        )

    assert refused(lambda: change(bands=(20,))) == "reason"
    change("Small fields", bands=(20,))
    kept = FeedbackChange.objects.get()
    assert (kept.before["bands"], kept.after["bands"], kept.reason) == ([10, 25, 50], [20], "Small fields")
    show.edition.refresh_from_db()
    show.release_all()
    show.send()
    assert refused(lambda: change("Late", bands=())) == "sent"


def test_only_the_chair_decides_and_only_over_words_as_they_stand() -> None:
    show = Feedback()
    word = show.words[0]
    for actor in (show.organiser, *show.judges):
        with pytest.raises(Refused) as caught:
            show.decide(word, by=actor)
        assert caught.value.status == 403
    assert refused(lambda: show.decide(word, revision=5)) == "changed"
    Round.objects.update(state="open", closed_at=None)
    assert refused(lambda: show.decide(word)) == "changed"  # nothing is read before the round is closed


def test_a_chair_does_not_decide_over_a_film_of_her_own() -> None:
    show = Feedback()
    Entry.objects.filter(pk=show.films[0].pk).update(entrant=show.chair.user)
    make_co_author(show.films[1], show.chair.user)
    assert not queries.readable(show.chair, show.edition).exists()
    assert refused(lambda: show.decide(show.words[0])) == "changed"


def test_held_back_with_a_reason_struck_out_without_new_words() -> None:
    show = Feedback()
    held, edited = show.words[1], show.words[0]
    assert refused(lambda: show.decide(held, "held")) == "reason"
    show.decide(held, "held", reason="Says nothing")
    assert refused(lambda: show.decide(edited, "edited", text="The third act sings.")) == "added"
    assert refused(lambda: show.decide(edited, "edited", text=" … ")) == "empty"
    show.decide(edited, "edited", text="The third act limps.")
    show.release_all()
    show.send()
    assert show.given(show.films[0]) == ["The third act limps."]
    edited.refresh_from_db()
    assert edited.feedback == SECRET  # the original stays


def test_what_was_released_is_what_stands_until_the_letter_is_written() -> None:
    show = Feedback()
    show.decide(show.words[2], "held", reason="Too short")
    show.decide(show.words[2], "released")
    show.release_all()
    show.send()
    assert show.given(show.films[1]) == ["Loud."]
    assert refused(lambda: show.decide(show.words[2], "held", reason="No")) == "sent"


def test_words_written_anew_are_decided_anew() -> None:
    show = Feedback()
    show.release_all()
    Look.objects.filter(pk=show.words[0].pk).update(feedback="Changed.", revision=1)
    assert [row.pk for row in queries.undecided(show.edition)] == [show.words[0].pk]
    assert queries.waiting(show.edition).count() == 1
    show.send()
    assert not FeedbackLetter.objects.filter(entry=show.films[0]).exists()


def test_many_are_released_only_as_the_page_counted_them() -> None:
    show = Feedback()
    film = Filters(search="loud")
    assert actions.release_many(edition=show.edition, filters=film, seen=1, by=show.chair, at=AT).count == 1
    code = refused(
        lambda: actions.release_many(edition=show.edition, filters=Filters(), seen=1, by=show.chair, at=AT)
    )
    assert code == "changed"
    assert queries.state_counts(queries.comments_of(show.edition)) == {
        "all": 3, "open": 2, "released": 1, "edited": 0, "held": 0,
    }  # fmt: skip


def test_nothing_is_sent_before_the_announcement_nor_to_whoever_was_not_told() -> None:
    show = Feedback(announced=False)
    show.release_all()
    assert refused(show.send) == "early"
    assert not Notice.objects.exists()
    show.announce()
    Entry.objects.filter(pk=show.films[2].pk).update(told="", told_at=None)
    assert show.send().written == 2
    assert not FeedbackLetter.objects.filter(entry=show.films[2]).exists()


def test_letters_wait_for_the_chair_and_again_go_to_those_left_alone() -> None:
    show = Feedback()
    show.decide(show.words[0])
    assert show.send().written == 1  # the film that nobody wrote about
    assert [letter.entry_id for letter in FeedbackLetter.objects.all()] == [show.films[2].pk]
    show.release_all()
    assert show.send().written == 2
    assert Notice.objects.filter(kind="feedback").count() == 3


def test_each_film_has_one_letter_whoever_made_it_and_is_still_there() -> None:
    show = Feedback(films=5)
    partner, gone = make_user("Partner"), make_user("Gone", is_active=False)
    make_co_author(show.films[0], partner)
    Entry.objects.filter(pk=show.films[3].pk).update(state="withdrawn")
    Entry.objects.filter(pk=show.films[4].pk).update(entrant=gone)
    show.release_all()
    assert show.send().written == 3
    sent = Notice.objects.filter(kind="feedback").values_list("user_id", "path")
    assert sorted(sent) == sorted(
        [
            *((film.entrant_id, f"/entries/{film.code}/feedback/") for film in show.films[:3]),
            (partner.pk, f"/entries/{show.films[0].code}/feedback/"),
        ]
    )
    assert refused(show.send) == "nobody"
    actions.write_letters(pk=FeedbackSending.objects.get().pk)  # a task that comes twice
    assert Notice.objects.filter(kind="feedback").count() == 4


def test_a_run_that_nobody_is_at_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    show = Feedback()
    show.release_all()
    sending = actions.send(edition=show.edition, by=show.organiser, at=AT)
    assert actions.resume(at=AT + timedelta(minutes=1)) == 0
    assert actions.resume(at=AT + timedelta(minutes=3)) == 1
    monkeypatch.setattr(actions, "CHUNK", 1)
    actions.write_letters(pk=sending.pk)
    sending.refresh_from_db()
    assert (sending.written, sending.films, sending.ended_at is not None) == (3, 3, True)


def test_the_order_of_comments_is_drawn_and_tells_no_judge_from_another() -> None:
    show = Feedback(films=30)
    for film in show.films:
        for number, judge in enumerate(show.judges):
            Look.objects.filter(judge=judge.user, entry=film).delete()
            show.word(judge, film, f"Word {number}.")
    show.release_all()
    show.send()
    first = [show.given(film)[0] for film in show.films]
    assert 5 < first.count("Word 0.") < 25
    drawn = CommentDecision.objects.order_by("pk").values_list("position", flat=True)
    assert sorted(set(drawn)) == [1, 2]


def test_the_band_is_of_the_last_round_and_never_the_rank() -> None:
    show = Feedback(films=40)
    small = make_standing_of(show, show.films[:4])
    show.release_all()
    show.send()
    letters = {row.entry_id: row for row in FeedbackLetter.objects.select_related("round")}
    finalist, strong, weak = (letters[show.films[n].pk] for n in (0, 9, 39))
    assert (finalist.round, finalist.films, finalist.band) == (small, 4, None)
    assert (strong.round_id, strong.films, strong.band) == (show.round.pk, 40, 25)
    assert (weak.band, weak.bands) == (0, [10, 25, 50])
    _status, text = show.page(strong.entry.entrant, strong.entry)
    assert "among the first 25% of 40 films" in text and "10" not in text.split("Where it stood")[1][:200]
    _status, text = show.page(weak.entry.entrant, weak.entry)
    assert "not among the first 50% of 40 films" in text


def make_standing_of(show: Feedback, films: list[Entry]) -> Round:
    """A later round of a few films."""
    first = show.round
    Round.objects.filter(pk=first.pk).update(slug="first", position=0)
    made = make_standing(show.edition, [(film, n + 1) for n, film in enumerate(films)]).round
    Round.objects.filter(pk=made.pk).update(position=5)
    return Round.objects.get(pk=made.pk)


def test_rules_decide_what_the_page_holds() -> None:
    show = Feedback(films=30, bands=[], comments=False, report=False)
    show.send()
    entry = show.films[0]
    status, text = show.page(entry.entrant, entry)
    assert status == 200
    assert "among the first" not in text and "brave" not in text and "Technical report" not in text
    assert show.given(entry) == []


def people(show: Feedback) -> dict[str, User | None]:
    rival, stranger = show.films[1].entrant, None
    return {
        "stranger": stranger,
        "rival": rival,
        "judge": show.judges[0].user,
        "chair": show.chair.user,
        "organiser": show.organiser.user,
        "outsider": make_user("Outsider"),
    }


def everything(client: Client, show: Feedback, entry: Entry) -> str:
    """All that an account can read about an entry, and its notices."""
    pages = (
        reverse("submissions:entries"),
        reverse("submissions:entry", args=[entry.code]),
        reverse("post:notices"),
        reverse("edition:front", args=[show.edition.slug]),
        reverse("awards:laureates", args=[show.edition.slug]),
    )
    return "".join(client.get(page).content.decode() for page in pages)


def test_an_entrant_sees_nothing_before_it_is_sent() -> None:
    show = Feedback()
    show.release_all()
    entry = show.films[0]
    client = Client()
    client.force_login(entry.entrant)
    before = everything(client, show, entry)
    assert show.page(entry.entrant, entry)[0] == 404
    assert "brave" not in before and "limps" not in before and "feedback/" not in before
    assert "among the first" not in before
    show.send()
    after = everything(client, show, entry)
    text = show.page(entry.entrant, entry)[1]
    assert "brave" in text and "limps" in text
    assert reverse("judging:feedback_letter", args=[entry.code]) in after


def test_nobody_else_reads_it_before_or_after() -> None:
    show = Feedback()
    show.decide(show.words[0], "edited", text="The third act limps.")
    show.release_all()
    entry = show.films[0]
    for sent in (False, True):
        if sent:
            show.send()
        for who, user in people(show).items():
            status, text = show.page(user, entry)
            assert status in (302, 404), (who, sent, status)
            assert "limps" not in text


def test_the_page_of_the_makers_names_no_judge_and_holds_no_struck_word() -> None:
    show = Feedback()
    Look.objects.filter(pk=show.words[0].pk).update(feedback=NAMING)
    partner = make_user("Partner")
    make_co_author(show.films[0], partner)
    show.decide(show.words[0], "edited", text="The third act limps.")
    show.release_all()
    show.send()
    for user in (show.films[0].entrant, partner):
        status, text = show.page(user, show.films[0])
        assert status == 200
        assert "The third act limps." in text
        assert "Judy" not in text and "Judge Ann" not in text and "says" not in text
    assert "Technical report" in show.page(show.films[0].entrant, show.films[0])[1]
    assert "Technical report" not in show.page(partner, show.films[0])[1]


def test_the_letter_speaks_the_entrants_language() -> None:
    show = Feedback(films=30)
    show.release_all()
    User.objects.filter(pk=show.films[0].entrant_id).update(language="zh-hans")
    show.send()
    letter = Notice.objects.get(user=show.films[0].entrant)
    english = Notice.objects.get(user=show.films[1].entrant)
    with translation.override("zh-hans"):
        assert "评审团" in render(letter).body
    with translation.override("en"):
        assert "jury" in render(english).body
    _status, text = show.page(show.films[0].entrant, show.films[0], "zh-hans")
    assert "前10%" in text.replace(" ", "")


def test_a_judge_reads_her_own_words_and_what_was_released() -> None:
    show = Feedback()
    show.decide(show.words[0], "edited", text="The third act limps.")
    show.decide(show.words[1], "held", reason="Says nothing")
    client = Client()
    client.force_login(show.judges[0].user)
    text = client.get(reverse("judging:feedback_own", args=[show.edition.slug])).content.decode()
    assert "The third act limps." in text and "<del>" in text
    assert "Says nothing" not in text and "brave" not in text  # another judge's
    client.force_login(show.judges[1].user)
    text = client.get(reverse("judging:feedback_own", args=[show.edition.slug])).content.decode()
    assert "Says nothing" in text and "limps" not in text


def test_an_organiser_reads_how_far_it_is_and_no_comment() -> None:
    show = Feedback()
    client = Client()
    url = reverse("judging:feedback", args=[show.edition.slug])
    client.force_login(show.organiser.user)
    text = client.get(url).content.decode()
    assert "limps" not in text and "0 / 3" in text
    client.force_login(show.chair.user)
    assert "limps" in client.get(url).content.decode()


def test_the_chair_works_through_the_list_by_forms() -> None:
    show = Feedback()
    client = Client()
    client.force_login(show.chair.user)
    url = reverse("judging:feedback_decide", args=[show.edition.slug, show.words[0].pk])
    given = {"revision": 0, "choice": "edited", "text": "It sings."}
    assert client.post(url, given).status_code == 400
    swapped = client.post(url, given, headers={"hx-request": "true"})
    assert swapped.status_code == 200 and "It sings." in swapped.content.decode()
    assert not CommentDecision.objects.exists()
    answer = client.post(url, {"revision": 0, "choice": "released", "state": "open", "page": "1"})
    assert answer.status_code == 302 and "state=open" in answer["Location"]
    bulk = reverse("judging:feedback_release", args=[show.edition.slug])
    assert client.post(bulk, {"state": "open", "seen": 2}).status_code == 302
    assert CommentDecision.objects.filter(choice="released").count() == 3
    listed = client.get(
        reverse("judging:feedback", args=[show.edition.slug]), {"state": "released", "q": "brave"}
    )
    assert "brave" in listed.content.decode() and "Loud" not in listed.content.decode()


def test_a_name_of_the_jury_in_a_comment_is_marked_and_not_released_unread() -> None:
    show = Feedback()
    Look.objects.filter(pk=show.words[0].pk).update(feedback=NAMING)
    client = Client()
    client.force_login(show.chair.user)
    text = client.get(reverse("judging:feedback", args=[show.edition.slug])).content.decode()
    assert show.release_all() == actions.Released(count=2, naming=1)
    assert [row.pk for row in queries.undecided(show.edition)] == [show.words[0].pk]
    assert "Names Judge Judy" in text and "Names Judge Ann" not in text
