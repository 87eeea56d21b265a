"""Forms of copies: what one is, and what plays in a screening."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.catalogue import queries as catalogue
from festival.catalogue.models import FileFormat
from festival.edition.models import Edition
from festival.kit.fields import BilingualField, LineField
from festival.kit.moments import MomentField
from festival.premiere.copies.hashing import LINE
from festival.premiere.copy_actions import SUM
from festival.premiere.models import Copy, Item

COPY_GROUPS = (
    (_("The copy"), ("film", "name", "file_format", "note", "arrived")),
    (_("How it is known on the day"), ("file_name", "sha256", "size")),
    (_("Picture and sound"), ("width", "height", "frame_rate", "channels")),
)
LARGEST = 10**15  # bytes
LINE_OR_SUM = re.compile(r"[0-9a-f]{64}")


class CopyForm(forms.Form):
    """A copy as the cinema will play it. Of an original the file is known and stays as it is."""

    film = forms.ModelChoiceField(None, label=_("Film"), empty_label=_("Choose a film"))
    name = LineField(
        label=_("Name"), max_length=200, help_text=_("As it is written on the drive: of a DCP, its folder.")
    )
    file_format = forms.ChoiceField(label=_("Format"), choices=FileFormat.choices)
    note = LineField(label=_("Note"), required=False, max_length=400)
    arrived = forms.BooleanField(label=_("It is here"), required=False)
    file_name = LineField(
        label=_("Name of the file"),
        required=False,
        max_length=255,
        help_text=_("Of a DCP the packing list (PKL_….xml): it has the sums of all other files."),
    )
    sha256 = forms.CharField(
        label="SHA-256",
        required=False,
        max_length=400,
        help_text=_(
            "64 characters, or a line of a list of sums: the name of the file is then taken from it."
        ),
    )
    size = forms.IntegerField(label=_("Size in bytes"), required=False, min_value=1, max_value=LARGEST)
    width = forms.IntegerField(label=_("Width, pixels"), required=False, min_value=16, max_value=16384)
    height = forms.IntegerField(label=_("Height, pixels"), required=False, min_value=16, max_value=16384)
    frame_rate = forms.DecimalField(
        label=_("Frames a second"),
        required=False,
        min_value=1,
        max_value=240,
        max_digits=6,
        decimal_places=3,
    )
    channels = forms.IntegerField(
        label=_("Channels of sound"),
        required=False,
        min_value=0,
        max_value=64,
        help_text=_("6 is 5.1; 0 is silent."),
    )

    def __init__(self, *args: Any, edition: Edition, copy: Copy | None = None, **options: Any) -> None:
        if copy:
            known = {
                name: getattr(copy, name) for name in self.base_fields if name not in ("film", "arrived")
            }
            options["initial"] = {**known, "arrived": bool(copy.arrived_at)}
        super().__init__(*args, **options)
        film: Any = self.fields["film"]
        film.queryset = catalogue.to_choose(edition)
        film.label_from_instance = lambda row: row.picker_label
        if copy:
            del self.fields["film"]
        if copy and copy.original:
            for name in (*SUM, "arrived"):
                self.fields[name].disabled = True

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Fields under headings."""
        return [
            (title, [self[name] for name in names if name in self.fields]) for title, names in COPY_GROUPS
        ]

    def clean(self) -> dict[str, Any]:
        """A sum in small letters; from a line of a list, with the name of the file."""
        data = super().clean() or self.cleaned_data
        written = (data.get("sha256") or "").strip()
        line = LINE.fullmatch(written)
        if line:
            written = line[1]
            data["file_name"] = data.get("file_name") or line[2].rpartition("/")[2][:255]
        data["sha256"] = written.lower()
        if written and not LINE_OR_SUM.fullmatch(written.lower()):
            self.add_error(
                "sha256", _("This is no SHA-256: it has 64 characters, digits and letters from a to f.")
            )
        elif written and not data.get("file_name") and "file_name" not in self.errors:
            self.add_error("file_name", _("Say which file has this sum."))
        return data


class ProjectionForm(forms.Form):
    """What plays in a screening, line by line, and by when it has to be there."""

    def __init__(
        self, *args: Any, edition: Edition, lines: Sequence[Item], due: datetime | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.lines = list(lines)
        self.fields["due_at"] = MomentField(
            zone=edition.time_zone,
            label=_("Copies are due by"),
            required=False,
            initial=due,
            help_text=_("Left empty: before the first technical rehearsal, or a day before the screening."),
        )
        for line in self.lines:
            if line.film:
                copies = list(line.film.copies.all())
                self.fields[f"copy-{line.pk}"] = forms.TypedChoiceField(
                    label=_("Copy"),
                    required=False,
                    coerce=int,
                    empty_value=None,
                    initial=line.copy_id,
                    choices=[
                        ("", _("The best there is")),
                        *((copy.pk, f"{copy.get_file_format_display()} · {copy.name}") for copy in copies),
                    ],
                )
            self.fields[f"cue-{line.pk}"] = BilingualField(
                label=_("Cue"), required=False, max_length=200, initial=line.cue
            )

    @property
    def rows(self) -> list[tuple[Item, list[forms.BoundField]]]:
        """By line of the running order its fields."""
        return [
            (line, [self[name] for name in (f"copy-{line.pk}", f"cue-{line.pk}") if name in self.fields])
            for line in self.lines
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        copies = {copy.pk: copy for line in self.lines if line.film for copy in line.film.copies.all()}
        return {
            "due_at": data["due_at"],
            "lines": {
                line.pk: (copies.get(data.get(f"copy-{line.pk}")), data[f"cue-{line.pk}"])
                for line in self.lines
            },
        }
