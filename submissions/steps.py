"""The pages of an entry's form, in the order in which they are filled in: its steps."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from submissions.completeness import Gap
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Step:
    """`anchor` is the place on a page that shows more than this step."""

    key: str
    label: str
    address: str
    anchor: str = ""

    def url(self, entry: Entry) -> str:
        return reverse(self.address, kwargs={"code": entry.code}) + self.anchor


STEPS = (
    Step("about", _("About the film"), "submissions:edit"),
    Step("credits", _("Credits"), "submissions:credits"),
    Step("rights", _("Rights"), "submissions:rights"),
    Step("files", _("Other files"), "submissions:files"),
    Step("film", _("The film"), "submissions:entry", "#film"),
)
ABOUT_PROJECT = _("About the project")
BY_KEY = {step.key: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class StepView:
    """For templates/entrant/_steps.html; `missing` counts what the entry lacks there; `first` is where it begins."""

    label: str
    url: str
    current: bool
    missing: int
    first: bool = False


def steps_of(entry: Entry, missing: list[Gap], current: str = "") -> list[StepView]:
    """The steps of this entry, with its track; a project has none for the film. Asks nothing of the database."""
    return [
        StepView(
            label=str(ABOUT_PROJECT if step.key == "about" and entry.is_project else step.label),
            url=step.url(entry),
            current=step.key == current,
            missing=sum(gap.step == step.key for gap in missing),
            first=bool(missing) and missing[0].step == step.key,
        )
        for step in STEPS
        if step.key != "film" or not entry.is_project
    ]
