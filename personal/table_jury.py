"""Decisions over what a jury leaves beside looks and scores: panels, ballots, cuts, what judges say of themselves."""

from django.utils.translation import gettext_lazy as _

from judging.models import (
    AgendaItem,
    Ballot,
    BallotLine,
    Conflict,
    CutRow,
    JudgeDay,
    JudgeProfile,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    MeetingStep,
    Panel,
    PanelFilm,
    Round,
    Vote,
)
from personal.holding import DELETE, Fate, Holding, Way, keep

CLOSED, SHOWN = Fate.CLOSED, Fate.SHOWN
STAYS = {CLOSED: (keep("result"),), SHOWN: (keep("result"),)}

JUDGES = (
    Holding(
        BallotLine,
        "ballot_lines",
        _("Films on ballots of the jury"),
        ways=(
            Way(
                by="ballot__juror",
                columns=(
                    "entry=entry__code", "round=ballot__round__slug", "vote=ballot__vote__text", "value",
                ),
                ends=(keep("result"),),
            ),
        ),
        entry=("entry",),
        ends=STAYS,
    ),
    Holding(
        Ballot,
        "ballots",
        _("Ballots of the jury"),
        ways=(
            Way(
                by="juror",
                columns=(
                    "round=round__slug", "meeting=vote__meeting__name", "vote=vote__text", "answer", "cast_at",
                ),
                ends=(keep("result"),),
            ),
        ),
        held={"revision": "technical"},
    ),
    Holding(
        Panel.judges.through,
        "panel_judges",
        _("Who sits on which panel"),
        ways=(
            Way(by="user", columns=("round=panel__round__slug", "panel=panel__name"), ends=(keep("result"),)),
        ),
    ),
    Holding(
        Round.jury.through,
        "round_jury",
        _("Who is named as a judge of which round"),
        ways=(Way(by="user", columns=("round=round__slug",), ends=(keep("result"),)),),
    ),
    Holding(
        PanelFilm,
        "panel_films",
        _("Which panel saw a film"),
        entry=("entry",),
        ends=STAYS,
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        MeetingMember,
        "meeting_members",
        _("Who was in which meeting of the jury"),
        ways=(
            Way(
                by="user",
                columns=("edition=meeting__edition__slug", "meeting=meeting__name", "first_seen_at", "last_seen_at"),
                ends=(keep("result"),),
            ),
        ),
        term="record",
    ),
    Holding(
        MeetingNote,
        "meeting_notes",
        _("What was said in meetings of the jury"),
        ways=(
            Way(
                by="author",
                columns=(
                    "edition=meeting__edition__slug", "entry=entry__code", "text", "decision", "written_at",
                    "taken_back_at",
                ),
                ends=(keep("result", scrub=("text",)),),
            ),
        ),
        entry=("entry",),
        ends={CLOSED: (keep("result", scrub=("text",)),), SHOWN: (keep("result", scrub=("text",)),)},
        held={"client_id": "technical"},
        term="record",
    ),
    Holding(
        AgendaItem,
        "agendas",
        _("Agendas of meetings of the jury"),
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        MeetingFilm,
        "meeting_films",
        _("Films that a meeting of the jury talked about"),
        entry=("entry",),
        ends=STAYS,
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        MeetingStep,
        "meeting_steps",
        _("What happened in meetings of the jury"),
        entry=("entry",),
        ends=STAYS,
        did=("by",),
        at="at",
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        Vote.films.through,
        "vote_films",
        _("Films that a meeting of the jury voted on"),
        entry=("entry",),
        ends=STAYS,
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        CutRow,
        "cut_rows",
        _("Films that went on to the next round"),
        entry=("entry",),
        ends={CLOSED: (keep("result", scrub=("why",)),), SHOWN: (keep("result", scrub=("why",)),)},
        did=("by",),
        at="at",
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        Conflict,
        "conflicts",
        _("Why a judge must not judge a film"),
        ways=(
            Way(
                by="judge",
                columns=(
                    "edition=edition__slug", "source", "kind", "entry=entry__code", "party", "state", "reason",
                ),
                ends=(DELETE,),
            ),
        ),
        entry=("entry",),
        ends={CLOSED: (DELETE,), SHOWN: (DELETE,)},
        did=("by", "decided_by"),
        at="at",
        held={"party_key": "technical", "decided_at": "jury"},
    ),
    Holding(
        JudgeDay,
        "judge_days",
        _("Days on which a judge has more or less time"),
        ways=(Way(by="profile__user", columns=("edition=profile__edition__slug", "day", "minutes"), ends=(DELETE,)),),
        term="edition",
    ),
    Holding(
        JudgeProfile.tracks.through,
        "judge_tracks",
        _("Tracks a judge knows"),
        ways=(
            Way(
                by="judgeprofile__user",
                columns=("edition=judgeprofile__edition__slug", "track=track__slug"),
                ends=(DELETE,),
            ),
        ),
        term="edition",
    ),
    Holding(
        JudgeProfile,
        "judge_profiles",
        _("Languages and hours of a judge"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=edition__slug", "languages", "forms", "minutes_per_day", "sitting_minutes",
                ),
                ends=(DELETE,),
            ),
        ),
        did=("updated_by",),
        at="updated_at",
        term="edition",
    ),
)  # fmt: skip
