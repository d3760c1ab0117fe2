"""What billing tells the apps below: the acts that keep a clause each time they happen, for its page.

An act that merely passed a check keeps nothing: of a check it is the refusal that counts.
"""

from audit.registry import Act

_ORDERED = (Act("order.confirmed"), Act("order.placed"))
WITNESS = {
    "LG-S3": (Act("customer.created"), Act("customer.changed")),
    "LG-S4": _ORDERED,
    "LG-S5.1": (Act("order.concluded"),),
    "LG-S5.1r": (Act("order.refused"),),
    "LG-S5.2": (Act("quote.signed"),),
    "LG-S5.2x": (Act("order.refused", {"reason": "disputed"}),),
    "LG-S6.1e": (Act("order.taken_back", {"reason": "price_error"}),),
    "LG-S6.1s": (Act("quote.sent"), Act("order.placed")),
    "LG-S6.2": (Act("quote.written"), Act("quote.rewritten"), Act("order.placed")),
    "LG-S6.3d": (Act("deferral.granted"),),
    "LG-S6.3x": (Act("order.refused", {"reason": "overdue"}), Act("delivery.moved", {"withheld": True})),
    "LG-S8": (Act("order.funded"),),
    "LG-S9": (Act("return.settled"), Act("return.refused")),
    "LG-S10.2": (Act("quote.revised"),),
    "LG-S14.1": (Act("subscription.started"),),
    "LG-S14.3": (Act("trial.started"),),
    "LG-S15": (Act("contract.amended"),),
    "LG-S20.1": (Act("subscription.terminated", {"how": "breach"}),),
    "LG-S20.2": (
        Act("subscription.terminated", {"how": "button"}),
        Act("subscription.terminated", {"how": "email"}),
    ),
    "LG-S20.3s": (Act("subscription.terminated", {"how": "suspended"}),),
    "LG-S20.3e": (Act("invoice.due_at_once"),),
    "LG-S22": (Act("withdrawal.received"),),
    "LG-S26": (Act("reference.marked"), Act("reference.revoked")),
    "LG-S31": (Act("invoice.issued"),),
    "MC-4": (Act("suspension.begun", {"cause": "unpaid", "at_once": True}),),
    "MC-7": (Act("suspension.begun", {"cause": "breach"}),),
    "MC-11": (Act("subscription.renewal_announced"),),
}
