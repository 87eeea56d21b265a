"""Where entrants may live: asked in the form, checked when they submit, said in the rules."""

import html

import pytest
from django.test import Client
from django.utils import translation

from festival.edition.form_rules import FormRulesError, ResidenceRules, read_form
from submissions.completeness import missing_for_submission
from submissions.residence import residence_in_words
from tests.factories import make_draft, make_edition

pytestmark = pytest.mark.django_db
EXCLUDED = {"residence": {"excluded": ["KP", "SY"]}}
ALLOWED = {"residence": {"allowed": ["CN", "FR"]}}


@pytest.mark.parametrize(
    ("form", "lives", "lacks"),
    [
        ({}, "", None),
        (EXCLUDED, "", "Say in which country or region you live."),
        (EXCLUDED, "KP", "Who lives in North Korea cannot take part"),
        (EXCLUDED, "CN", None),
        (ALLOWED, "CN", None),
        (ALLOWED, "DE", "Who lives in Germany cannot take part"),
        ({"fields": {"residence": "optional"}}, "", None),
        (ALLOWED | {"fields": {"residence": "hidden"}}, "", "Say in which country or region you live."),
    ],
)
def test_what_a_draft_lacks(form: dict, lives: str, lacks: str | None) -> None:
    draft = make_draft(make_edition(call_open=True, form=form), residence=lives)
    missing = missing_for_submission(draft)
    assert missing[-1] == "Upload the film."
    assert len(missing) == (2 if lacks else 1)
    assert lacks is None or missing[0].startswith(lacks)


def test_the_form_asks_in_the_readers_language_and_keeps_the_code() -> None:
    draft = make_draft(make_edition(call_open=True, form=EXCLUDED))
    draft.entrant.language = "zh-hans"
    draft.entrant.save()
    client = Client()
    client.force_login(draft.entrant)
    url = f"/entries/{draft.code}/edit/"
    assert '<option value="FR">法国</option>' in client.get(url).content.decode()
    client.post(url, {"title": draft.title, "track": draft.track_id, "residence": "FR"})
    draft.refresh_from_db()
    assert draft.residence == "FR"
    client.post(url, {"title": draft.title, "track": draft.track_id, "residence": "XX"})
    draft.refresh_from_db()
    assert draft.residence == "FR"


def test_the_rules_say_it_in_both_languages() -> None:
    edition = make_edition(call_open=True, form=ALLOWED)
    page = html.unescape(Client().get(f"/{edition.slug}/rules/").content.decode())
    assert "one of these countries or regions: China, France." in page
    with translation.override("zh-hans"):
        assert "中国、法国" in residence_in_words(ResidenceRules(allowed=("CN", "FR")))
    assert residence_in_words(ResidenceRules()) == ""


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ({"allowed": ["XX"]}, "residence.allowed"),
        ({"excluded": ["EU"]}, "residence.excluded"),
        ({"allowed": [["CN"]]}, "residence.allowed"),
        ({"allowed": ["CN"], "excluded": ["FR"]}, "residence.excluded"),
    ],
)
def test_faults_in_the_rules(rules: dict, key: str) -> None:
    with pytest.raises(FormRulesError) as error:
        read_form({"residence": rules})
    assert [one for one, _sentence in error.value.faults] == [key]
