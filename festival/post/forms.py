"""Forms of letters: an edition's own words, letters to many, the choice of news."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.fields import BilingualField, BilingualWidget
from festival.kit.words import say
from festival.people.actor import Actor
from festival.post import news, queries
from festival.post.mailing_actions import mailing_faults
from festival.post.models import Mailing
from festival.post.registry import AUDIENCES
from festival.post.template_actions import LONGEST_BODY, LONGEST_SUBJECT, REMINDER_DAYS, faults_of

BOTH = _("Write this in both languages.")


def words_fields() -> tuple[BilingualField, BilingualField]:
    """Subject and text of a letter."""
    tall = BilingualWidget(long=True)
    for widget in tall.widgets:
        widget.attrs["rows"] = 10
    subject = BilingualField(
        label=_("Subject"), max_length=LONGEST_SUBJECT, error_messages={"required": BOTH}
    )
    body = BilingualField(
        label=_("Text"), long=True, max_length=LONGEST_BODY, widget=tall, error_messages={"required": BOTH}
    )
    return subject, body


class TemplateForm(forms.Form):
    """An edition's own words for a kind; `seen` is the number of the text they are changed from."""

    subject, body = words_fields()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "subject" in given and "body" in given:
            for field, texts in faults_of(self.kind, given["subject"], given["body"]).items():
                for text in texts:
                    self.add_error(field, text)
        return given


class RemindersForm(forms.Form):
    """When drafts are reminded."""

    days = forms.TypedMultipleChoiceField(
        label=_("Reminders before the deadline"),
        choices=[],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {
            14: _("14 days before"),
            7: _("7 days before"),
            3: _("3 days before"),
            1: _("The day before"),
        }
        self.fields["days"].choices = [(day, labels[day]) for day in REMINDER_DAYS]


class MailingForm(forms.Form):
    """A letter to many."""

    audience = forms.ChoiceField(label=_("Who gets it"), choices=(), widget=forms.RadioSelect)
    track = forms.ModelChoiceField(
        label=_("Track"), queryset=None, required=False, empty_label=_("All tracks")
    )
    topic = forms.ChoiceField(
        label=_("What kind of letter"),
        choices=[
            (Mailing.Topic.NEWS, _("News: those who do not want news are not written to")),
            (
                Mailing.Topic.ENTRY,
                _("About the entry itself: it cannot be switched off, and says what it concerns"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    about = BilingualField(
        label=_("What of their entry it concerns"),
        help_text=_(
            "Only for a letter about the entry. It stands below the text: “because of your entry: …”."
        ),
        max_length=120,
        required=False,
    )
    subject, body = words_fields()

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["audience"].choices = [
            (one.key, _("%(label)s: %(says)s") % {"label": one.label, "says": one.says})
            for one in AUDIENCES.values()
        ]
        track: Any = self.fields["track"]
        track.queryset = edition.tracks.all()
        track.label_from_instance = lambda one: say(one.name)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if all(name in given for name in ("audience", "topic", "subject", "body")):
            wrong = mailing_faults(
                audience=given["audience"],
                topic=given["topic"],
                about=given.get("about") or {},
                subject=given["subject"],
                body=given["body"],
            )
            for field, texts in wrong.items():
                for text in texts:
                    self.add_error(field, text)
        return given


class NewsForm(forms.Form):
    """Whose news an account wants: a tick for each edition that ever wrote to it."""

    wanted = forms.ModelMultipleChoiceField(
        label=_("News of"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    none_at_all = forms.BooleanField(
        label=_("No news at all, of no contest on this site, now or later"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, submitted: bool, **options: Any) -> None:
        refused = news.refused_by(actor.user)
        self.editions = list(queries.editions_of(actor))
        if not submitted:
            kept = [one for one in self.editions if one.pk not in refused]
            options["initial"] = {"wanted": kept, "none_at_all": None in refused}
        super().__init__(*args, **options)
        wanted: Any = self.fields["wanted"]
        wanted.queryset = queries.editions_of(actor)
        wanted.label_from_instance = lambda one: say(one.name)
        if not self.editions:
            del self.fields["wanted"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given.setdefault("wanted", [])
        return given
