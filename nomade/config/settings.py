"""Django's settings, made from the installation's own (`nomade.config.environment`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from nomade.config.environment import SettingError, default_environment, read_environment
from nomade.config.storage import document_storage

try:
    NOMADE = read_environment()
except SettingError as error:
    raise ImproperlyConfigured(str(error)) from error

NOMADE_DEFAULTS = default_environment(NOMADE.env)
TESTING = "pytest" in sys.modules
DEBUG = False
SECRET_KEY = NOMADE.secret_key
ALLOWED_HOSTS = [*NOMADE.hosts.values(), *([] if NOMADE.production else ["localhost", "127.0.0.1", "testserver"])]
GUARD_READ_ONLY_GET = not NOMADE.production
WSGI_APPLICATION = "nomade.config.wsgi.application"
ROOT_URLCONF = "nomade.config.urls.portal"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.auth",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "csp",
    "nomade.kernel",
    "nomade.ui",
    "nomade.people",
    "nomade.accounts",
    "nomade.files",
    "nomade.notifications",
    "nomade.cases",
    "nomade.home",
    "nomade.payslips",
    "nomade.documents",
    "nomade.certificates",
    "nomade.personnel_file",
    "nomade.leave",
    "nomade.mail",
    "nomade.directory",
    "nomade.search",
    "nomade.news",
    "nomade.tools",
    "nomade.support",
    "nomade.training",
    "nomade.questions",
    "nomade.administration",
    "nomade.demo",
]

MIDDLEWARE = [
    "nomade.kernel.middleware.RequestContextMiddleware",
    "nomade.kernel.packing.PackingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nomade.kernel.middleware.ReadOnlyGetMiddleware",
    "nomade.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "nomade.administration.middleware.InstallationMiddleware",
    "nomade.accounts.middleware.AgentMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "nomade.accounts.middleware.SignInRequiredMiddleware",
    "nomade.ui.middleware.ErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


#: A network that was cut without a word is found out within half a minute; a Unix socket ignores them.
_CUT_NETWORK = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url or "postgresql:///nomade")
    query = dict(item.partition("=")[::2] for item in parts.query.split("&") if item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "nomade",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": query.pop("port", "") or parts.port or "",
        "CONN_MAX_AGE": None if not TESTING else 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "connect_timeout": 3,
            "application_name": "nomade",
            **_CUT_NETWORK,
            "prepare_threshold": None if query.pop("prepare", "") == "no" else 2,  # uses of a fixed statement before
            **{k: unquote(v) for k, v in query.items()},
        },
    }


DATABASES = {"default": _database(NOMADE.database_url)}

TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "nomade.ui.backend.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "nomade.ui.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages"],
        },
    },
]
FORM_RENDERER = "nomade.ui.widgets_renderer.WidgetRenderer"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["nomade.accounts.backends.PasswordBackend"]
PASSWORD_HASHERS = ["nomade.accounts.hashers.Argon2idHasher"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home:index"
SESSION_ENGINE = "nomade.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = NOMADE.session_absolute_hours * 3600
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "nomade.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = NOMADE.production
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading commits the whole domain for years: it is the decision of the owner of the domain, not of this portal.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if NOMADE.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def _origins(*roles: str) -> list[str]:
    port = "" if NOMADE.port == 443 else f":{NOMADE.port}"
    return [f"https://{NOMADE.hosts[role]}{port}" for role in roles]


def _live_origins() -> list[str]:
    """Where pages listen for new mail: another port of the same hosts."""
    return [f"https://{NOMADE.hosts[role]}:{NOMADE.live_port}" for role in ("portal", "webmail") if NOMADE.live_port]


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, *_origins("content")],
        "font-src": [SELF],
        "connect-src": [SELF, *_live_origins()],
        "manifest-src": [SELF],
        "form-action": [SELF, *_origins("portal", "webmail", "support")],
        "frame-src": _origins("content"),
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": ["/securite/csp"],
    }
}

# The language of a person is a preference of their account, never a guess from the browser: a depot PC is shared.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = NOMADE.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not TESTING
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    "documents": document_storage(NOMADE),
}
WHITENOISE_MAX_AGE = 600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "nomade.files.handlers.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or "") or NOMADE.mail_master_user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or "") or NOMADE.mail_master_password,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 3
globals().update(_smtp(NOMADE.smtp_url))
DEFAULT_FROM_EMAIL = f"Nomade <ne-pas-repondre@{NOMADE.mail_domain}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "nomade": {"level": "INFO"},
        # nomade.request says the same once, with the reference that the person was shown (nomade.ui.errors).
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}
