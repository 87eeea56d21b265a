"""The lines of the AI statement in the entrant's form: a formset that keeps what is unfinished and refuses nonsense."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.tools import STAGES, Catalogue, Tool, stage_title
from festival.kit.incoming import LineField, TextField
from festival.kit.words import short_language
from submissions.statement.facts import Use

PREFIX = "uses"
MOST_LINES = 40
EMPTY_LINES = 3  # shown in a form without any
NO_AI, OTHER = "-none", "-other"  # no slug begins with a hyphen

Choices = list[tuple[str, Any]]


_UNREADABLE = gettext_lazy("The lines about tools could not be read. Reload the page and try again.")


class UseForm(forms.Form):
    """One line: the stage, the tool or that there was none, its version and share, and what a person did."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    tool = forms.ChoiceField(label=gettext_lazy("Tool"), required=False)
    other = LineField(
        label=gettext_lazy("Name of the other tool"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("If the list lacks it."),
    )
    version = LineField(label=gettext_lazy("Version"), max_length=40, required=False)
    share = forms.IntegerField(
        label=gettext_lazy("Share of the film (%)"),
        min_value=1,
        max_value=100,
        required=False,
        error_messages={
            name: gettext_lazy("Write the share as a whole number from 1 to 100.")
            for name in ("invalid", "min_value", "max_value")
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    human = TextField(
        label=gettext_lazy("What a person did"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        catalogue: Catalogue,
        kept: tuple[str, ...] = (),
        project: bool = False,
        **options: Any,
    ) -> None:
        # An empty line is read like any other: only so is it told from one that was emptied.
        super().__init__(*args, **options | {"empty_permitted": False})
        self.catalogue = catalogue
        if project:
            self.fields["share"].label = gettext_lazy("Share of the finished film (%)")
        self.fields["stage"].choices = stage_choices()
        self.fields["tool"].choices = list(tool_choices(catalogue, kept))
        for name in ("stage", "tool"):  # may be empty in a draft, but are not called optional
            self.fields[name].wanted = True

    def clean(self) -> dict[str, Any]:
        """Refuses what cannot be meant; a tool written out that the catalogue knows becomes that tool."""
        given = super().clean() or self.cleaned_data
        tool, other = given.get("tool", ""), given.get("other", "")
        if other and tool not in ("", OTHER):
            text = _("Choose the tool from the list or write its name, not both.")
            self.add_error("other", text)
        if tool == NO_AI and (given.get("version") or given.get("share")):
            self.add_error("tool", _("Without AI there is no version and no share: empty them."))
        return given

    @property
    def use(self) -> Use | None:
        """The line as data; None for an empty one."""
        given = self.cleaned_data
        tool, other = given["tool"], given["other"]
        if other and (known := self.catalogue.named(other)):
            tool, other = known.slug, ""
        use = Use(
            stage=given["stage"],
            tool="" if tool in (NO_AI, OTHER) or other else tool,
            other=other,
            version=given["version"],
            share=given["share"],
            human=given["human"].strip(),
            no_ai=tool == NO_AI,
        )
        return None if use == Use("") else use


class UseFormSet(forms.BaseFormSet):
    """The lines together: contradictions between them are said on the later one."""

    def clean(self) -> None:
        if self.total_form_count() < 0:
            raise forms.ValidationError(_UNREADABLE)
        without: dict[str, int] = {}
        with_tool: dict[str, int] = {}
        for number, form in enumerate(self.forms, 1):
            given = getattr(form, "cleaned_data", {})
            stage, tool = given.get("stage", ""), given.get("tool", "")
            if not stage or not (tool or given.get("other")):
                continue
            against = with_tool if tool == NO_AI else without
            if stage in against:
                text = _("Line %(number)s says the opposite about the same stage. Keep one of the two.")
                form.add_error("tool", text % {"number": against[stage]})
            (without if tool == NO_AI else with_tool).setdefault(stage, number)

    def is_valid(self) -> bool:
        valid = super().is_valid()  # runs `clean`, which may put an error on a line that was fine by itself
        return valid and not any(form.errors for form in self.forms)

    @property
    def uses(self) -> list[Use]:
        """The lines that say something, in their order."""
        return [use for form in self.forms if (use := form.use)]

    def sentences(self) -> Iterator[str]:
        """Every fault with the number of its line."""
        yield from (str(error) for error in self.non_form_errors())
        for number, form in enumerate(self.forms, 1):
            for errors in form.errors.values():
                for error in errors:
                    yield _("Line %(number)s of the tools: %(error)s") % {"number": number, "error": error}


_LINES = forms.formset_factory(
    UseForm, formset=UseFormSet, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES + 1, validate_max=True
)


def lines_form(
    data: Mapping[str, Any] | None, uses: tuple[Use, ...], catalogue: Catalogue, *, project: bool = False
) -> UseFormSet:
    """The formset, bound when the data has one. It always shows empty lines to write into.

    `project`: of an entry whose film is not there yet.
    """
    kept = tuple(dict.fromkeys(use.tool for use in uses if use.tool and use.tool not in catalogue.by_slug))
    form_kwargs = {"catalogue": catalogue, "kept": kept, "project": project}
    options: dict[str, Any] = {"prefix": PREFIX, "form_kwargs": form_kwargs}
    if data is not None and f"{PREFIX}-TOTAL_FORMS" in data:
        messages = {
            "missing_management_form": _UNREADABLE,
            "too_many_forms": _("At most %(most)s lines can be kept; put some together.")
            % {"most": MOST_LINES},
        }
        return _LINES(data, error_messages=messages, **options)
    lines = _LINES(initial=[_initial(use) for use in uses], **options)
    lines.extra = max(EMPTY_LINES - len(uses), 1) if len(uses) < MOST_LINES else 0
    return lines


def _initial(use: Use) -> dict[str, Any]:
    tool = NO_AI if use.no_ai else OTHER if use.other else use.tool
    fields = ("stage", "other", "version", "share", "human")
    return {"tool": tool} | {name: getattr(use, name) for name in fields}


def stage_choices() -> Choices:
    """The stages, with an empty one first."""
    language = short_language()
    return [("", _("Choose")), *((stage, stage_title(stage, language)) for stage in STAGES)]


def tool_choices(catalogue: Catalogue, kept: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """No AI, the tools by what they make first, another one. `kept` are slugs that the catalogue has lost."""
    yield "", _("Choose")
    yield NO_AI, _("No AI at this stage")
    groups = (
        (_("Pictures"), ("image", "video")),
        (_("Voice, music, sound"), ("voice", "music", "sound")),
        (_("Writing"), ("script",)),
        (_("Editing"), ("edit",)),
    )
    tools = sorted(catalogue.tools, key=lambda tool: tool.name.casefold())
    for name, stages in groups:
        rows = [(tool.slug, _name(tool)) for tool in tools if tool.makes[0] in stages]
        if rows:
            yield name, rows
    yield from ((slug, slug) for slug in kept)
    yield OTHER, _("Another tool")


def _name(tool: Tool) -> str:
    """A tool in the list: in Chinese with its Latin name beside it, by which many know it."""
    if short_language() == "zh" and tool.zh:
        return tool.zh if tool.name in tool.zh else f"{tool.zh}（{tool.name}）"
    return tool.name
