"""The permission walk: every address × everybody. An address without a decision here fails the build.

For each address DECISIONS names those who may pass. They must get something other than a refusal from at least one
of GET, POST and PUT; everybody else must be refused by all: sent to the log-in, 403, or 404. Every request runs in a
transaction that is rolled back, so that a withdrawal in one does not change the next.
"""

import json
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from festival.awards.objection_keys import token_of as objection_token
from festival.post.news import off_address
from festival.team.links import token_of as invitation_token
from personal.letters import keep_link
from submissions.cohorts.links import token_of as place_token
from submissions.intake.actions import sign_part
from tests.world import PEOPLE, World, make_world

EVERYBODY = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {"stranger"}
OWNERS = frozenset({"owner"})
ORGANISERS = frozenset({"owner", "organiser"})
TECHNICIANS = ORGANISERS | {"technician"}
CHAIRS = frozenset({"owner", "chair"})
DESK = TECHNICIANS | CHAIRS
JUDGE = frozenset({"judge"})
JUDGES = frozenset({"judge", "fellow"})
ENTRANT = frozenset({"entrant"})
COAUTHOR = frozenset({"coauthor"})

TWO_STEPS = frozenset({"rival"})
MENTOR = frozenset({"account"})
RECIPIENT = frozenset({"entrant"})  # of a signed link

DECISIONS: dict[str, frozenset[str]] = {
    # Everybody
    "home": EVERYBODY,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "people:language": EVERYBODY,
    "edition:front": EVERYBODY,
    # Making an edition: operators, and who organises one here (tests/judging/test_new_edition.py tries the others)
    **dict.fromkeys(
        ("judging:new_edition", "judging:new_edition_plan", "judging:new_edition_make"),
        ORGANISERS | {"outsider"},
    ),
    "judging:edition_plan": CHAIRS | ORGANISERS,
    **dict.fromkeys(
        (
            "judging:edition_dates",
            "judging:edition_blueprint",
            "judging:edition_setup",
            "judging:edition_texts",
            "judging:edition_terms",
            "judging:prizes",
            "judging:award_setup",
            "judging:award_add",
            "judging:award_change",
            "judging:award_remove",
            "judging:award_rule_add",
            "judging:award_rule",
            "judging:award_rule_remove",
            "judging:edition_publish",
        ),
        ORGANISERS,
    ),
    "judging:rules": EVERYBODY,
    "judging:changes": EVERYBODY,
    "submissions:enter": EVERYBODY,  # reading; beginning an entry asks for an account
    "premiere:programme": EVERYBODY,
    "premiere:calendar": EVERYBODY,
    "premiere:file": EVERYBODY,
    "premiere:embed": EVERYBODY,
    "premiere:worker": EVERYBODY,
    "premiere:online": EVERYBODY,
    "premiere:online_seat": EVERYBODY,
    "awards:laureates": EVERYBODY,
    "awards:feed": EVERYBODY,
    "awards:archive": EVERYBODY,
    "awards:notice": EVERYBODY,
    "awards:verify": EVERYBODY,
    "awards:paper": EVERYBODY,
    "awards:papers": ORGANISERS,
    "awards:papers_zip": ORGANISERS,
    "awards:object": EVERYBODY,
    "awards:object_sent": EVERYBODY,
    "awards:objection_link": EVERYBODY,  # who has the letter; it leads on to her own objection
    "awards:objection_confirm": TWO_STEPS,
    "awards:objection_answer": TWO_STEPS,
    **dict.fromkeys(
        (
            "awards:audience_votes",
            "awards:audience_vote",
            "awards:audience_code",
            "awards:audience_link",
            "awards:audience_mail",
            "awards:audience_leave",
        ),
        EVERYBODY,  # reading; who may vote is tried in tests/awards/test_audience.py
    ),
    **dict.fromkeys(
        (
            "awards:audience_desk",
            "awards:audience_poll",
            "awards:audience_settings",
            "awards:audience_codes",
            "awards:audience_sheet",
            "awards:audience_table",
            "awards:audience_count",
            "awards:audience_aside",
            "awards:audience_lift",
            "awards:audience_settle",
        ),
        ORGANISERS,
    ),
    "awards:objection_own": TWO_STEPS,
    **dict.fromkeys(
        (
            "awards:objections",
            "awards:objection",
            "awards:objection_note",
            "awards:objection_ask",
            "awards:objection_rules",
            "awards:objection_decide",
            "awards:evidence",
        ),
        ORGANISERS,
    ),
    "catalogue:film": EVERYBODY,
    "catalogue:still": EVERYBODY,
    # allauth: logging in and what comes before it
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_signup",
            "account_inactive",
            "account_email_verification_sent",
            "account_confirm_email",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
        ),
        EVERYBODY,
    ),
    # allauth: the second half of a log-in; a stranger who is not in the middle of one is sent to the first
    "mfa_authenticate": SIGNED_IN,
    "account_confirm_login_code": SIGNED_IN,
    # allauth: what only an account with two-step log-in has
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"), TWO_STEPS
    ),
    # allauth: one's own account
    **dict.fromkeys(
        (
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_generate_recovery_codes",
        ),
        SIGNED_IN,
    ),
    # One's own account
    "people:account": SIGNED_IN,
    **dict.fromkeys(
        ("personal:data", "personal:copy", "personal:delete", "personal:confirm", "personal:take_back"),
        SIGNED_IN,
    ),
    "personal:keep": EVERYBODY,  # who has the signed link
    "people:token_make": SIGNED_IN,
    "people:token_revoke": ENTRANT,  # whose token it is
    "post:notices": SIGNED_IN,
    "post:choices": SIGNED_IN,
    "post:read": ENTRANT,  # of one's own notice
    "post:news_off": EVERYBODY,  # who has the signed link
    "post:mailbox": frozenset(),  # only in the demonstration
    # The entrant
    "submissions:entries": SIGNED_IN,
    # Mentors and teams
    "submissions:mentoring": SIGNED_IN,  # of one's own
    "submissions:interviews_ics": SIGNED_IN,
    "submissions:mentoring_team": ORGANISERS | ENTRANT | COAUTHOR | MENTOR,
    "submissions:interview_ics": ORGANISERS | ENTRANT | COAUTHOR | MENTOR,
    "submissions:session_add": ORGANISERS | MENTOR,
    "submissions:session": ORGANISERS | MENTOR,
    "submissions:session_remove": ORGANISERS | MENTOR,
    "submissions:item_add": ORGANISERS | ENTRANT | MENTOR,
    "submissions:item_tick": ORGANISERS | ENTRANT | MENTOR,
    "submissions:item_remove": ORGANISERS | MENTOR,
    "submissions:interview_book": ORGANISERS | ENTRANT,
    "submissions:interview_cancel": ORGANISERS | ENTRANT,
    **dict.fromkeys(
        (
            "submissions:desk_mentoring",
            "submissions:mentor_add",
            "submissions:mentor_remove",
            "submissions:interview_slots",
            "submissions:interviews_announce",
            "submissions:interview_slot",
            "submissions:interview_assign",
            "submissions:interview_free",
            "submissions:interview_remove",
        ),
        ORGANISERS,
    ),
    "submissions:entry": ENTRANT | COAUTHOR,  # the desk has its own page of it
    "submissions:credits": ENTRANT,
    "submissions:credits_invite": ENTRANT,
    "submissions:credits_revoke": ENTRANT,
    "submissions:credits_age": ENTRANT,
    "submissions:credits_identity": ENTRANT,
    "submissions:credits_mine": COAUTHOR,
    "submissions:invitation": EVERYBODY,  # who has the link reads the question; answering asks for an account
    "submissions:invitation_answer": COAUTHOR,  # has answered it: nobody else can any more
    "submissions:offer": EVERYBODY,
    "submissions:offer_answer": frozenset({"account"}),  # has the confirmed address that it was offered to
    "submissions:transfer": ENTRANT,
    "submissions:transfer_back": ENTRANT,
    "submissions:desk_transfer": ORGANISERS,
    "submissions:desk_credits": ORGANISERS,
    "submissions:edit": ENTRANT,
    "submissions:submit": ENTRANT,
    "submissions:withdraw": ENTRANT,
    "submissions:questions": ENTRANT,
    "submissions:redeem": ENTRANT,
    "submissions:correction": ENTRANT,
    "submissions:correction_back": ENTRANT,
    "submissions:correction_done": ENTRANT,
    "submissions:correct": ENTRANT,
    "submissions:subtitles_add": ENTRANT,
    "submissions:subtitles_remove": ENTRANT,
    "submissions:rights": ENTRANT,
    "submissions:showing": ENTRANT,
    "submissions:files": ENTRANT,
    "submissions:file_add": ENTRANT,
    "submissions:files_order": ENTRANT,
    "submissions:file": ENTRANT,
    "submissions:file_remove": ENTRANT,
    "submissions:file_move": ENTRANT,
    "submissions:upload_help": EVERYBODY,
    "submissions:upload_program": EVERYBODY,
    "submissions:upload_awaiting": SIGNED_IN,  # one's own entries
    "submissions:upload_create": ENTRANT,
    "submissions:upload_preflight": ENTRANT,
    "submissions:upload_form": ENTRANT,
    "submissions:upload_list": ENTRANT,
    "submissions:upload_sign": ENTRANT,
    "submissions:upload_part": EVERYBODY,  # who has the signed address
    "submissions:upload_complete": ENTRANT,
    "submissions:upload_abort": ENTRANT,
    "submissions:media": RECIPIENT,
    # Cohorts: whoever has the letter's link, the team, the desk
    "cohorts:place": EVERYBODY,
    "cohorts:place_accept": SIGNED_IN,
    "cohorts:place_decline": EVERYBODY,
    "cohorts:team": ENTRANT | COAUTHOR,
    "cohorts:milestone": ENTRANT | COAUTHOR,  # reading; delivering is the entrant's
    "cohorts:note": ENTRANT | COAUTHOR,  # answering; ticking is the entrant's
    "cohorts:answer": ENTRANT,
    "cohorts:leave": ENTRANT,
    "cohorts:send": ENTRANT,
    **dict.fromkeys(
        (
            "cohorts:desk",
            "cohorts:cohort",
            "cohorts:offer_free",
            "cohorts:offer",
            "cohorts:end",
            "cohorts:matrix",
            "cohorts:review",
            "cohorts:decide",
            "cohorts:reopen",
            "cohorts:extend",
            "cohorts:desk_note",
            "cohorts:support",
            "cohorts:team_support",
            "cohorts:support_csv",
        ),
        ORGANISERS,
    ),
    "cohorts:note_remove": frozenset({"organiser"}),  # whose note it is
    # The desk: entries and inspection
    "submissions:desk_entries": TECHNICIANS,
    "submissions:desk_corrections": TECHNICIANS,
    "submissions:desk_correction": TECHNICIANS,  # reading; granting is for organisers
    "submissions:desk_correction_refuse": ORGANISERS,
    "submissions:desk_correction_close": ORGANISERS,
    "submissions:desk_inspections": TECHNICIANS,
    "submissions:desk_entry": TECHNICIANS,
    "submissions:desk_move": TECHNICIANS,
    "submissions:desk_reinspect": TECHNICIANS,
    "submissions:desk_match": TECHNICIANS,
    "submissions:desk_catalogue": ORGANISERS,
    "submissions:desk_waive": TECHNICIANS,
    "submissions:desk_unwaive": TECHNICIANS,
    "submissions:desk_identity": ORGANISERS,
    "submissions:handoff": ORGANISERS,
    "submissions:handoff_prepare": ORGANISERS,
    "submissions:handoff_all": ORGANISERS,
    "submissions:handoff_one": ORGANISERS,
    "submissions:desk_reinspect_many": TECHNICIANS,
    "submissions:desk_download": TECHNICIANS,
    "submissions:desk_saved_filters": TECHNICIANS,
    "submissions:desk_saved_filter": TECHNICIANS,  # of the team: its owner and organisers
    "submissions:desk_columns": TECHNICIANS,
    "submissions:desk_move_many": TECHNICIANS,
    "submissions:desk_step": TECHNICIANS,
    "submissions:desk_step_undo": TECHNICIANS,
    "submissions:form": ORGANISERS,
    "submissions:form_promises": ORGANISERS,
    "submissions:form_residence": ORGANISERS,
    "submissions:form_question_new": ORGANISERS,
    "submissions:form_question_order": ORGANISERS,
    "submissions:form_question": ORGANISERS,
    "submissions:form_question_do": ORGANISERS,
    "submissions:desk_catalogue_many": ORGANISERS,
    "submissions:desk_catalogue_run": ORGANISERS,
    "submissions:desk_catalogue_undo": ORGANISERS,
    "submissions:rulebook": ORGANISERS,
    "submissions:rulebook_apply": ORGANISERS,
    "submissions:rulebook_drop": ORGANISERS,
    "submissions:desk_fix_time": TECHNICIANS,
    # The desk: limits, codes and the deadline
    **dict.fromkeys(
        (
            "submissions:form_limits",
            "submissions:form_track",
            "submissions:form_codes",
            "submissions:form_codes_new",
            "submissions:form_codes_download",
            "submissions:form_code_revoke",
            "submissions:form_deadline",
            "submissions:form_more_time",
        ),
        ORGANISERS,
    ),
    "submissions:form_files": ORGANISERS,
    "submissions:form_declarations": ORGANISERS,
    "submissions:declaration_new": ORGANISERS,
    "submissions:declarations_order": ORGANISERS,
    "submissions:declaration": ORGANISERS,
    "submissions:declaration_act": ORGANISERS,
    # Invitations to the team
    "team:link": EVERYBODY,  # who has the letter's link
    **dict.fromkeys(
        ("team:invitation", "team:accept", "team:decline"), frozenset()
    ),  # tests/team: after the link
    "team:invitations": CHAIRS | ORGANISERS,
    "team:invite": CHAIRS | ORGANISERS,
    "team:again": CHAIRS | ORGANISERS,  # of a judge; tests/team tries the other roles
    "team:withdraw": CHAIRS | ORGANISERS,
    # The jury
    "judging:jury": JUDGES,
    "judging:queue": JUDGES,
    "judging:welcome": JUDGES,
    "judging:trial": JUDGES,
    "judging:console": JUDGE,
    "judging:save": JUDGE,
    "judging:watched": JUDGE,
    "judging:note": JUDGE,
    "judging:finish": JUDGE,
    "judging:reopen": JUDGE,
    "judging:recuse": JUDGE,
    "judging:answer": JUDGE,
    "judging:ballot": JUDGES,
    "judging:availability": JUDGES,
    "judging:declare": JUDGES,
    # The desk: rounds and awards
    "judging:desk": DESK,
    "judging:rounds": CHAIRS | ORGANISERS,
    "judging:round": CHAIRS | ORGANISERS,
    **dict.fromkeys(
        (
            "judging:round_new",
            "judging:round_plan",
            "judging:round_gate",
            "judging:round_panels",
            "judging:round_remove",
            "judging:round_cut",
            "judging:judges",
            "judging:judge",
            "judging:conflicts",
            "judging:conflicts_search",
            "judging:conflict",
            "judging:conflict_decide",
        ),
        CHAIRS | ORGANISERS,
    ),
    **dict.fromkeys(
        (
            "judging:meetings",
            "judging:meeting_new",
            "judging:meeting_desk",
            "judging:meeting_films",
            "judging:meeting_agenda",
            "judging:meeting_remove",
            "judging:meeting_tell",
        ),
        CHAIRS | ORGANISERS,
    ),
    "judging:meeting_take_back": JUDGE,  # whose note it is
    "judging:meeting_minutes": JUDGE | CHAIRS | ORGANISERS,
    **dict.fromkeys(
        (
            "judging:meeting",
            "judging:meeting_film",
            "judging:meeting_aside",
            "judging:meeting_note",
            "judging:meeting_vote",
        ),
        JUDGE | CHAIRS,
    ),
    **dict.fromkeys(
        (
            "judging:meeting_open",
            "judging:meeting_move",
            "judging:meeting_order",
            "judging:meeting_table",
            "judging:meeting_tick",
            "judging:meeting_ask",
            "judging:meeting_motion",
            "judging:meeting_vote_close",
            "judging:meeting_vote_take",
            "judging:meeting_close",
        ),
        CHAIRS,
    ),
    "judging:cut_make": CHAIRS,
    "judging:cut_move": CHAIRS,
    "judging:cut_teams": ORGANISERS | CHAIRS,
    "judging:cut_wild_card": ORGANISERS,
    "judging:tie_apply": CHAIRS,
    "judging:round_further": CHAIRS,
    "judging:round_give": CHAIRS,
    "judging:round_open": CHAIRS,
    "judging:round_late": CHAIRS,
    "judging:round_next": CHAIRS,
    "judging:round_console": CHAIRS,
    "judging:calibration_drop": CHAIRS,
    "judging:round_watching": CHAIRS | ORGANISERS,
    "judging:round_nudge": CHAIRS | ORGANISERS,
    "judging:round_replace": CHAIRS,
    "judging:round_close": CHAIRS,
    "judging:round_line": CHAIRS | ORGANISERS,
    "judging:round_panel": CHAIRS | ORGANISERS,
    "judging:round_replay": CHAIRS | ORGANISERS,
    "judging:round_csv": CHAIRS | ORGANISERS,
    "judging:feedback": CHAIRS | ORGANISERS,
    "judging:feedback_rules": ORGANISERS,
    "judging:feedback_send": ORGANISERS,
    "judging:feedback_decide": CHAIRS,
    "judging:feedback_release": CHAIRS,
    "judging:feedback_own": JUDGES,
    "judging:feedback_letter": ENTRANT | COAUTHOR,
    "judging:awards": CHAIRS | ORGANISERS,
    "judging:awards_propose": CHAIRS | ORGANISERS,
    "judging:awards_confirm": CHAIRS,
    "judging:awards_reopen": CHAIRS,
    "judging:awards_tell": ORGANISERS,
    "judging:awards_announce": ORGANISERS,
    "judging:verdict": CHAIRS,
    "judging:verdict_release": CHAIRS,
    "judging:award_mention": CHAIRS,
    "judging:award_slot": CHAIRS | ORGANISERS,
    "judging:award_withdraw": CHAIRS | ORGANISERS,
    "judging:awards_dates": ORGANISERS,
    **dict.fromkeys(
        (
            "judging:fairness",
            "judging:fairness_make",
            "judging:fairness_report",
            "judging:fairness_pdf",
            "judging:fairness_file",
        ),
        CHAIRS | ORGANISERS,
    ),
    "judging:fairness_publish": ORGANISERS,
    **dict.fromkeys(
        (
            "judging:rehearsals",
            "judging:rehearsal_make",
            "judging:rehearsal",
            "judging:rehearsal_markdown",
            "judging:rehearsal_json",
            "judging:rehearsal_stop",
            "judging:rehearsal_delete",
        ),
        ORGANISERS,
    ),
    **dict.fromkeys(  # of an edition whose awards are announced; test_fairness.py tries them before
        ("judging:fairness_public", "judging:fairness_public_pdf", "judging:fairness_public_json"), EVERYBODY
    ),
    "judging:awards_notice": ORGANISERS,
    "judging:awards_notice_end": ORGANISERS,
    # The desk: premiere, catalogue, team
    **dict.fromkeys(
        (
            "premiere:copies",
            "premiere:copy_new",
            "premiere:copy_originals",
            "premiere:copy",
            "premiere:copy_file",
            "premiere:copy_arrive",
            "premiere:copy_approve",
            "premiere:copy_delete",
            "premiere:copy_check",
            "premiere:projections",
            "premiere:projection",
            "premiere:sums",
            "premiere:run_of_show",
        ),
        TECHNICIANS,
    ),
    **dict.fromkeys(
        (
            "premiere:desk",
            "premiere:new",
            "premiere:hall_new",
            "premiere:hall",
            "premiere:screening",
            "premiere:edit",
            "premiere:add_film",
            "premiere:add_other",
            "premiere:move_item",
            "premiere:remove_item",
            "premiere:hold",
            "premiere:lines",
            "premiere:versions",
            "premiere:snippet",
            "premiere:board",
            "premiere:board_put",
            "premiere:board_undo",
            "premiere:board_redo",
            "premiere:board_move",
            "premiere:proposals",
            "premiere:proposal",
            "premiere:proposal_stop",
            "premiere:levels",
            "premiere:publish",
            "premiere:compare",
            "premiere:go_back",
            "premiere:draft_keep",
            "premiere:draft_use",
            "premiere:draft_delete",
            "premiere:delete",
            "premiere:cancel",
            "premiere:reinstate",
            "premiere:repeat",
            "premiere:lengths",
            "premiere:rehearsal_add",
            "premiere:rehearsal_remove",
            "premiere:places",
            "premiere:travel",
            "premiere:venue_new",
            "premiere:venue",
            "premiere:venue_delete",
            "premiere:hall_delete",
            "premiere:hall_lost",
            "premiere:hours_add",
            "premiere:hours_remove",
            "premiere:guests",
            "premiere:guest_new",
            "premiere:guest",
            "premiere:guest_delete",
            "premiere:guest_film_add",
            "premiere:guest_film_remove",
            "premiere:guest_time_add",
            "premiere:guest_time_remove",
            "catalogue:desk",
            "catalogue:guest",
            "catalogue:guest_edit",
            "catalogue:composing",
            "catalogue:publish",
            "post:letters",
            "post:reminders",
            "post:letter_words",
            "post:letter_default",
            "post:outbox",
            "post:letter",
            "post:letter_again",
            "post:letter_strike",
            "post:mailing_new",
            "post:mailing",
            "post:mailing_edit",
            "post:mailing_test",
            "post:mailing_step",
            "edition:team",
            "edition:remove_member",
        ),
        ORGANISERS,
    ),
}

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
            *("extend", "desk_note", "note_remove", "support", "team_support", "support_csv"),
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
        for name in ("milestone", "send")
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


def addresses(
    patterns: list | None = None, prefix: str = "", parts: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Every address by its name with namespace, and the names of the parts it takes."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        taken = (*parts, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, inside, taken)
        else:
            yield f"{prefix}{pattern.name}", list(taken)


def parts_of(name: str) -> list[str]:
    """The names of the parts that an address takes."""
    return dict(addresses())[name]


def test_every_address_has_a_decision() -> None:
    names = {name for name, _parts in addresses()}
    assert names == set(DECISIONS)


def refused(status: int, location: str) -> bool:
    return status in (403, 404) or (status == 302 and "/accounts/login/" in location)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def ask(world: World, who: str, method: str, url: str, body: dict[str, object]) -> tuple[int, str]:
    """Status and Location of one request by `who`; nothing it wrote remains."""
    client = Client(raise_request_exception=False)
    if who != "stranger":
        client.force_login(world.people[who])
    with transaction.atomic():
        if method == "get":
            response = client.get(url)
        elif url.startswith("/uploads/") and not url.endswith("/form/"):
            response = client.post(url, json.dumps(body), content_type="application/json")
        elif method == "put":
            response = client.put(url)
        else:
            response = client.post(url, body)
        if response.streaming:
            b"".join(response.streaming_content)  # reading to the end closes the file
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_walk(world: World, name: str, django_db_blocker: object) -> None:
    url = SIGNED[name](world) if name in SIGNED else reverse(name, kwargs=world.arguments(name))
    body = BODIES.get(name, lambda world: {})(world)
    with django_db_blocker.unblock():
        for who in PEOPLE:
            answers = {method: ask(world, who, method, url, body) for method in ("get", "post", "put")}
            given = {method: answer for method, answer in answers.items() if answer[0] != 405}
            assert given, f"{name} answers no method"
            assert all(status < 500 for status, _where in given.values()), f"{who} breaks {name}: {answers}"
            passes = not all(refused(*answer) for answer in given.values())
            assert passes == (who in DECISIONS[name]), f"{who} at {name} ({url}): {answers}"
