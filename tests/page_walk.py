"""One person reads every page once, and all that is asked of every page is noted on the way."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from nap_monitor.accounts.models import User

TEMPLATES = str(settings.BASE_DIR / "templates")
WRITES = re.compile(r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*"django_session")', re.IGNORECASE)


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def patterns(of: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project with its name."""
    for pattern in (of or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, inner)
        else:
            yield f"{space}{pattern.name}", pattern


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came of asking for one address."""

    name: str
    status: int
    #: Statements that write; the session may be prolonged.
    wrote: list[str]
    #: Variables that our templates asked for and did not get: the file, and what stands there.
    missing: set[tuple[str, str]]
    #: Empty for what is no page.
    html: str
    policy: str


class Walk:
    """All pages as this person gets them. What ``recorded`` names is asked for last, after the rows are counted."""

    def __init__(self, user: User, addresses: Sequence[tuple[str, str]], recorded: set[str]) -> None:
        self._client = Client()
        # Nothing of a walk, the sign-in either, is there for the next one.
        with transaction.atomic(), noted() as self._missing:
            self._client.force_login(user)
            self.rows_before = rows()
            self.pages = [self._read(*each) for each in addresses if each[0] not in recorded]
            self.rows_after = rows()
            self.pages += [self._read(*each) for each in addresses if each[0] in recorded]
            transaction.set_rollback(True)

    def _read(self, name: str, address: str) -> Page:
        self._missing.clear()
        wrote: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
            wrote.extend([sql] if WRITES.match(sql) else [])
            return execute(sql, *others)

        # Not by Django's log of queries, which forgets the first ones when it is full.
        with connection.execute_wrapper(note):
            answer = self._client.get(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return Page(
            name=name,
            status=answer.status_code,
            wrote=wrote,
            missing=set(self._missing),
            html=answer.content.decode() if is_page else "",
            policy=answer.headers.get("Content-Security-Policy", ""),
        )


@contextmanager
def noted() -> Iterator[set[tuple[str, str]]]:
    """Notes each variable that a template of ours asks for and that there is not."""
    missing: set[tuple[str, str]] = set()
    resolve = FilterExpression.resolve

    def noting(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        has_default = any(function.__name__ in ("default", "default_if_none") for function, _ in self.filters)
        if isinstance(self.var, Variable) and not ignore_failures and not has_default:
            try:
                self.var.resolve(context)
            except VariableDoesNotExist:
                origin = str(context.render_context.template.origin.name)
                if origin.startswith(TEMPLATES):
                    missing.add((Path(origin).name, str(self.token)))
        return resolve(self, context, ignore_failures)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FilterExpression, "resolve", noting)
        yield missing
