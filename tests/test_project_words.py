"""Where projects are entered nobody reads of films that are not there: an incubator's pages, in both languages."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.incubator import Stage, in_the_call, in_the_camp, own_words, small

pytestmark = pytest.mark.django_db

WORD = re.compile(r"\bfilms?\b|影片|成片|本片", re.IGNORECASE)
SHOWN = ("aria-label", "placeholder", "title", "alt", "data-label")

# Where a film is meant all the same, and why.
ALLOWED = re.compile(
    "|".join(
        (
            r"contests and festivals of short films",  # what the site is
            r"no film|without a film|尚无影片|没有影片|不需要成片|不需要影片",  # that there is none
            r"once (it is|they are) made|finished films?|影片完成|成片",  # the film that is to come
            # The rulebook of it.
            r"^The film runs|^The film has a soundtrack|^The picture is|^影片时长|^影片须|^画面须",
            r"^Black bars|keep no film out|^影片画面比例",
            # It is inspected when it comes, and mended.
            r"inspect|检测|mended|修改影片|需修正|days to mend|影片修改天数",
            r"^A film receives one award|^一部影片只获",  # awards are given to films
            r"^(Essay|Experimental|Promotional) film$",  # names of forms
            r"影片目录|影片类型|影片形式",  # the catalogue; forms in Chinese
            r"Ballot of the jury · \d films|评审团投票 · \d部影片|films × 3 looks × 28|影片 × 3次观看 × 28",
            r"lets \d films through, but only|and \d films to win them|只剩\d部影片|可晋级\d部影片，但",
            # ^ the last round, which judges the films that were made
            r"^A look costs|^每次评看的用时",  # says how both are reckoned
            r"^The share of the finished|^Share of the finished|^A line for each tool",
            r"How many have seen the entry and|有多少人看过；如为影片",
            r"of 120 films|120部影片",  # an example
            r"^90% of the film$|^影片的 ?90%|^占影片|^全片的",  # a share of the film that is planned
            r"Film school|电影学院|pictures or a film|图片或影片",  # examples, usual titles
            r"needs mending",
            r"影片送达",  # what happens on a day of the calendar
        )
    ),
    re.IGNORECASE,
)


class Words(HTMLParser):
    """What a reader sees or hears of a page: its texts, and the attributes that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.said += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.said.append(" ".join(data.split()))


OF_ORGANISERS = sorted(
    {" ".join(text.split()) for whole in own_words(small()) for text in (whole, *whole.split("\n\n"))},
    key=len,
    reverse=True,
)


def wrong(page: str) -> set[str]:
    """What of a page speaks of films, and should not. What the organisers wrote themselves is taken out before."""
    parser = Words()
    parser.feed(page)
    found = set()
    for said in parser.said:
        text = said
        for own in OF_ORGANISERS:
            text = text.replace(own, "") if len(own) > 1 else text
        if WORD.search(text) and not ALLOWED.search(text):
            found.add(said)
    return found


ENTRANT = ("edit", "credits", "files", "rights")
DESK = (
    "submissions:desk_entries", "submissions:form", "submissions:form_limits", "submissions:form_deadline",
    "submissions:form_files", "submissions:form_codes_new", "submissions:form_promises", "submissions:declaration_new",
    "submissions:form_question_new", "submissions:desk_corrections", "judging:desk", "judging:rounds",
    "judging:round_new", "judging:judges", "judging:conflicts", "judging:meetings", "judging:meeting_new",
    "judging:edition_plan", "judging:edition_setup", "judging:edition_terms", "judging:fairness",
    "judging:feedback", "judging:rehearsals", "edition:team", "submissions:desk_mentoring",
)  # fmt: skip
PLANNED = ("round", "round_plan", "round_panels", "round_jury")
CLOSED = ("round", "round_line", "round_panel", "round_cut", "round_further")


def addresses(stage: Stage) -> list[tuple[str, str]]:
    """Who asks for which page."""
    slug, code = stage.edition.slug, stage.entries[0].code
    rows = [("", reverse("edition:front", args=[slug])), ("", reverse("judging:rules", args=[slug]))]
    rows += [("entrant", reverse("submissions:enter", args=[slug]))]
    rows += [("entrant", reverse(f"submissions:{name}", args=[code])) for name in ("entry", "withdraw")]
    if stage.draft is not None:
        rows += [("entrant", reverse(f"submissions:{name}", args=[stage.draft.code])) for name in ENTRANT]
    rows += [("organiser", reverse(name, args=[slug])) for name in DESK]
    rows += [("organiser", reverse("submissions:desk_entry", args=[slug, code]))]
    rounds = {"reading": PLANNED, "interviews": PLANNED[:2]}
    if stage.look is not None:
        rounds = {"reading": CLOSED, "interviews": PLANNED[:2]}
    for round_, names in rounds.items():
        rows += [("chair", reverse(f"judging:{name}", args=[slug, round_])) for name in names]
    rows += [
        ("judge", reverse("judging:jury", args=[slug])),
        ("judge", reverse("judging:availability", args=[slug])),
    ]
    if stage.look is not None:
        queue = reverse("judging:queue", args=[slug, stage.look.round.slug])
        rows += [("judge", queue)]
        rows += [
            ("judge", reverse(f"judging:{name}", args=[stage.look.pk])) for name in ("console", "recuse")
        ]
    if stage.extra:
        rows += [("judge", reverse("judging:meeting", args=[slug, stage.extra["meeting"]]))]
    if stage.place is not None:
        rows += [
            ("entrant", reverse("submissions:entries")),
            ("organiser", reverse("cohorts:desk", args=[slug])),
        ]
    return rows


@pytest.mark.parametrize("make", [in_the_call, in_the_camp])
def test_no_page_of_an_incubator_speaks_of_films_that_are_not_there(make) -> None:
    stage = make()
    rows, amiss, answered = addresses(stage), {}, []
    for language in ("en", "zh-hans"):
        for who in ("", "entrant", "judge", "chair", "organiser"):
            client = Client(headers={"accept-language": language})
            if who:
                stage.people[who].language = language
                stage.people[who].save()
                client.force_login(stage.people[who])
            for asked, url in rows:
                if asked == who:
                    answer = client.get(url)
                    answered.append((url, answer.status_code))
                    if found := wrong(answer.content.decode()):
                        amiss[language, url] = found
    assert [row for row in answered if row[1] != 200] == []
    assert not amiss, "\n".join(f"{where}: {sorted(said)}" for where, said in amiss.items())


def test_a_contest_of_films_still_speaks_of_films() -> None:
    stage = in_the_call()
    stage.edition.tracks.update(enters="film")
    client = Client(headers={"accept-language": "en"})
    assert "Enter a film" in client.get(reverse("edition:front", args=[stage.edition.slug])).content.decode()
    client.force_login(stage.people["organiser"])
    table = client.get(reverse("submissions:desk_entries", args=[stage.edition.slug])).content.decode()
    assert "Next film, film before" in table and "Next entry" not in table
    limits = client.get(reverse("submissions:form_limits", args=[stage.edition.slug])).content.decode()
    assert "Films of one person" in limits and "Entries of one person" not in limits
