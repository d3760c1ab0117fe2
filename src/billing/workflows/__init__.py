"""What crosses subjects: open access, undo an order, end a term, follow a checkout, charge a saved method."""
