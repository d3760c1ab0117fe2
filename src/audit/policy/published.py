"""Where the keys that what we sign is verified with, and the verifier, are published: on every host."""

KEYS = "/.well-known/preau-keys.txt"
VERIFIER = "/.well-known/verify_preau.py"
