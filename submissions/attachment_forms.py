"""Forms of the files beside a film."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.tools import STAGES, stage_title
from festival.kit.fields import BilingualField
from festival.kit.words import short_language
from submissions.attachment_actions import CAPTION_MOST
from submissions.attachment_kinds import Kind
from submissions.models import Attachment


class SeveralInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralField(forms.FileField):
    """A list of files; that each of them is one."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        files = data if isinstance(data, list | tuple) else [data]
        return [one(file, initial) for file in files or [None]]


def stage_choices(*, project: bool = False) -> list[tuple[str, str]]:
    """The stages of the work, and the whole of it first; of a `project` no film is there yet."""
    language = short_language()
    whole = _("The project as a whole") if project else _("The film as a whole")
    return [("", str(whole)), *((stage, stage_title(stage, language)) for stage in STAGES)]


class AddFilesForm(forms.Form):
    """Files of one kind, and for evidence the stage of the work that they are about."""

    def __init__(
        self, kind: Kind, *args: Any, auto_id: str = "", project: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, auto_id=auto_id or f"{kind.key}-%s", **options)
        self.anchor = kind.key
        self.kind = kind
        if kind.key == "evidence":
            stages = stage_choices(project=project)
            self.fields["stage"] = forms.ChoiceField(
                label=_("Stage of the work"), choices=stages, required=False
            )
        widget = forms.ClearableFileInput if kind.single else SeveralInput
        self.fields["file"] = SeveralField(
            label=_("File") if kind.single else _("Files"),
            widget=widget(attrs={"accept": kind.accept}),
            error_messages={
                "required": _("Choose the file first."),
                "invalid": _("Choose the file first."),
                "empty": _("The file is empty (0 bytes). Save it once more and choose the new file."),
            },
        )


class DescribeForm(forms.Form):
    """What is to be seen on a picture, and of evidence the stage of the work that it is about."""

    caption = BilingualField(
        label=_("What is to be seen"),
        required=False,
        max_length=CAPTION_MOST,
        help_text=_("For those who do not see the picture, and as its caption. One language is enough."),
    )

    def __init__(self, file: Attachment, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"caption": file.caption, "stage": file.stage}, **options)
        if file.kind == "evidence":
            self.fields["caption"].label = _("What it shows")
            self.fields["caption"].help_text = _("One language is enough.")
            stages = stage_choices(project=file.entry.is_project)
            self.fields["stage"] = forms.ChoiceField(
                label=_("Stage of the work"), choices=stages, required=False
            )
