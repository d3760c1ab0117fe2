"""What may become of a payment, of a line of a bank's statement, and of a visit that saves a method."""

from contracts.policy.transitions import Transitions

RECEIVED = "received"
PROVED = "proved"
CREDITED = "credited"
BOUNCED = "bounced"

# A payment's state is drawn from its days: received, proved in writing, credited, taken back by the bank.
PAYMENT = Transitions(
    {
        "credit": ({RECEIVED, PROVED}, CREDITED),
        "bounce": ({RECEIVED, PROVED, CREDITED}, BOUNCED),
    }
)

WAITING = "waiting"
RECONCILED = "applied"
SET_ASIDE = "set_aside"

BANK_STATEMENT_LINE = Transitions(
    {
        "reconcile": ({WAITING}, RECONCILED),
        "set_aside": ({WAITING}, SET_ASIDE),
        "take_back": ({RECONCILED}, WAITING),  # a payout only: money of a client is taken back at its payment
    }
)
