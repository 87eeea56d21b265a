"""The lines of a round's judges: with 120 of them a template would take most of what the page costs."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.words import clock_time, moment_text, spoken_time
from judging import desk_words
from judging.models import Round
from judging.progress_queries import JudgeProgress


def judge_lines(
    edition: Edition, round: Round, judges: Iterable[JudgeProgress], *, may_replace: bool
) -> SafeString:
    """A line of the table for each judge, in the order of the columns of `desk/_round_judges.html`."""
    is_open, to_read = round.state == Round.State.OPEN, desk_words.is_read(round)
    labels = {
        key: escape(text)
        for key, text in (
            ("last", _("Last at work")),
            ("scored", desk_words.said(round, "scored")),
            ("recused", _("Recused")),
            ("left", desk_words.said(round, "left")),
            ("watched", _("Watched")),
        )
    }
    done_of, replace = escape(_("%(done)s of %(films)s")), escape(_("Replace…"))
    at = reverse("judging:round", args=[edition.slug, round.slug])
    zone = edition.time_zone

    def cell(label: str, text: str) -> str:
        return f'<td data-label="{labels[label]}" class="num">{text}</td>'

    lines = []
    for judge in judges:
        name = escape(judge.name)
        seen = escape(moment_text(judge.last_saved, zone)) if judge.last_saved else "–"
        done = done_of % {"done": number_format(judge.done), "films": number_format(judge.films)}
        line = [
            f'<tr><th scope="row">{name}</th><td data-label="{labels["last"]}">{seen}</td>',
            cell("scored", done),
            cell("recused", number_format(judge.recused)),
        ]
        if is_open:
            line.append(cell("left", escape(spoken_time(judge.seconds_left or None))))
        if not to_read:
            line.append(cell("watched", clock_time(judge.seconds_watched)))
        if may_replace:
            who = f'<span class="visually-hidden">: {name}</span>'
            link = f'<a class="small" href="{at}replace/{judge.judge_id}/">{replace}{who}</a>'
            line.append(f"<td>{link if judge.films > judge.done else ''}</td>")
        lines.append("".join([*line, "</tr>"]))
    return mark_safe("\n".join(lines))  # every text in it is escaped above, or a number
