"""What stands in the addresses of the world, and what is posted to them."""

from collections.abc import Callable

from festival.awards.objection_keys import token_of as objection_token
from festival.post.news import off_address
from festival.team.links import token_of as invitation_token
from personal.letters import keep_link
from submissions.cohorts.links import token_of as place_token
from submissions.intake.actions import sign_part
from tests.world import World

# What stands in an address where it is not the world's usual entry, look or round.
ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    "account_confirm_email": lambda world: {"key": "unknown"},
    "account_reset_password_from_key": lambda world: {"uidb36": "1", "key": "unknown"},
    "people:token_revoke": lambda world: {"pk": world.upload_token.pk},
    "submissions:edit": lambda world: {"code": world.draft.code},
    "submissions:submit": lambda world: {"code": world.draft.code},
    "submissions:withdraw": lambda world: {"code": world.draft.code},
    "submissions:redeem": lambda world: {"code": world.draft.code},
    "submissions:desk_catalogue_run": lambda world: {"pk": world.edition.catalogue_runs.last().pk},
    "submissions:desk_catalogue_undo": lambda world: {"pk": world.edition.catalogue_runs.last().pk},
    "submissions:desk_saved_filter": lambda world: {
        "pk": world.edition.saved_filters.first().pk,
        "what": "change",
    },
    "submissions:desk_move_many": lambda world: {"move": "admit"},
    "submissions:desk_step": lambda world: {"pk": world.edition.bulk_steps.last().pk},
    "submissions:desk_step_undo": lambda world: {"pk": world.edition.bulk_steps.last().pk},
    "submissions:subtitles_add": lambda world: {"code": world.draft.code},
    "submissions:subtitles_remove": lambda world: {"code": world.draft.code, "pk": world.subtitles.pk},
    **{
        f"submissions:{name}": lambda world: {"code": world.draft.code}
        for name in (
            "credits",
            "credits_invite",
            "credits_revoke",
            "credits_age",
            "credits_identity",
            "credits_mine",
            "transfer",
            "transfer_back",
        )
    },
    **{
        f"submissions:{name}": lambda world: {"token": world.invitation}
        for name in ("invitation", "invitation_answer")
    },
    **{f"submissions:{name}": lambda world: {"token": world.offer} for name in ("offer", "offer_answer")},
    **{
        f"submissions:{name}": lambda world: {
            "code": world.draft.code,
            "pk": world.attachment.pk,
            "kind": "still",
            "way": "up",
        }
        for name in ("rights", "files", "file_add", "files_order", "file", "file_remove", "file_move")
    },
    **{
        f"submissions:{name}": lambda world: {"pk": world.coached.place.pk}
        for name in (
            *(
                "mentoring_team",
                "session_add",
                "item_add",
                "interview_book",
                "interview_cancel",
                "interview_ics",
            ),
        )
    },
    "submissions:mentoring_milestone": lambda world: {
        "pk": world.coached.place.pk,
        "milestone": world.coached.place.cohort.milestones.get(slug="milestone-1").pk,
    },
    **{
        f"submissions:{name}": lambda world: {"pk": world.coached.place.pk, "row": world.coached.session.pk}
        for name in ("session", "session_remove")
    },
    **{
        f"submissions:{name}": lambda world: {"pk": world.coached.place.pk, "row": world.coached.item.pk}
        for name in ("item_tick", "item_remove")
    },
    "submissions:mentor_add": lambda world: {"cohort": "camp"},
    "submissions:mentor_remove": lambda world: {"cohort": "camp", "pk": world.coached.mentor.pk},
    "submissions:interview_slots": lambda world: {"cohort": "camp"},
    "submissions:interviews_announce": lambda world: {"cohort": "camp"},
    **{
        f"submissions:interview_{name}": lambda world: {"cohort": "camp", "pk": world.coached.free.pk}
        for name in ("slot", "assign", "remove")
    },
    "submissions:interview_free": lambda world: {"cohort": "camp", "pk": world.coached.slot.pk},
    "submissions:declaration": lambda world: {"pk": world.declaration.pk},
    "submissions:declaration_act": lambda world: {"pk": world.declaration.pk, "way": "retire"},
    "submissions:media": lambda world: {"token": world.token, "name": "still.jpg"},
    **{
        f"cohorts:{name}": lambda world: {
            "code": world.entry.code,
            "cohort": "seven",
            "pk": world.team.pk,
            "milestone": world.delivered.delivery.milestone_id,
            "part": world.delivered.pk,
            "note": world.cut_note.pk,
        }
        for name in (
            *(
                "team",
                "answer",
                "leave",
                "cohort",
                "offer_free",
                "offer",
                "end",
                "matrix",
                "review",
                "decide",
                "reopen",
            ),
            *("extend", "decline_time", "desk_note", "note_remove"),
            *("support", "team_support", "take_back", "support_csv"),
        )
    },
    **{
        f"cohorts:{name}": lambda world: {"token": place_token(world.invited)}
        for name in ("place", "place_accept", "place_decline")
    },
    **{
        f"cohorts:{name}": lambda world: {
            "pk": world.delivered.delivery.milestone_id,
            "wanted": world.delivered.deliverable_id,
        }
        for name in ("milestone", "send", "ask_time", "take_time_back")
    },
    "cohorts:note": lambda world: {"pk": world.cut_note.pk},
    "submissions:desk_move": lambda world: {"move": "refuse"},
    "submissions:desk_unwaive": lambda world: {"rule": "black"},
    "submissions:desk_match": lambda world: {"pk": world.match.pk, "decision": "confirm"},
    "submissions:form_question": lambda world: {"pk": world.question.pk},
    "submissions:form_question_do": lambda world: {"pk": world.question.pk, "what": "retire"},
    "submissions:form_track": lambda world: {"track": world.entry.track.slug},
    "submissions:form_code_revoke": lambda world: {"pk": world.code.pk},
    "awards:feed": lambda world: {"language": "en"},
    **{
        f"awards:{name}": lambda world: {"code": world.objection.code}
        for name in (
            *("objection_own", "objection", "objection_note", "objection_decide", "objection_ask"),
            *("objection_confirm", "objection_answer"),
        )
    },
    "awards:objection_link": lambda world: {"token": objection_token(world.by_letter)},
    **{
        f"awards:audience_{name}": lambda world: {
            "slot": world.poll.slot.slug,
            "code": "WRONGWRONG",
            "number": 1,
            "pk": world.poll.asides.get().pk,
        }
        for name in (
            *("vote", "code", "link", "mail", "leave", "poll", "settings", "codes", "sheet", "table"),
            *("count", "aside", "lift", "settle"),
        )
    },
    "awards:verify": lambda world: {"code": world.laureate.code},
    "awards:paper": lambda world: {"code": world.laureate.code, "form": "laurel-dark.svg"},
    "awards:evidence": lambda world: {"code": world.objection.code, "pk": world.evidence.pk},
    "judging:feedback_decide": lambda world: {"pk": world.given.pk},
    "judging:award_slot": lambda world: {"slot": world.slot.slug},
    "judging:track_name": lambda world: {"track": world.entry.track.slug},
    "judging:track_merge": lambda world: {"track": world.entry.track.slug},
    "judging:phase_name": lambda world: {"phase": world.edition.phases.latest("pk").pk},
    "judging:track_remove": lambda world: {"track": world.entry.track.slug},
    "judging:phase_remove": lambda world: {"phase": world.edition.phases.latest("pk").pk},
    "judging:cohort_change": lambda world: {"cohort": "seven"},
    "judging:cohort_remove": lambda world: {"cohort": "seven"},
    "judging:milestone_add": lambda world: {"cohort": "seven"},
    **{
        f"judging:milestone_{name}": lambda world: {
            "cohort": "seven",
            "milestone": world.delivered.delivery.milestone.slug,
        }
        for name in ("change", "remove", "move")
    },
    "judging:cohort_move": lambda world: {"cohort": "seven"},
    "judging:award_change": lambda world: {"slot": world.slot.slug},
    "judging:award_remove": lambda world: {"slot": world.slot.slug},
    "judging:award_rule_add": lambda world: {"kind": "limit"},
    "judging:award_rule": lambda world: {"rule": world.award_rule.slug},
    "judging:award_rule_remove": lambda world: {"rule": world.award_rule.slug},
    "judging:award_withdraw": lambda world: {"code": world.entry.code},
    "judging:verdict_release": lambda world: {"slot": world.slot.slug, "place": 1},
    **{
        f"judging:fairness_{name}": lambda world: {"number": world.report.number}
        for name in ("report", "pdf", "file", "publish")
    },
    **{
        f"judging:rehearsal{name}": lambda world: {"number": world.rehearsed.number}
        for name in ("", "_markdown", "_json", "_stop", "_delete")
    },
    **{
        f"judging:fairness_{name}": lambda world: {"edition": world.other.slug}
        for name in ("public", "public_pdf", "public_json")
    },
    "judging:trial": lambda world: {"pk": world.calibration.pk},
    "judging:calibration_drop": lambda world: {"pk": world.calibration.pk},
    "judging:round_replace": lambda world: {"judge": world.people["judge"].pk},
    "judging:verdict": lambda world: {"slot": world.slot.slug, "place": 1},
    **{
        f"premiere:{name}": lambda world: {"pk": world.hall.pk}
        for name in ("hall", "hall_delete", "hall_lost", "hours_add")
    },
    **{
        f"premiere:{name}": lambda world: {"pk": world.hall.venue_id}
        for name in ("venue", "venue_delete", "hall_new")
    },
    **{f"premiere:{name}": lambda world: {"code": world.streamed.code} for name in ("online", "online_seat")},
    "premiere:hours_remove": lambda world: {"pk": world.hall.pk, "row": world.opening.pk},
    **{
        f"premiere:{name}": lambda world: {"pk": world.guest.pk}
        for name in ("guest", "guest_delete", "guest_film_add", "guest_time_add")
    },
    "premiere:guest_film_remove": lambda world: {"pk": world.guest.pk, "row": world.guest_link.pk},
    "premiere:guest_time_remove": lambda world: {"pk": world.guest.pk, "row": world.guest_time.pk},
    **{
        f"premiere:{name}": lambda world: {"pk": world.edition.proposals.last().pk}
        for name in ("proposal", "proposal_stop")
    },
    **{
        f"premiere:{name}": lambda world: {"pk": world.copy.pk}
        for name in ("copy", "copy_file", "copy_arrive", "copy_approve", "copy_delete")
    },
    "premiere:go_back": lambda world: {"number": 1},
    **{
        f"premiere:{name}": lambda world: {"pk": world.edition.drafts.last().pk}
        for name in ("draft_use", "draft_delete")
    },
    "premiere:rehearsal_remove": lambda world: {"code": world.screening.code, "pk": world.rehearsal.pk},
    "premiere:file": lambda world: {"form": "programme.json"},
    "premiere:hall": lambda world: {"pk": world.hall.pk},
    "premiere:move_item": lambda world: {"code": world.screening.code, "pk": world.item.pk},
    "premiere:remove_item": lambda world: {"code": world.screening.code, "pk": world.item.pk},
    "catalogue:film": lambda world: {"code": world.film.code},
    "catalogue:still": lambda world: {"code": world.film.code},
    **{
        f"catalogue:{name}": lambda world: {"code": world.hidden_film.code}
        for name in ("publish", "guest_edit", "composing")
    },
    "edition:remove_member": lambda world: {
        "pk": world.edition.memberships.get(role="judge", user__name="Fellow").pk
    },
    "team:link": lambda world: {"token": invitation_token(world.asked)},
    **{f"team:{name}": lambda world: {"pk": world.asked.pk} for name in ("again", "withdraw")},
    "personal:keep": lambda world: {"token": keep_link(world.erasure).split("/")[-2]},
    "post:read": lambda world: {"pk": world.notice.pk},
    "post:news_off": lambda world: {
        "token": off_address(world.people["entrant"].pk, world.edition.pk).split("/")[-2]
    },
    "post:letter_words": lambda world: {"kind": "entry_refused"},
    "post:letter_default": lambda world: {"kind": "entry_refused"},
    "post:letter": lambda world: {"pk": world.letter.pk},
    "post:letter_again": lambda world: {"pk": world.notice.pk},
    "post:letter_strike": lambda world: {"pk": world.letter.pk, "what": "out"},
    **{
        f"post:mailing{name}": lambda world: {"pk": world.mailing.pk, "step": "send"}
        for name in ("", "_edit", "_test", "_step")
    },
    **{
        f"judging:meeting{name}": lambda world: {
            "pk": world.meeting.pk,
            "code": "RIVAL22",
            "note": world.said.pk,
            "vote": world.vote.pk,
        }
        for name in (
            *(
                "",
                "_desk",
                "_films",
                "_agenda",
                "_open",
                "_remove",
                "_tell",
                "_film",
                "_move",
                "_aside",
                "_note",
            ),
            *(
                "_take_back",
                "_order",
                "_table",
                "_tick",
                "_ask",
                "_motion",
                "_vote",
                "_vote_close",
                "_vote_take",
                "_close",
            ),
        )
    },
    "judging:meeting_minutes": lambda world: {"pk": world.finished.pk},
    "judging:round_csv": lambda world: {"round": "closed"},
    "judging:round_line": lambda world: {"round": "closed"},
    "judging:round_panel": lambda world: {"round": "closed"},
    **{
        f"judging:{name}": lambda world: {"round": "closed"}
        for name in (
            *("round_cut", "cut_make", "cut_move", "cut_teams", "cut_wild_card"),
            *("tie_apply", "round_further"),
        )
    },
    "judging:judge": lambda world: {"pk": world.people["judge"].pk},
    **{
        f"judging:{name}": lambda world: {"pk": world.conflict.pk} for name in ("conflict", "conflict_decide")
    },
    "judging:round_replay": lambda world: {"round": "closed"},
    **{
        f"submissions:upload_{name}": lambda world: {"upload": world.upload.pk, "number": 1}
        for name in ("list", "sign", "part", "complete", "abort")
    },
    **{
        f"premiere:{name}": lambda world: {"code": world.screening.code}
        for name in (
            "screening",
            "edit",
            "add_film",
            "add_other",
            "hold",
            "board_move",
            "run_of_show",
            "lines",
            "projection",
            "sums",
            "copy_check",
            "delete",
            "cancel",
            "reinstate",
            "repeat",
            "lengths",
            "rehearsal_add",
        )
    },
}

# What is posted where an empty form says nothing about who may post it.
# Addresses that carry their permission with them; test_upload.py tries them without it.
SIGNED: dict[str, Callable[[World], str]] = {
    "submissions:upload_part": lambda world: sign_part(upload=world.upload, number=1),
}

BODIES: dict[str, Callable[[World], dict[str, object]]] = {
    "judging:new_edition_plan": lambda world: {"blueprint": "short-film"},
    "judging:new_edition_make": lambda world: {"blueprint": "short-film"},
    "premiere:copy_approve": lambda world: {"sha256": world.copy.sha256},
    "premiere:copy_check": lambda world: {"sha256": world.copy.sha256},
    "premiere:board_move": lambda world: {"hall": world.hall.pk, "minute": 600, "day": "2027-04-16"},
    "cohorts:note": lambda world: {"text": "Cut"},
    "submissions:upload_create": lambda world: {"entry": world.draft.code},
    "submissions:upload_preflight": lambda world: {"entry": world.draft.code},
    "submissions:upload_form": lambda world: {"entry": world.draft.code},
}
