"""What pages show of a film: the upload panel, the report of its inspection."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from festival.kit import clock
from festival.kit.words import file_size
from submissions import report_view, statement_view
from submissions.intake import queries
from submissions.models import Entry, Inspection

register = template.Library()


@register.simple_tag
def upload_panel(entry: Entry, kind: str = "") -> queries.Panel:
    """For `_upload.html` and `_upload_beside.html`; `entry` comes with its edition."""
    return queries.upload_panel(entry, clock.now(), kind)


@register.filter
def film_of(inspection: Inspection, entries: str) -> SafeString:
    """The film of an inspection as a link to its entry; `entries`: the address of the desk's entries. Of a draft
    nothing but its size: its title is nobody's business but the entrant's. A page has two hundred of them.
    """
    version, entry = inspection.version, inspection.version.entry
    size = file_size(version.size)
    if not entry.submitted_at:
        return format_html('<span>{}</span> <span class="quiet small">{}</span>', _("A draft’s film"), size)
    return format_html(
        '<a href="{}{}/">{}</a> <span class="quiet small">{} · {}</span>',
        *(entries, entry.code, entry.title, entry.code, size),
    )


@register.simple_tag
def upload_words_beside() -> dict[str, Any]:
    """The same sentences for another file than the film."""
    words = upload_words()
    states = {
        "sending": _("The file is on its way."),
        "finishing": _("All parts are here. The file is being taken over …"),
        "arrived": _("Your file has arrived."),
    }
    return {**words, "states": {**words["states"], **states}, "one_file": _("Drop one file at a time.")}


@register.simple_tag
def upload_words() -> dict[str, Any]:
    """The sentences that static/js/upload-*.js says; {…} is filled in there."""
    return {
        "states": {
            "starting": _("Getting ready …"),
            "sending": _("The film is on its way."),
            "continuing": _("Continuing where the upload stopped."),
            "waiting": _("The connection is interrupted. Trying again in {seconds} s; nothing is lost."),
            "store_away": _(
                "The film store does not answer. Trying again in {seconds} s; nothing is lost. If it stays so, tell "
                "the organisers."
            ),
            "paused": _("Paused. You can continue now, or on another day with the same file."),
            "stopped": _("The upload has stopped."),
            "finishing": _("All parts are here. The film is being taken over …"),
            "arrived": _("Your film has arrived."),
        },
        "looking": _("Looking at the file …"),
        "looked": _("Nothing has been uploaded yet. Read what was found, then decide."),
        "of": _("{sent} of {size}"),
        "speed": _("{speed}/s"),
        "left_seconds": _("about {seconds} s left"),
        "left_minutes": _("about {minutes} min left"),
        "left_hours": _("about {hours} h {minutes} min left"),
        "one_file": _("Drop one file: the finished film."),
        "unreadable": _(
            "The file can no longer be read. It may have been moved, renamed or saved anew. Choose it again."
        ),
        "offline": _("The server cannot be reached. Check the connection; nothing that has arrived is lost."),
        "proxy": _("The server does not take parts of this size. Please tell the organisers."),
        "store": _(
            "The film store did not take a part of the film ({code}). Try again later; if it stays so, tell the "
            "organisers. What has arrived is kept."
        ),
        "over": _(
            "This upload is over: it was completed, discarded or has expired. Choose the file again to start anew."
        ),
        "broken": _(
            "Something went wrong in this page. Reload it and choose the same file again to continue."
        ),
    }


@register.simple_tag(takes_context=True)
def film_report(context: dict[str, Any], inspection: Inspection | None) -> report_view.ReportView | None:
    """For `_report.html`; None while there is no report. On the desk's page (`desk`) it tells who waived what."""
    return report_view.view_of(inspection, context["request"].actor, desk=bool(context.get("desk")))


@register.simple_tag(takes_context=True)
def film_first_look(context: dict[str, Any], inspection: Inspection | None) -> report_view.ReportView | None:
    """For `_first_look.html`; None without one, and once there is a report."""
    return report_view.first_look_of(inspection, context["request"].actor)


@register.simple_tag
def film_origin(inspection: Inspection | None, entry: Entry) -> statement_view.OriginView | None:
    """For `_origin.html`; None while nothing was read from a film. `entry` comes with its statement."""
    return statement_view.origin_of(inspection, entry)
