"""django-oauth-toolkit on Django, in one file: a development server on loopback.

    python server.py [--port N] [--redirect-uri URI]...

Prints one JSON line when it listens, and ends when its standard input ends, so that it cannot
outlive the program that holds the other end of that pipe.
"""

import os
import signal
import sys
import threading

# Before anything slow, so that it holds while Django loads too.
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: os._exit(0))


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()

import argparse
import io
import json
import warnings
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=4191)
parser.add_argument("--redirect-uri", action="append", default=[])
options = parser.parse_args()
REDIRECT_URIS = list(dict.fromkeys(["http://localhost:4180/", *options.redirect_uri]))

# What django-oauth-toolkit 4 will refuse unless told otherwise, the implicit flow first of all.
warnings.simplefilter("ignore")
# oauthlib gives a page at http:// no CORS header otherwise.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import django
import oauth2_provider
import oauthlib
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

HOST = "127.0.0.1"


class Server(ThreadedWSGIServer):
    request_queue_size = 128


# The port first: the cookies' names and the JSON line depend on it.
try:
    server = Server((HOST, options.port), WSGIRequestHandler)
except (OSError, OverflowError):
    server = Server((HOST, 0), WSGIRequestHandler)
PORT = server.server_port
ORIGIN = f"http://{HOST}:{PORT}"

USER = {"email": "ada@example.com", "password": "demo", "name": "Ada Lovelace"}

# The lifetime of each client's access tokens, in seconds.
LIFETIMES = {"city-issues": 7200, "city-issues-short": 3, "city-issues-server": 3600}


def web_origins(uris):
    parts = map(urlsplit, uris)
    return {f"{part.scheme}://{part.netloc}" for part in parts if part.scheme in ("http", "https")}


def signing_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


APPS = ["auth", "contenttypes"]

# Where a setting is absent, Django's and django-oauth-toolkit's own default is what is tested.
settings.configure(
    ALLOWED_HOSTS=[HOST, "localhost"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), "oauth2_provider"],
    LOGGING={
        "version": 1,
        "disable_existing_loggers": True,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"], "level": "ERROR"},
    },
    LOGIN_URL="/sign-in",
    MIDDLEWARE=[
        "__main__.log_api_requests",
        "__main__.cors",
        # X-Frame-Options and Cross-Origin-Opener-Policy come from Django's own.
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    # The tables are made from the models: a second of migrations less.
    MIGRATION_MODULES={app: None for app in [*APPS, "oauth2_provider"]},
    OAUTH2_PROVIDER={
        "SCOPES": {
            "profile": "Your name and e-mail address",
            "issues": "Your city's issues",
            "openid": "Who you are",
        },
        "DEFAULT_SCOPES": ["profile", "issues"],
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "EXTRA_SERVER_KWARGS": {
            "token_expires_in": lambda request: LIFETIMES[request.client.client_id]
        },
        "OIDC_ENABLED": True,
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": signing_key(),
        "OAUTH2_VALIDATOR_CLASS": "__main__.Validator",
        "ALLOWED_SCHEMES": ["https", "http"],
        "ALLOWED_REDIRECT_URI_SCHEMES": sorted(
            {"http", "https", *(urlsplit(uri).scheme for uri in REDIRECT_URIS)}
        ),
    },
    # The one password is public; a slow hash would only delay the start.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="__main__",
    SECRET_KEY=os.urandom(32).hex(),
    # Cookies do not separate by port: the name does.
    CSRF_COOKIE_NAME=f"claviger_django_csrf_{PORT}",
    SESSION_COOKIE_NAME=f"claviger_django_{PORT}",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).with_name("templates")],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import authenticate, get_user_model, login
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauth2_provider.models import get_access_token_model, get_application_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.urls import metadata_urlpatterns
from oauth2_provider.views.generic import ScopedProtectedResourceView

Application = get_application_model()

# As it comes, a client has one grant type; the public ones here move from implicit to code.
GRANTS = {
    Application.CLIENT_PUBLIC: {
        Application.GRANT_AUTHORIZATION_CODE,
        Application.GRANT_IMPLICIT,
        Application.GRANT_OPENID_HYBRID,
    },
    Application.CLIENT_CONFIDENTIAL: {
        Application.GRANT_AUTHORIZATION_CODE,
        Application.GRANT_CLIENT_CREDENTIALS,
    },
}
Application.allows_grant_type = lambda self, *types: not GRANTS[self.client_type].isdisjoint(types)


class Validator(OAuth2Validator):
    oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "name": "profile", "email": "profile"}

    def get_additional_claims(self, request):
        return {"name": request.user.first_name, "email": request.user.email}


# The requests that reached the API, preflights included, as the tests want to see them.
request_log = deque(maxlen=1000)


def log_api_requests(get_response):
    def middleware(request):
        if request.path.startswith("/api/"):
            sent = "present" if "Authorization" in request.headers else "absent"
            request_log.append(
                {"method": request.method, "path": request.path, "authorization": sent}
            )
        return get_response(request)

    return middleware


def cors(get_response):
    """The API's, as any API for browsers must have it. The protocol's endpoints keep their own."""

    def middleware(request):
        if "Origin" not in request.headers or not request.path.startswith("/api/"):
            return get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            wanted = request.headers.get("Access-Control-Request-Headers")
            if wanted:
                response["Access-Control-Allow-Headers"] = wanted
            response["Vary"] = "Access-Control-Request-Headers"
        else:
            response = get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return middleware


def home(request):
    return HttpResponse("django-oauth-toolkit, a development server.\n", "text/plain")


def sign_in(request):
    values = request.POST if request.method == "POST" else request.GET
    following = values.get("next", "")
    status = 200
    if request.method == "POST":
        user = authenticate(request, username=values.get("email"), password=values.get("password"))
        if user:
            login(request, user)
            # Only back to the authorization endpoint of this server.
            return redirect(following if following.startswith("/o/authorize/?") else "/")
        status = 422
    context = {"next": following, "email": values.get("email", ""), "refused": status == 422}
    return render(request, "sign_in.html", context, status=status)


class Profile(ScopedProtectedResourceView):
    required_scopes = ["profile"]

    def get(self, request):
        user = request.resource_owner
        # The token of a client that acts for itself.
        if user is None:
            return JsonResponse({"errors": {"base": ["no user"]}}, status=404)
        return JsonResponse({"id": user.pk, "name": user.first_name, "email": user.email})


class Issues(ScopedProtectedResourceView):
    required_scopes = ["issues"]
    issues = [
        {
            "id": 1,
            "status": "Open",
            "summary": "Pothole",
            "address": "12 Elm Street",
            "description": "A deep pothole in front of the school.",
            "created_at": "2026-11-02T09:15:00Z",
        },
        {
            "id": 2,
            "status": "Acknowledged",
            "summary": "Street light out",
            "address": "4 Harbour Road",
            "description": "The corner has been dark since Monday.",
            "created_at": "2026-11-05T18:40:00Z",
        },
    ]

    def get(self, request):
        return JsonResponse({"issues": self.issues})

    def post(self, request):
        sent = request.POST
        if request.content_type == "application/json":
            try:
                sent = json.loads(request.body)
            except ValueError:
                sent = None
            if not isinstance(sent, dict):
                return JsonResponse({"errors": {"base": ["is no JSON object"]}}, status=400)
        text = {name: str(sent.get(name, "")) for name in ("summary", "address", "description")}
        if not text["summary"].strip():
            return JsonResponse({"errors": {"summary": ["is required"]}}, status=422)
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        issue = {"id": len(self.issues) + 1, "status": "Open", **text, "created_at": now}
        self.issues.append(issue)
        return JsonResponse(issue, status=201)


# For development and tests only: what a user does on the server's own pages, and what it has seen.
@csrf_exempt
@require_POST
def test_revoke(request):
    tokens = get_access_token_model().objects.filter(token=request.POST.get("token", ""))
    token = tokens.first()
    if token is None:
        return JsonResponse({"error": "unknown token"}, status=404)
    token.revoke()
    return JsonResponse({})


@csrf_exempt
def test_log(request):
    if request.method == "DELETE":
        request_log.clear()
        return HttpResponse(status=204)
    return JsonResponse(list(request_log), safe=False)


urlpatterns = [
    path("", home),
    path("sign-in", sign_in),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    # RFC 8414 puts the well-known path before the issuer's own.
    path("", include(metadata_urlpatterns)),
    path("api/v2/profile", csrf_exempt(Profile.as_view())),
    path("api/v2/issues", csrf_exempt(Issues.as_view())),
    path("test/revoke", test_revoke),
    path("test/log", test_log),
]


def register(client_id, confidential=False):
    application = Application(
        name="City Issues",
        client_id=client_id,
        client_type=Application.CLIENT_CONFIDENTIAL if confidential else Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=" ".join(REDIRECT_URIS),
        post_logout_redirect_uris=" ".join(REDIRECT_URIS),
        # Where oauthlib may answer a page of another origin.
        allowed_origins=" ".join(sorted(web_origins(REDIRECT_URIS))),
        algorithm=Application.RS256_ALGORITHM,
    )
    secret = application.client_secret
    application.full_clean()
    application.save()
    return {"client_id": client_id, "client_secret": secret}


def prepare():
    call_command("migrate", run_syncdb=True, skip_checks=True, verbosity=0)
    get_user_model().objects.create_user(
        USER["email"], USER["email"], USER["password"], first_name=USER["name"]
    )
    for client_id in ("city-issues", "city-issues-short"):
        register(client_id)
    return register("city-issues-server", confidential=True)


# A database in memory lives in the thread that opened it, so one thread does all the work. Those of
# the connections only read and write: a browser keeps some open without a word.
worker = ThreadPoolExecutor(max_workers=1)
try:
    confidential = worker.submit(prepare).result()
except ValidationError as error:
    # Not sys.exit, which would wait for the worker.
    print("A client can't be registered.", *error.messages, file=sys.stderr, flush=True)
    os._exit(1)

application = get_wsgi_application()


def serve(environ, start_response):
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
    return worker.submit(application, environ, start_response).result()


server.set_app(serve)

print(
    json.dumps(
        {
            "name": "django",
            "origin": ORIGIN,
            "issuer": f"{ORIGIN}/o",
            "authorization_endpoint": f"{ORIGIN}/o/authorize/",
            "token_endpoint": f"{ORIGIN}/o/token/",
            "revocation_endpoint": f"{ORIGIN}/o/revoke_token/",
            "jwks_uri": f"{ORIGIN}/o/.well-known/jwks.json",
            "userinfo_endpoint": f"{ORIGIN}/o/userinfo/",
            "end_session_endpoint": f"{ORIGIN}/o/logout/",
            "api": f"{ORIGIN}/api/v2",
            "clients": {"default": "city-issues", "short": "city-issues-short"},
            "confidential": confidential,
            "user": USER,
            "versions": {
                "django-oauth-toolkit": oauth2_provider.__version__,
                "django": django.get_version(),
                "oauthlib": oauthlib.__version__,
            },
        }
    ),
    flush=True,
)
server.serve_forever()
