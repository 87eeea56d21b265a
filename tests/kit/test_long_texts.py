"""Long texts: the browser does not cut them; the server says by how much they are too long, and loses nothing."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from festival.kit.errors import Refused, refusal
from festival.kit.fields import BilingualField
from festival.kit.incoming import TextField, at_most


class Letter(forms.Form):
    text = TextField(max_length=4000)
    both = BilingualField(long=True, max_length=300, required=False)
    line = forms.CharField(max_length=30, required=False)


def field(form: forms.Form, name: str) -> str:
    return " ".join(render_to_string("_field.html", {"field": form[name]}).split())


def test_a_text_is_not_cut_by_the_browser_and_says_how_much_is_taken() -> None:
    form = Letter()
    assert "maxlength" not in field(form, "text") and "At most 4,000 characters." in field(form, "text")
    assert "maxlength" not in field(form, "both") and "At most 300 characters." in field(form, "both")
    assert 'maxlength="30"' in field(form, "line") and "At most" not in field(form, "line")


def test_what_is_too_long_comes_back_whole_with_a_sentence() -> None:
    form = Letter({"text": "a" * 4010, "both_en": "b" * 301})
    assert form.errors["text"] == ["This has 4010 characters; at most 4000 are taken. Shorten it."]
    assert form.errors["both"] == ["This has 301 characters; at most 300 are taken. Shorten it."]
    assert "a" * 4010 in field(form, "text")


def test_what_is_refused_stands_on_the_page() -> None:
    assert at_most("abc", 3) == "abc"
    with pytest.raises(Refused) as error:
        at_most("<abcd>", 3)
    assert (error.value.status, error.value.code) == (400, "too_long")
    page = refusal(RequestFactory().post("/"), error.value)
    text = page.content.decode()
    assert page.status_code == 400 and "What you wrote" in text and "&lt;abcd&gt;</textarea>" in text
