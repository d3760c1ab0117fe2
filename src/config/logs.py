"""What a log may hold: what happened, where and when, never who.

`HideTokens` leaves the tokens of addresses out of lines for a terminal. `JsonLines` writes one object a line
for machines that keep logs: time in UTC, level, logger, message, id of the request and of the tenant. Of what
others log it keeps numbers, ids and the words it knows; of an exception its type and where it was raised, as
its text may quote a row. Our own lines name things by their ids.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.middleware import csrf

from isolation.context import current_context

LEFT_OUT = "[…]"

# each address that lets in whoever knows it, up to the token
_LINKS = re.compile(
    r"(/+(?:portal/+enter|invitation|exports/+fetch|privacy/+undo|account/+confirm-email"
    r"|account/+password/+reset/+key)/+)[^\s\"'?/]+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_QUERY = re.compile(r"\?[^\s\"')]+")
_TASK = re.compile(r"[a-z_]+(\.[a-z_]+)+")  # a Celery task, a module
_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
_PLAIN = (bool, int, float, Decimal, UUID, date, datetime, timedelta, type(None))
_KNOWN = frozenset(
    {
        *(status.phrase for status in HTTPStatus),
        *(text for name, text in vars(csrf).items() if name.startswith("REASON_") and "%" not in text),
        *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
    }
)
request_id: ContextVar[str] = ContextVar("request_id", default="")


def without_tokens(text: str) -> str:
    """Return a line of a log with the tokens of its addresses left out."""
    return _LINKS.sub(rf"\1{LEFT_OUT}", text)


class HideTokens(logging.Filter):
    """Leaves the tokens of addresses out of whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, its words without tokens."""
        text = record.getMessage()
        if (hidden := without_tokens(text)) != text:
            record.msg, record.args = hidden, ()
        return True


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON that holds no personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        request = getattr(record, "request", None)
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record, request),
            "request": getattr(request, "request_id", "") or request_id.get(),
            "tenant": _tenant(request),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _exception(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value}, ensure_ascii=False)


def _message(record: logging.LogRecord, request: Any) -> str:
    template = record.msg if isinstance(record.msg, str) else _said(record.msg, "", "")
    if record.name == "py.warnings":  # the text of a warning may quote what it is about
        template = template.partition("Warning:")[0] + "Warning"
    args: Any = record.args
    if args and not _is_ours(record.name):
        args = _known(args, getattr(request, "path", ""), path_pattern(request))
    try:
        text = template % args if args else template
    except (TypeError, ValueError, KeyError):
        text = template
    return _QUERY.sub("", _ADDRESS.sub(LEFT_OUT, without_tokens(text)))


def _is_ours(name: str) -> bool:
    return settings.configured and name.partition(".")[0] in {*settings.LOCAL_APPS, "config"}


def _known(args: Any, path: str, shown: str) -> Any:
    """Return what is filled into a message, without what may be somebody's."""
    if isinstance(args, Mapping):
        return {name: _said(value, path, shown) for name, value in args.items()}
    return tuple(_said(value, path, shown) for value in args)


def _said(value: Any, path: str, shown: str) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, str):
        if path and value == path:
            return shown
        is_known = value in _KNOWN or _TASK.fullmatch(value) or _ID.fullmatch(value)
        return value if is_known else LEFT_OUT
    return type(value).__name__


def path_pattern(request: Any) -> str:
    """Return where a request leads, by the address's pattern: ids as they are, any other part left out."""
    found = getattr(request, "resolver_match", None)
    if found is None:
        return f"/{LEFT_OUT}"
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: _part(found.kwargs.get(part[1])), _flat(found.route)
    )


def _flat(route: str) -> str:
    """Return a pattern with the groups of a regular expression written like those of a path."""
    return re.sub(r"[\^$\\]", "", re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", route))


def _part(value: Any) -> str:
    return str(value) if isinstance(value, int | UUID) else LEFT_OUT


def _tenant(request: Any) -> str:
    tenant = getattr(request, "tenant", None)
    if tenant is not None:
        return str(tenant.pk)
    context = current_context() if settings.configured else None
    return str(context.tenant_id) if context and context.tenant_id else ""


def _exception(error: BaseException) -> list[dict[str, Any]]:
    """Return each exception of the chain, the last raised first: its type, and where it came through."""
    found = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        frames = traceback.extract_tb(each.__traceback__)
        found.append(
            {
                "type": f"{type(each).__module__}.{type(each).__qualname__}",
                "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found
