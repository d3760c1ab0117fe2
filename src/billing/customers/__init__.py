"""Who buys: capacity, what is missing of them, contacts, references, the portal's door and its mail."""
