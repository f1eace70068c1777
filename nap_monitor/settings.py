"""The one settings file. Everything is read from the environment or from ``.env``; ``.env.example`` lists it all."""

import warnings
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib.environment import Environment, UnusableAddress

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment()
if (BASE_DIR / ".env").is_file():
    env.read_file(str(BASE_DIR / ".env"))

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])

# A sample installation may load sample data and sample accounts; a real one never does.
SAMPLE_INSTALLATION = env.boolean("SAMPLE_INSTALLATION", default=False)
# Only a site that the government runs says that it is one: the masthead of KRDS.
OFFICIAL_SITE = env.boolean("OFFICIAL_SITE", default=False)
# The pages at /gallery/, which show every component: for those who work on the program.
COMPONENT_GALLERY = env.boolean("COMPONENT_GALLERY", default=False)
if OFFICIAL_SITE and SAMPLE_INSTALLATION:
    raise ImproperlyConfigured("OFFICIAL_SITE and SAMPLE_INSTALLATION are both true: a sample is no official site.")
# Whom people tell of barriers: printed on the page about accessibility.
ACCESSIBILITY_CONTACT = env.text("ACCESSIBILITY_CONTACT", default="").strip()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "nap_monitor.staticfiles.StaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "nap_monitor.accounts",
    "nap_monitor.lib",
    "nap_monitor.lib.audit",
    "objectives",
    "ministries",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nap_monitor.lib.middleware.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "nap_monitor.lib.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nap_monitor.lib.middleware.PartMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nap_monitor.lib.middleware.NullCharacterMiddleware",
    "ministries.middleware.WrongStateMiddleware",
]

ROOT_URLCONF = "nap_monitor.urls"
WSGI_APPLICATION = "nap_monitor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nap_monitor.context_processors.installation",
                "nap_monitor.context_processors.session",
                "ministries.context_processors.navigation",
            ],
        },
    },
]
# Widgets may have templates of ours.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["krds"]
CRISPY_TEMPLATE_PACK = "krds"
CRISPY_FAIL_SILENTLY = False


def _database(address: str) -> dict[str, Any]:
    # The library warns of what it does not know with the whole address, password and all; we say it without.
    with warnings.catch_warnings(action="ignore"):
        config: dict[str, Any] = environ.Env.db_url_config(address)
    engine = config.get("ENGINE")
    if engine == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:" and not Path(config["NAME"]).is_absolute():
            config["NAME"] = str(BASE_DIR / config["NAME"])
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return {**config, "CONN_MAX_AGE": 60}
    if engine == "django.db.backends.postgresql":
        return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    raise UnusableAddress("it must begin with sqlite:// or postgres://")


DATABASES = {"default": env.url("DATABASE_URL", default="sqlite:///var/db.sqlite3", parse=_database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "nap_monitor.accounts.backends.SignInBackend",
    "ministries.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
LOGOUT_REDIRECT_URL = reverse_lazy("account_login")

ACCOUNT_ADAPTER = "nap_monitor.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An address is proven by the invitation that was sent to it, so there is no second proof.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Who asks for a new password gets the same answer for any address, and no mail goes to addresses without an account.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "user_token": "nap_monitor.accounts.forms.ActiveUserTokenForm",
    "login": "nap_monitor.accounts.forms.LoginForm",
    "reset_password": "nap_monitor.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "nap_monitor.accounts.forms.ResetPasswordKeyForm",
    "change_password": "nap_monitor.accounts.forms.ChangePasswordForm",
}
# Django's own: allauth's writes to its table of addresses when a link is opened, and a GET never writes here.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
# A session ends so long after signing in, or after its person asked to stay; the page warns before it does.
SESSION_ENGINE = "nap_monitor.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * env.integer("SESSION_HOURS", default=8, minimum=1)
SESSION_WARNING_SECONDS = 60 * 10
SESSION_SAVE_EVERY_REQUEST = False
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 7

EMAIL_CONFIG = env.url("EMAIL_URL", default="consolemail://", parse=environ.Env.email_url_config)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = EMAIL_CONFIG.get("EMAIL_FILE_PATH") or str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="nap-monitor@localhost")
# Where people reach the installation: links in e-mails begin with it.
SITE_URL = env.origin("SITE_URL", default="http://127.0.0.1:8000")

TASKS = {
    "default": {
        "BACKEND": env.choice(
            "TASKS",
            {
                "database": "django_tasks_db.DatabaseBackend",
                "immediate": "django_tasks.backends.immediate.ImmediateBackend",
            },
            default="database",
        ),
    },
}

# What is kept in a process's own memory: counted attempts to sign in; apart from them, parts of pages that were made.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60 * 30,
        "OPTIONS": {"MAX_ENTRIES": 60},
    },
}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["nap_monitor.formats"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", default=str(VAR_DIR / "static"))
# KRDS, the government's design system, as npm puts it: the style sheets and the pictures that they name, nothing else.
KRDS_ROOT = BASE_DIR / "node_modules" / "krds-uiux" / "resources"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *((f"krds/{folder}", KRDS_ROOT / folder) for folder in ("css/token", "css/component", "img/component")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # Evidence and rendered files: no public address, every download asks the rule again.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.text("PRIVATE_ROOT", default=str(VAR_DIR / "private")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The .otf fonts are for the PDF alone; compressing what no browser asks for would take a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("otf", "woff2", "png", "jpg")

# Behind https everywhere but on the own machine, where `make run` writes HTTPS=false.
HTTPS = env.boolean("HTTPS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.boolean("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Sign-in attempts are counted by the address that the proxy saw, not by the proxy's own.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
# Browsers tell us what a page tried against its policy; it stands in the log.
CSP_REPORT = env.boolean("CSP_REPORT", default=False)
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        **({"report-uri": "/policy-reports/"} if CSP_REPORT else {}),
    },
}
# What no page here uses is switched off for all that it may ever load.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "usb",
        "xr-spatial-tracking",
    )
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Ours stands first: it ends the writing of what is too large.
FILE_UPLOAD_HANDLERS = [
    "nap_monitor.lib.files.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The largest evidence file, and how many a submission may have.
EVIDENCE_MAX_MEGABYTES = env.integer("EVIDENCE_MAX_MEGABYTES", default=50, minimum=1)
EVIDENCE_MAX_FILES = env.integer("EVIDENCE_MAX_FILES", default=30, minimum=1)
# How long a PDF may take before it is stopped. A hundred pages take about ten seconds.
PDF_MAX_SECONDS = env.integer("PDF_MAX_SECONDS", default=600, minimum=1)
# The largest workbook of a body that is taken in.
WORKBOOK_MAX_MEGABYTES = env.integer("WORKBOOK_MAX_MEGABYTES", default=10, minimum=1)
# ClamAV's daemon: with it, evidence files are held until it has found them clean.
CLAMD = env.endpoint("CLAMD")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "WARNING"}},
}
