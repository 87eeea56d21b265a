"""Who may ask for which address: the decisions that `test_permissions` walks through."""

from tests.permission_decisions_desk import DESK_DECISIONS
from tests.permission_roles import (
    CHAIRS,
    COAUTHOR,
    ENTRANT,
    EVERYBODY,
    MENTOR,
    ORGANISERS,
    RECIPIENT,
    SIGNED_IN,
    TWO_STEPS,
)

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
            "judging:edition_parts",
            "judging:track_add",
            "judging:track_remove",
            "judging:track_name",
            "judging:phase_name",
            "judging:phase_add",
            "judging:phase_remove",
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
            "judging:cohort_setup",
            "judging:cohort_add",
            "judging:cohort_change",
            "judging:cohort_remove",
            "judging:milestone_add",
            "judging:milestone_change",
            "judging:milestone_remove",
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
    "submissions:mentoring_milestone": ORGANISERS | MENTOR,  # its makers have pages of their own
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
    "cohorts:ask_time": ENTRANT,
    "cohorts:take_time_back": ENTRANT,
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
            "cohorts:decline_time",
            "cohorts:desk_note",
            "cohorts:support",
            "cohorts:team_support",
            "cohorts:take_back",
            "cohorts:support_csv",
        ),
        ORGANISERS,
    ),
    "cohorts:note_remove": frozenset({"organiser"}),  # whose note it is
    **DESK_DECISIONS,
}
