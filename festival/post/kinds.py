"""Every kind of letter, in the order in which the desk lists them."""

from django.utils.translation import gettext_lazy as _

from festival.post.kind import ALWAYS as ALWAYS
from festival.post.kind import Kind as Kind
from festival.post.kinds_cohort import OF_COHORTS
from festival.post.kinds_entry import OF_ENTRIES
from festival.post.kinds_jury import OF_JURIES
from festival.post.kinds_result import OF_RESULTS

KINDS: dict[str, Kind] = {
    **OF_ENTRIES,
    **OF_RESULTS,
    **OF_JURIES,
    **OF_COHORTS,
    "mailing": Kind(
        _("Letter to many"), _("When an organiser sends it."), "{subject}", "{body}", editable=False
    ),
    "test_letter": Kind(
        _("Test letter"), _("When an organiser sends it."), "{subject}", "{body}", editable=False
    ),
}

EDITABLE = {key: kind for key, kind in KINDS.items() if kind.editable}
