"""What billing's subjects tell each other upward, and what billing tells the apps below.

A subject imports only those below it. What must reach above is said here: an event is announced and heard by
any number of listeners, a question is asked and answered by one. Listeners and answers stand in
`<subject>/listeners.py`.

The acts that keep a clause each time they happen are told for its page. One that merely passed a check keeps
nothing: of a check it is the refusal that counts.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from audit.registry import ActionMatch

Heard = TypeVar("Heard", bound=Callable[..., Any])

_LISTENERS: dict[str, list[Callable[..., None]]] = {}

_ANSWERS: dict[str, Callable[..., Any]] = {}


class Unanswered(LookupError):
    """Raised when a question is asked that no subject answers."""


class Unheard(LookupError):
    """Raised when an event is announced that no subject listens to: silence would lose an order."""


def listens(event: str) -> Callable[[Heard], Heard]:
    """Register a function called with an event's facts, in the transaction that announces it."""

    def register(function: Heard) -> Heard:
        known = _LISTENERS.setdefault(event, [])
        if function not in known:
            known.append(function)
        return function

    return register


def announce(event: str, **facts: Any) -> None:
    """Call each listener of an event, the lower subject first; what one raises is raised. Raises Unheard."""
    if event not in _LISTENERS:
        raise Unheard(event)
    for listener in _LISTENERS[event]:
        listener(**facts)


def answers(question: str) -> Callable[[Heard], Heard]:
    """Register the one function that answers a question. A second one is an error."""

    def register(function: Heard) -> Heard:
        if _ANSWERS.setdefault(question, function) is not function:
            raise ValueError(f"{question} is answered already")
        return function

    return register


def ask(question: str, *args: Any, **details: Any) -> Any:
    """Return what the subject that knows answers. Raises Unanswered."""
    if question not in _ANSWERS:
        raise Unanswered(question)
    return _ANSWERS[question](*args, **details)


def listeners() -> dict[str, tuple[Callable[..., None], ...]]:
    """Return the listeners of each event, in the order they are called."""
    return {event: tuple(known) for event, known in sorted(_LISTENERS.items())}


def answered() -> dict[str, Callable[..., Any]]:
    """Return who answers each question."""
    return dict(sorted(_ANSWERS.items()))


def table() -> str:
    """Return who hears each event and answers each question, one a line."""
    heard = [(event, each) for event, known in listeners().items() for each in known]
    rows = [("announced", *row) for row in heard] + [("asked", *row) for row in answered().items()]
    return "\n".join(f"{how:10} {what:22} {by.__module__}.{by.__qualname__}" for how, what, by in rows)


_ORDERED = (ActionMatch("order.confirmed"), ActionMatch("order.placed"))

CLAUSE_EVIDENCE = {
    "LG-S3": (ActionMatch("customer.created"), ActionMatch("customer.changed")),
    "LG-S4": _ORDERED,
    "LG-S5.1": (ActionMatch("order.concluded"),),
    "LG-S5.1r": (ActionMatch("order.refused"),),
    "LG-S5.2": (ActionMatch("quote.signed"),),
    "LG-S5.2x": (ActionMatch("order.refused", {"reason": "disputed"}),),
    "LG-S6.1e": (ActionMatch("order.taken_back", {"reason": "price_error"}),),
    "LG-S6.1s": (ActionMatch("quote.sent"), ActionMatch("order.placed")),
    "LG-S6.2": (ActionMatch("quote.written"), ActionMatch("quote.rewritten"), ActionMatch("order.placed")),
    "LG-S6.3d": (ActionMatch("deferral.granted"),),
    "LG-S6.3x": (
        ActionMatch("order.refused", {"reason": "overdue"}),
        ActionMatch("order.held"),
        ActionMatch("order.cancelled", {"overdue": True}),
        ActionMatch("delivery.moved", {"withheld": True}),
    ),
    "LG-S8": (ActionMatch("order.funded"),),
    "LG-S9": (ActionMatch("return.settled"), ActionMatch("return.refused")),
    "LG-S10.2": (ActionMatch("quote.revised"),),
    "LG-S14.1": (ActionMatch("subscription.started"),),
    "LG-S14.3": (ActionMatch("trial.started"),),
    "LG-S15": (ActionMatch("contract.amended"),),
    "LG-S20.1": (ActionMatch("subscription.terminated", {"how": "breach"}),),
    "LG-S20.2": (
        ActionMatch("subscription.terminated", {"how": "button"}),
        ActionMatch("subscription.terminated", {"how": "email"}),
    ),
    "LG-S20.3s": (ActionMatch("subscription.terminated", {"how": "suspended"}),),
    "LG-S20.3e": (ActionMatch("invoice.due_at_once"),),
    "LG-S22": (ActionMatch("withdrawal.received"),),
    "LG-S26": (ActionMatch("reference.marked"), ActionMatch("reference.revoked")),
    "LG-S31": (ActionMatch("invoice.issued"),),
    "MC-3": (ActionMatch("subscription.terminated", {"how": "registrations"}),),
    "MC-4": (ActionMatch("suspension.begun", {"cause": "unpaid", "at_once": True}),),
    "MC-7": (ActionMatch("suspension.begun", {"cause": "breach"}),),
    "MC-11": (ActionMatch("subscription.renewal_announced"),),
}
