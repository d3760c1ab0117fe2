"""The cart, the order and its steps, its invoice, refusals, the trial before payment."""
