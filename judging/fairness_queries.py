"""Reads of fairness reports."""

from festival.edition.models import Edition
from festival.people.models import User
from judging.models import AwardList, FairnessReport


def reports_of(edition: Edition) -> list[FairnessReport]:
    """All of them without their figures, the newest first. One query."""
    rows = FairnessReport.objects.filter(edition=edition).select_related("made_by", "published_by")
    return list(rows.defer("document", "people"))


def public_report(edition: Edition) -> FairnessReport | None:
    """The one that everybody may read: none before the awards are announced."""
    rows = FairnessReport.objects.filter(edition=edition, published_at__isnull=False)
    return rows.filter(edition__award_list__state=AwardList.State.ANNOUNCED).first()


def names_of(report: FairnessReport) -> dict[str, dict[str, str]]:
    """By number the names of judges and team; accounts that were deleted have none. One query."""
    accounts = {pk for found in report.people.values() for pk in found.values()}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=accounts)}
    return {
        kind: {number: names[pk] for number, pk in found.items() if pk in names}
        for kind, found in report.people.items()
    }
