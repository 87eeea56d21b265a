"""Decisions over what hangs on an account itself: log-in, letters, roles, requests."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Membership
from festival.people.models import GONE, User
from festival.people.token_models import UploadToken
from festival.post.models import NewsRefusal, Notice
from festival.post.queries import TOLD
from festival.team.models import Invitation
from personal.holding import DELETE, Holding, Way, blank, delete, keep
from personal.models import DataExport, Erasure, Remnant
from submissions.models import CodeMiss, SavedFilter, TableColumns

UNUSABLE = "!"  # no password has this hash
NOBODY = Concat(Value("deleted-"), Cast(F("pk"), CharField()), Value(GONE))
"""The address that a row has when its person is gone."""

NO_LINK = Concat(Value("gone-"), Cast(F("pk"), CharField()))  # no token has this hash
GONE_INVITED: dict[str, Any] = {
    "user": None, "email": NOBODY, "name": "", "message": "", "reason": "", "words": "", "language": "en",
    "token_hash": NO_LINK,
}  # fmt: skip

ACCOUNT = (
    Holding(
        EmailConfirmation,
        "confirmations",
        _("Letters that confirm an address"),
        ways=(
            Way(
                by="email_address__user",
                columns=("email=email_address__email", "created", "sent"),
                ends=(DELETE,),
            ),
        ),
        held={"key": "secret"},
        term="three_days",
    ),
    Holding(
        EmailAddress,
        "addresses",
        _("E-mail addresses"),
        ways=(Way(by="user", columns=("email", "verified", "primary"), ends=(DELETE,)),),
        term="account",
    ),
    Holding(
        Authenticator,
        "two_step",
        _("Two-step log-in"),
        ways=(Way(by="user", columns=("type", "created_at", "last_used_at"), ends=(DELETE,)),),
        held={"data": "secret"},
        term="account",
    ),
    Holding(
        UploadToken,
        "upload_tokens",
        _("Tokens of upload programs"),
        ways=(
            Way(
                by="user",
                columns=("name", "created_at", "expires_at", "used_at", "revoked_at"),
                ends=(DELETE,),
            ),
        ),
        held={"digest": "secret", "password_mark": "secret"},
        term="account",
    ),
    Holding(
        Session,
        "sessions",
        _("Log-ins on devices"),
        ways=(Way(ends=(DELETE,)),),  # found by what is in them: personal.erasing
        held={"*": "secret"},
        term="fortnight",
    ),
    Holding(
        Notice,
        "notices",
        _("Notices and letters to the account"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=edition__slug", "kind", "values", "path", "about", "created_at", "read_at", "state",
                    "mailed_at", "address", "language", "error",
                ),
                shown=TOLD,
                ends=(
                    delete(Q(mailing=None) | ~Q(state=Notice.State.SENT)),
                    blank("sent", values={}, address="", error="", read_at=None),
                ),
            ),
        ),
        held={
            "mailing": "technical", "template": "technical", "uid": "technical", "due_at": "technical",
        },
    ),
    Holding(
        SavedFilter,
        "saved_filters",
        _("Saved filters of the table of entries"),
        ways=(
            Way(
                by="owner",
                columns=("edition=edition__slug", "name", "query", "shared", "made_at"),
                ends=(DELETE,),
            ),
        ),
        term="account",
    ),
    Holding(
        TableColumns,
        "table_columns",
        _("Chosen columns of the table of entries"),
        ways=(Way(by="user", columns=("columns", "chosen_at"), ends=(DELETE,)),),
        term="account",
    ),
    Holding(
        NewsRefusal,
        "news_refusals",
        _("News that was switched off"),
        ways=(Way(by="user", columns=("edition=edition__slug", "at"), ends=(DELETE,)),),
        term="account",
    ),
    Holding(
        Membership,
        "roles",
        _("Roles in editions"),
        ways=(Way(by="user", columns=("edition=edition__slug", "role", "added_at"), ends=(DELETE,)),),
    ),
    Holding(
        Invitation,
        "team_invitations",
        _("Invitations to the team of an edition"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=edition__slug", "email", "name", "role", "language", "message", "state", "created_at",
                    "answer_by", "answered_at", "reason", "words",
                ),
                ends=(blank("record", **GONE_INVITED),),
                name="team_invitations_answered",
            ),
            Way(
                email="email",
                columns=(
                    "edition=edition__slug", "email", "name", "role", "language", "message", "state", "created_at",
                    "answer_by", "answered_at", "reason", "words",
                ),
                ends=(
                    blank("record", only=Q(state=Invitation.State.OPEN), state=Invitation.State.WITHDRAWN),
                    blank("record", **GONE_INVITED),
                ),
            ),
        ),
        did=("by",),
        at="created_at",
        held={
            "instead_of": "technical", "number": "technical", "letters": "technical",
            "wanted_at": "technical", "reminded_at": "technical",
            "mailed_at": "technical", "problem": "technical",
        },
    ),
    Holding(
        CodeMiss,
        "code_misses",
        _("Codes that were typed and do not exist"),
        ways=(Way(by="user", columns=("at",), ends=(DELETE,)),),
        term="hour",
    ),
    Holding(
        DataExport,
        "exports",
        _("Copies of one’s own data that were asked for"),
        ways=(Way(by="user", columns=("asked_at", "state", "ready_at", "expires_at", "size"), ends=(DELETE,)),),
        held={
            "progress": "technical", "told_at": "technical", "key": "technical",
        },
        term="week",
    ),
    Holding(
        Remnant,
        "remnants",
        _("Files that are being removed"),
        ways=(Way(by="erasure__user", ends=(keep("record"),)),),
        held={"*": "technical"},
        term="hour",
    ),
    Holding(
        Erasure,
        "erasures",
        _("Deletions of accounts"),
        ways=(
            Way(by="user", columns=("state", "way", "withdraw", "asked_at", "due_at"), ends=(keep("record"),)),
        ),
        held={
            "told_at": "technical", "started_at": "technical", "done_at": "technical", "counts": "technical",
        },
        term="record",
    ),
    Holding(
        User,
        "account",
        _("The account"),
        ways=(
            Way(
                by="pk",
                columns=("email", "name", "language", "date_joined", "last_login", "is_active", "is_operator"),
                ends=(
                    blank(
                        "empty", email=NOBODY, name="", password=UNUSABLE, language="en", last_login=None,
                        is_active=False, is_operator=False,
                    ),
                ),
            ),
        ),
        held={"password": "secret"},
        term="account",
    ),
)  # fmt: skip
