"""All settings, read from the environment. A wrong value stops the start with a sentence that names it.

docs/operations.md lists every variable. Without any of them the site runs from ./var on SQLite.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from festival.environment import certificates, flag, folder, seconds, storage, whole

# Linear algebra in one thread: a web worker's threads would each start as many as there are cores, and sums taken in
# another order give other last digits. Read when numpy is loaded, which is after this file.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TESTING = flag("FIRSTLIGHT_TEST")
DEMO = flag("DEMO")
DEBUG = flag("DEBUG")

VAR = folder("FIRSTLIGHT_VAR", BASE_DIR / "var").resolve()


def _secret() -> str:
    """The signing key: SECRET_KEY, or one made once and kept in VAR/secret (readable by the owner alone)."""
    given = env.str("SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("SECRET_KEY is too short: give at least 32 random characters.")
        return given
    path = VAR / "secret"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        try:
            with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(get_random_secret_key())
        except FileExistsError:  # another process of the same start made it first
            pass
    return path.read_text()


SECRET_KEY = _secret()
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
try:
    _site_ok = _site.scheme in ("http", "https") and _site.hostname and _site.port != 0
except ValueError:  # a port that is none
    _site_ok = False
if not _site_ok:
    raise ImproperlyConfigured(f"SITE_URL must look like https://contest.example, not {SITE_URL!r}.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE = _site.scheme == "https"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "festival.kit",
    "festival.people",
    "festival.edition",
    "festival.post",
    "festival.team",
    "festival.catalogue",
    "festival.awards",
    "festival.premiere",
    "submissions",
    "submissions.cohorts",
    "judging",
    "personal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "festival.kit.embedding.CookielessMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "festival.people.middleware.ActorMiddleware",
    "festival.people.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "festival.kit.errors.RefusedMiddleware",
    "judging.reason_page.ReasonMiddleware",
]

FORM_RENDERER = "festival.kit.form_renderer.FormRenderer"
ROOT_URLCONF = "festival.urls"
WSGI_APPLICATION = "festival.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "festival.people.context.actor",
                "festival.post.context.unread",
            ],
            "builtins": ["festival.kit.templatetags.words"],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'firstlight.sqlite3'}")}
_db = DATABASES["default"]
_engine = _db.get("ENGINE", "")
if _engine.endswith("sqlite3"):
    # WAL with immediate transactions: four writers, no "database is locked", no lost update.
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;"
            "PRAGMA cache_size=-20000"
        ),
    }
    _db["CONN_MAX_AGE"] = whole("DATABASE_CONN_MAX_AGE", 600)  # opening it anew costs as much as a small page
    # A file in tests too: several connections to one database in memory would not lock as a file does.
    _db["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
elif _engine.endswith("postgresql"):
    _db["CONN_MAX_AGE"] = whole("DATABASE_CONN_MAX_AGE", 600)
    _db["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgres://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Queue --------------------------------------------------------------------------------------------------
BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "memory")
CELERY_BROKER_URL = env.str("BROKER_URL", f"redis+socket://{VAR / 'valkey.sock'}?virtual_host=0")
if urlsplit(CELERY_BROKER_URL).scheme not in BROKERS:
    raise ImproperlyConfigured(
        f"BROKER_URL must start with one of {', '.join(BROKERS)}, not {CELERY_BROKER_URL!r}."
    )
CELERY_TASK_ALWAYS_EAGER = flag("TASKS_EAGER", TESTING)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Inspecting, matching and reports take long. All else (a film that has just arrived, a letter, the reaper) goes on a
# quick queue of its own, which every hand serves first and one hand alone.
CELERY_TASK_QUEUES = (Queue("arrivals"), Queue("celery"))
CELERY_TASK_DEFAULT_QUEUE = "arrivals"
CELERY_TASK_ROUTES = {
    task: {"queue": "celery"}
    for task in (
        "submissions.tasks.inspect",
        "submissions.tasks.match",
        "submissions.tasks.publish",
        "submissions.tasks.put_in_catalogue",
        "festival.premiere.tasks.propose",
        "judging.tasks.make_fairness_report",
        "judging.tasks.rehearse_edition",
        "personal.tasks.export",
        "personal.tasks.erase",
    )
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task longer than the visibility timeout would run twice; the lease in the database makes that harmless.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 7200,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "queue_order_strategy": "priority",
    }
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_TIMEZONE = "UTC"
REAP_SECONDS = seconds("REAP_SECONDS", 15, least=0.1)
LEASE_SECONDS = seconds("LEASE_SECONDS", 30, least=0.1)  # a worker silent for so long is taken for dead
LABEL_PROPAGATOR = env.str("LABEL_PROPAGATOR", "")[
    :200
]  # who publishes, in the AI label; none: the edition's name
C2PA_TRUST = certificates("C2PA_TRUST")  # of those whose word about a film's origin counts as known
CELERY_BEAT_SCHEDULE = {
    "reap": {
        "task": "submissions.tasks.reap",
        "schedule": REAP_SECONDS,
        "options": {"expires": max(60, 2 * REAP_SECONDS)},  # without a worker they would pile up
    },
    "reap-personal": {
        "task": "personal.tasks.reap",
        "schedule": REAP_SECONDS,
        "options": {"expires": max(60, 2 * REAP_SECONDS)},
    },
    "remind-judges": {"task": "judging.tasks.remind", "schedule": 600, "options": {"expires": 1200}},
    "invitations": {"task": "festival.team.tasks.remind", "schedule": 600, "options": {"expires": 1200}},
    "places": {"task": "submissions.cohorts.tasks.tend_places", "schedule": 300, "options": {"expires": 600}},
    "next-looks": {"task": "judging.tasks.give_next_looks", "schedule": 300, "options": {"expires": 600}},
    "close-votes": {"task": "judging.tasks.close_votes", "schedule": 30, "options": {"expires": 60}},
    "award-steps": {"task": "judging.tasks.take_award_steps", "schedule": 10, "options": {"expires": 30}},
    "objections": {
        "task": "festival.awards.tasks.tend_objections",
        "schedule": 300,
        "options": {"expires": 600},
    },
    "feedback": {"task": "judging.tasks.resume_feedback", "schedule": 60, "options": {"expires": 120}},
    "sweep-conflicts": {
        "task": "judging.tasks.sweep_conflicts",
        "schedule": 1800,
        "options": {"expires": 3600},
    },
    "sweep": {"task": "submissions.tasks.sweep", "schedule": 600, "options": {"expires": 1200}},
}
# Keeps nothing: what is due every few seconds needs no memory, and Celery's own store is an SQLite file opened before
# a fork, whose locks break (Python 3.13), which ends the clock in silence.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# --- Files --------------------------------------------------------------------------------------------------
STORAGE = env.str("STORAGE", f"file://{VAR / 'media'}")
_media, _media_origins = storage("STORAGE", STORAGE)

STORAGES = {
    # Films and what is made from them. Never served by path: only through signed, short-lived links.
    "default": _media,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "festival.kit.statics.HashedStatics"
    },
}
SPOOL = folder("SPOOL", VAR / "spool")  # parts of uploads that have not been completed yet
UPLOAD_PART_BYTES = whole("UPLOAD_PART_BYTES", 0)  # size of a part; 0: 16 MiB, more for very large films
UPLOADS_PER_ACCOUNT = whole("UPLOADS_PER_ACCOUNT", 10, least=1)  # unfinished ones at the same time
UPLOAD_BYTES_PER_ACCOUNT = whole(
    "UPLOAD_BYTES_PER_ACCOUNT", 200_000_000_000, least=1
)  # of all unfinished ones
UPLOAD_RESERVE_BYTES = whole("UPLOAD_RESERVE_BYTES", 1_000_000_000)  # disk kept free beside the films
FILE_UPLOAD_TEMP_DIR = str(SPOOL / "form")  # films sent without JavaScript; /tmp may be small, or be memory
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
# Where stills and judge copies come from when the films lie in a bucket: through the site, where each request is held
# against the account; or from the bucket, to which a browser is sent on with an address that is good for a moment.
SHOW_FROM = env.str("SHOW_FROM", "site")
if SHOW_FROM not in ("site", "bucket"):
    raise ImproperlyConfigured(f"SHOW_FROM must be site or bucket, not {SHOW_FROM!r}.")
_shown_origins = _media_origins if SHOW_FROM == "bucket" else []
LINK_SECONDS = whole("LINK_SECONDS", 6 * 3600, least=60)  # how long a link to a film or still is good
# The header in which a proxy or CDN in front of the site writes the visitor's country, such as CF-IPCountry: premieres
# for some regions are closed to everybody without it. Never one that a visitor could send through to the site.
REGION_HEADER = env.str("REGION_HEADER", "")
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(VAR / "static"))
if TESTING:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
FILE_UPLOAD_HANDLERS = [
    "festival.kit.arriving.Gate",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- People -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["festival.people.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_ADAPTER = "festival.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "festival.people.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter when password, address or second step change
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
if TESTING:
    ACCOUNT_RATE_LIMITS = False
# Proxies in front whose X-Forwarded-For is believed; without it, log-ins are counted for the proxy's own address.
ALLAUTH_TRUSTED_PROXY_COUNT = whole("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Firstlight"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# --- Mail ---------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"Firstlight <no-reply@{_site.hostname}>")
MAIL_FOLDER = VAR / "mail"
MAIL_PER_MINUTE = whole("MAIL_PER_MINUTE", 0)  # what the mail server takes from us; 0: as fast as it can
if DEMO and not env.str("EMAIL_URL", ""):
    MAILERS = {"default": {"BACKEND": "festival.post.mailbox.FolderBackend"}}
elif TESTING and not env.str("EMAIL_URL", ""):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
else:
    try:
        _mail = env.email_url("EMAIL_URL", default="smtp://localhost:25")
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            f"EMAIL_URL must look like smtp+tls://user:password@host:587: {error}"
        ) from None
    MAILERS = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail["EMAIL_HOST"],
                "port": _mail["EMAIL_PORT"] or 25,
                "username": _mail["EMAIL_HOST_USER"] or "",
                "password": _mail["EMAIL_HOST_PASSWORD"] or "",
                "use_tls": _mail.get("EMAIL_USE_TLS", False),
                "use_ssl": _mail.get("EMAIL_USE_SSL", False),
                "timeout": 20,
            },
        }
    }

# --- Languages ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("DEFAULT_LANGUAGE", "en")
if LANGUAGE_CODE not in ("en", "zh-hans"):
    raise ImproperlyConfigured(f"DEFAULT_LANGUAGE must be en or zh-hans, not {LANGUAGE_CODE!r}.")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["festival.kit.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Security -----------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", *_shown_origins],
    "media-src": [CSP.SELF, *_shown_origins],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, *_media_origins],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
# Whether subdomains are https too, and preload lists, is for whoever owns the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
COOKIELESS = (
    r"/[-\w]+/programme/embed/"  # stands in frames of other sites: knows nobody, and is the same for all
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "festival.kit.errors.csrf_failure"
if SECURE:
    SECURE_HSTS_SECONDS = whole("HSTS_SECONDS", 31_536_000)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else "INFO"},
}
