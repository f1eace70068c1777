"""Reading settings from the environment: a malformed value stops the start with a clear sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"true", "yes", "on", "1"}
FALSE = {"false", "no", "off", "0"}


class UnusableAddress(ValueError):  # noqa: N818 - what it is called in the sentence
    """An address that can be read but not used; the message says why, without the address."""


@dataclass(frozen=True)
class Endpoint:
    """Where a daemon listens: ``host`` and ``port``, or the ``path`` of a socket."""

    host: str = ""
    port: int = 0
    path: str = ""


class Environment:
    """A strict reader over django-environ: every value is checked, and the error names variable, value and form."""

    def __init__(self) -> None:
        self.env = environ.Env()

    def read_file(self, path: str) -> None:
        """Read a ``.env`` file; variables that are already set win."""
        self.env.read_env(path)

    def text(self, name: str, default: str | None = None) -> str:
        """The variable's text; without a default it must be set and not empty."""
        value = self.env.str(name, default=default if default is not None else "")
        if not value and default is None:
            raise ImproperlyConfigured(f"{name} is not set. Set it in the environment or in .env (see .env.example).")
        return str(value)

    def boolean(self, name: str, default: bool) -> bool:
        """True or false; anything else is refused."""
        value = self.env.str(name, default="").strip().lower()
        if not value:
            return default
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}. It must be true or false.")

    def integer(self, name: str, default: int, minimum: int = 0) -> int:
        """A whole number of at least ``minimum``."""
        value = self.env.str(name, default="").strip()
        if not value:
            return default
        if not value.isdecimal() or int(value) < minimum:
            raise ImproperlyConfigured(f"{name} is {value!r}. It must be a whole number of at least {minimum}.")
        return int(value)

    def words(self, name: str, default: list[str]) -> list[str]:
        """A comma-separated list."""
        value = self.env.str(name, default="")
        return [word.strip() for word in value.split(",") if word.strip()] or default

    def choice(self, name: str, choices: dict[str, str], default: str) -> str:
        """One of the names in ``choices``; gives what stands behind it."""
        value = self.env.str(name, default="").strip() or default
        if value not in choices:
            raise ImproperlyConfigured(f"{name} is {value!r}. It must be one of: {', '.join(sorted(choices))}.")
        return choices[value]

    def origin(self, name: str, default: str) -> str:
        """An address such as ``https://nap.example.org``: scheme and host (with port), and nothing behind them."""
        value = (self.env.str(name, default="").strip() or default).rstrip("/")
        try:
            parts = urlsplit(value)
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            whole = False
        if not whole or value != f"{parts.scheme}://{parts.netloc}" or "@" in value:
            raise ImproperlyConfigured(
                f"{name} is {value!r}. It must be an address such as https://nap.example.org, nothing behind the host."
            )
        return value

    def endpoint(self, name: str) -> Endpoint | None:
        """Where a daemon listens (``tcp://127.0.0.1:3310``, ``unix:/run/daemon.socket``); nothing if not set."""
        value = self.env.str(name, default="").strip()
        if not value:
            return None
        if value.startswith("unix:/"):
            return Endpoint(path="/" + value.removeprefix("unix:").lstrip("/"))
        try:
            parts = urlsplit(value)
            if parts.scheme == "tcp" and parts.hostname and parts.port and value == f"tcp://{parts.netloc}":
                return Endpoint(host=parts.hostname, port=parts.port)
        except ValueError:
            pass
        raise ImproperlyConfigured(
            f"{name} is {value!r}. It must be an address such as tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl."
        )

    def url(self, name: str, default: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """What ``parse`` makes of an address such as ``postgres://…``."""
        value = self.env.str(name, default="").strip() or default
        try:
            parsed = parse(value)
        except UnusableAddress as error:
            raise ImproperlyConfigured(f"{name} can't be used: {error}.") from None
        except Exception as error:
            # The value may hold a password: it is named, never printed.
            raise ImproperlyConfigured(f"{name} could not be read as an address ({type(error).__name__}).") from None
        return parsed
