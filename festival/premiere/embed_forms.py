"""The form that says on which other sites the programme may stand."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.embedding import origin_of
from festival.kit.incoming import TextField, plain_text

MOST = 50
NOWHERE, NAMED, ANYWHERE = "nowhere", "named", "anywhere"


class EmbeddingForm(forms.Form):
    """Nowhere, on the sites named, anywhere."""

    where = forms.ChoiceField(
        label=gettext_lazy("Where the programme may stand in a frame"),
        choices=[
            (NOWHERE, gettext_lazy("On no other site")),
            (NAMED, gettext_lazy("On these sites")),
            (ANYWHERE, gettext_lazy("On any site")),
        ],
        widget=forms.RadioSelect,
    )
    sites = TextField(
        label=gettext_lazy("Sites, one on each line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        max_length=10_000,
        help_text=gettext_lazy(
            "Such as https://www.festival.example. With and without “www” are two sites; "
            "*.festival.example stands for all below it."
        ),
    )

    def clean_sites(self) -> list[str]:
        found = []
        for line in plain_text(self.cleaned_data["sites"]).splitlines():
            if not line.strip():
                continue
            try:
                found.append(origin_of(line))
            except ValueError:
                raise forms.ValidationError(
                    _("“%(line)s” is no address of a site. Write it like https://www.festival.example.")
                    % {"line": line.strip()[:80]}
                ) from None
        if len(found) > MOST:
            raise forms.ValidationError(_("At most %(most)d sites can be named.") % {"most": MOST})
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("where") == NAMED and "sites" in said and not said["sites"]:
            self.add_error("sites", _("Name the site on which the programme is to stand."))
        return said
