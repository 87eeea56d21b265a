"""What the plan of a round asks for in other words where nothing but projects is judged in it."""

from django import forms
from django.utils.translation import gettext as _

from festival.kit.fields import reword


def of_projects(form: forms.Form) -> None:
    """Rewords the fields of a RoundForm; of a gate's fields those that it has."""
    reword(
        form,
        after=_("Projects"),
        looks_per_film=(_("Looks per project"), _("How many judges read each project.")),
        cut_kind=(
            _("Who goes on"),
            _("The cut is made when the round closes; the chair can move projects with a reason."),
        ),
        cut_value=(
            _("Value of the cut"),
            _("How many projects or nominations, how many per cent, or from which mark."),
        ),
        overhead_seconds=_("Seconds per project beyond the time to read it"),
        pass_rule=_("A project passes when"),
        official_rule=(
            _("Official rule"),
            _(
                "How the published result is computed. With few looks the plain mean chooses best. Scores are never "
                "standardised judge by judge (z-scores): where judges read few projects that chooses worse than the "
                "mean."
            ),
        ),
        adaptive=(
            _("Further looks where they decide something"),
            _(
                "After the looks that every project has, the next ones go in small batches to the projects for which "
                "a look is worth most. The same judge-hours find far more of the best."
            ),
        ),
        most_looks=_("Most looks of one project"),
        second_look=(
            _("Second look below the line"),
            _(
                "At the end one in twenty of the projects below the line, drawn by lot, is read once more; from that "
                "the site estimates how many were missed."
            ),
        ),
        ballot_points=_("Most points for one project"),
        wild_cards=(
            _("Wild cards"),
            _("How many projects the organiser may let go on past the gate, with a reason."),
        ),
        expects=_("Projects expected"),
        tie_criterion=(
            _("Criterion that decides ties"),
            _(
                "Between projects tied at the line: first the judges who read both, then the mean on this criterion."
            ),
        ),
        tie_last=(
            _("What decides ties last"),
            _("Between projects that nothing else tells apart. Anybody can draw the lot again."),
        ),
    )
    after = form.fields.get("after")
    if isinstance(after, forms.ChoiceField):
        after.choices = [
            (key, label if key else _("All projects in the competition")) for key, label in after.choices
        ]
