"""Settings of Tradelane, read top to bottom; every variable comes through django-environ with its type and default.

A production start (``DEBUG`` off) without its secrets fails here with the variable's name.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import structlog
from django.templatetags.static import static

from portal.lib.logs import redact_event

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environ.Env().str("TRADELANE_VAR", default=str(BASE_DIR / "var")))

env = environ.Env()
# --- What kind of installation this is -------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# pytest-django reads the settings before any conftest runs.
TESTING = env.bool("TRADELANE_TESTING", default="pytest" in sys.modules)
if not TESTING:
    # The sandbox's own secrets, made by its first start (portal.run.environment).
    environ.Env.read_env(str(VAR_DIR / "demo.env"), overwrite=False)
SANDBOX = env.bool("TRADELANE_SANDBOX", default=False)
_REQUIRED = environ.Env.NOTSET if not (DEBUG or TESTING) else "not-secret-development-only"
SECRET_KEY = env.str("SECRET_KEY", default=_REQUIRED)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address under which browsers and webhooks reach this portal.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")
# Where the channels' webhooks are sent; BigCommerce demands https on port 443, so the sandbox names an invented host.
WEBHOOK_BASE_URL = env.str("WEBHOOK_BASE_URL", default="https://portal.tradelane.example")
if SANDBOX:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, str(urlsplit(WEBHOOK_BASE_URL).hostname)]
# The address that our requests come from, published for suppliers' firewalls; empty means not fixed.
OUTGOING_ADDRESS = env.str("OUTGOING_ADDRESS", default="")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@tradelane.example")

# --- Applications ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "portal.companies",
    "portal.ui",
    "catalog",
    "orders",
    "channels",
    "portal.web",
    "portal.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_q",
    "djmoney",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
    "import_export",
    "lucide",
    "rest_framework",
    "simple_history",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.companies.staff_gate.StaffGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.companies.middleware.ScopeMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.shell",
            ],
        },
    }
]

# --- Database and cache ----------------------------------------------------------------------------------------------
_SQLITE_OPTIONS = {
    # Without IMMEDIATE, transactions that read and then write fail at once under WAL instead of waiting.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'tradelane.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(_SQLITE_OPTIONS)
else:
    # Our statements read few rows by many conditions. Compiling one takes PostgreSQL up to 0.6 s, and answering it a tenth of that.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

REDIS_URL = env.str("REDIS_URL", default="")
# Two installations may share one Redis: what we keep there begins with this, the cache included.
REDIS_PREFIX = env.str("REDIS_PREFIX", default="tradelane")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
elif TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
    }
CACHES["default"]["KEY_FUNCTION"] = "portal.lib.cache_keys.own_key"

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.companies.backends.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "portal.companies.adapter.AccountAdapter"
MFA_ADAPTER = "portal.companies.adapter.MFAAdapter"
ACCOUNT_FORMS = {
    "signup": "portal.companies.forms.SignupForm",
    "add_email": "portal.companies.forms.AddEmailForm",
    "change_password": "portal.companies.forms.ChangePasswordForm",
    "reset_password_from_key": "portal.companies.forms.ResetPasswordKeyForm",
}
ACCOUNT_RATE_LIMITS: Any = False if TESTING else {}
# Tracking would cost six queries and a write on every request.
USERSESSIONS_TRACK_ACTIVITY = False
AXES_ENABLED = not TESTING
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1

# --- Security --------------------------------------------------------------------------------------------------------
SECURE = env.bool("SECURE", default=not (DEBUG or TESTING or SANDBOX))
SESSION_COOKIE_NAME = "tradelane_session"
CSRF_COOKIE_NAME = "tradelane_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
# A load balancer asks each web process directly, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "https:"]
        if not SANDBOX
        else ["'self'", "data:", "https:", "http://127.0.0.1:*"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}
# Keys of stored credentials, newest first; never derived from SECRET_KEY. `manage.py rotate_credentials` re-encrypts.
_DEVELOPMENT_FIELD_KEY = "c2FuZGJveC1vbmx5LWtleS1ub3Qtc2VjcmV0LTAwMDA="
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS", default=environ.Env.NOTSET if not (DEBUG or TESTING) else [_DEVELOPMENT_FIELD_KEY]
)

# --- Mail ------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tradelane <hello@tradelane.example>")
# Who is told when staff must look (a catalogue that does not arrive).
MANAGERS = [("Operations", address) for address in env.list("OPERATIONS_EMAILS", default=[])]
EMAIL_FILE_PATH = str(VAR_DIR / "mails")
if SANDBOX:
    # In the sandbox nothing leaves the machine: mails are files, shown on the page /sandbox/mails/.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
else:
    EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://" if DEBUG or TESTING else "smtp://localhost:25")
    vars().update(EMAIL_CONFIG)

# --- Language, time, files -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
# The staff pages, too, tell the time in 24 hours.
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
WHITENOISE_USE_FINDERS = DEBUG or SANDBOX or TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or SANDBOX or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Jobs ------------------------------------------------------------------------------------------------------------
# Each value was measured; channels/checks.py refuses combinations that lose or repeat work. `retry` counts from the fetch, hence
# retry > timeout * (1 + (queue_limit + 1) / workers).
CLUSTER_NAME = env.str("Q_CLUSTER_NAME", default="trade")
Q_CLUSTER = {
    "name": "trade",
    "orm": "default",
    "broker_class": "channels.broker.BeatingBroker",
    "workers": env.int("Q_WORKERS", default=2),
    "queue_limit": env.int("Q_WORKERS", default=2),
    "bulk": 1,
    "timeout": 120,
    "retry": 420,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    # At the end of each job the monitor reads all finished ones that are kept: 42 ms of CPU for a thousand, 8 for a hundred. Runs have rows of their own.
    "save_limit": 100,
    "recycle": 200,
    "max_rss": 400_000,
    "poll": 0.2,
    "label": "Jobs",
    "ALT_CLUSTERS": {
        "bulk": {
            "workers": env.int("Q_BULK_WORKERS", default=1),
            "queue_limit": env.int("Q_BULK_WORKERS", default=1),
            "timeout": 1200,
            "retry": 4200,
            "max_rss": 600_000,
        }
    },
}
WATCHDOG_SECONDS = env.int("WATCHDOG_SECONDS", default=180)
# Whoever reads /metrics sends it as a bearer token; without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Channels --------------------------------------------------------------------------------------------------------
# Durations of rate windows, leaks and retries are divided by this in journeys and drills; 1 in the real world.
TIME_SCALE = env.float("TIME_SCALE", default=1.0)
# One entry per (kind, live or sandbox); a connector takes its addresses from here, so a client can be pointed elsewhere.
CHANNEL_HOSTS = {
    "bigcommerce": {
        "live": {"api": "https://api.bigcommerce.com", "login": "https://login.bigcommerce.com"},
        "sandbox": {
            "api": env.str("SANDBOX_BIGCOMMERCE_URL", default="http://127.0.0.1:8101"),
            "login": env.str("SANDBOX_BIGCOMMERCE_URL", default="http://127.0.0.1:8101"),
        },
    },
    "shift4shop": {
        "live": {"api": "https://apirest.3dcart.com"},
        "sandbox": {"api": env.str("SANDBOX_SHIFT4SHOP_URL", default="http://127.0.0.1:8102")},
    },
}
# Our own application at the platforms that issue tokens to applications.
CHANNEL_APPS = {
    "shift4shop": {
        "live": {
            "public_key": env.str("SHIFT4SHOP_PUBLIC_KEY", default=""),
            "private_key": env.str("SHIFT4SHOP_PRIVATE_KEY", default=""),
        },
        "sandbox": {
            "public_key": env.str("SANDBOX_SHIFT4SHOP_PUBLIC_KEY", default="adfceb3b797406f254ab7094de4098cf"),
            "private_key": env.str("SANDBOX_SHIFT4SHOP_PRIVATE_KEY", default="89eacf2fb8cd97b4ba5ad78afa9189ae"),
        },
    },
    "bigcommerce": {
        "live": {
            "client_id": env.str("BIGCOMMERCE_CLIENT_ID", default=""),
            "client_secret": env.str("BIGCOMMERCE_CLIENT_SECRET", default=""),
        },
        "sandbox": {
            "client_id": env.str("SANDBOX_BIGCOMMERCE_CLIENT_ID", default="sandboxapp"),
            "client_secret": env.str("SANDBOX_BIGCOMMERCE_CLIENT_SECRET", default="sandboxappsecret"),
        },
    },
}

# --- API -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.auth.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.HasScope"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": env.str("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "portal.api.exceptions.handle",
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tradelane API",
    "DESCRIPTION": "Products, listings, orders and shipments of your company.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The areas first: there are more endpoints than anybody reads in a row.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True},
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # States of several records share a field's name.
    "ENUM_NAME_OVERRIDES": {
        "DifferenceSideEnum": "channels.models.reconcile.Side",
        "DeliveryStateEnum": "channels.models.errand.ErrandState",
        "MeaningEnum": "channels.meanings.Meaning",
        "PriceBasisEnum": "catalog.models.price.PriceBasis",
        "ReplayStateEnum": "channels.models.replay.ReplayState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schemas.add_refusals",
    ],
}

# --- Admin -----------------------------------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Tradelane operations",
    "SITE_HEADER": "Tradelane",
    "SITE_URL": "/",
    "SITE_SYMBOL": "hub",
    "STYLES": [lambda request: static("css/staff.css")],
    # The portal's ink blue and its paper, see static/css/tokens.css.
    "COLORS": {
        "primary": {
            "50": "#eef2fc",
            "100": "#dde5f9",
            "200": "#cfdaf5",
            "300": "#b9c8f0",
            "400": "#93b1ff",
            "500": "#6d93f5",
            "600": "#1f4fc6",
            "700": "#183f9f",
            "800": "#34477f",
            "900": "#1a2340",
            "950": "#11182c",
        },
        "base": {
            "50": "#faf9f6",
            "100": "#f4f3ef",
            "200": "#e8e6e0",
            "300": "#d6d3ca",
            "400": "#98948a",
            "500": "#6d695f",
            "600": "#57544c",
            "700": "#3a3934",
            "800": "#2a2926",
            "900": "#171715",
            "950": "#0f0f0e",
        },
    },
}
# Staff pass a second factor before the admin opens; the sandbox may do without.
ADMIN_NEEDS_SECOND_FACTOR = env.bool("ADMIN_NEEDS_SECOND_FACTOR", default=not (DEBUG or TESTING or SANDBOX))

# --- Logs and errors -------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "portal.lib.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {name: {"level": "WARNING"} for name in ("django_structlog", "axes", "django-q")},
}
# Request lines go through the same handler and the same redaction as everything else.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        redact_event,
        structlog.stdlib.render_to_log_kwargs,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# --- Test doubles ----------------------------------------------------------------------------------------------------
# Folder of the machine-readable vendor contracts and the real trade data; tests that need them say so when absent.
SPECS_DIR = env.str("TRADELANE_SPECS", default="")
TRADE_DATA = env.str("TRADELANE_DATA", default="")
