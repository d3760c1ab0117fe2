"""A stand-in for the payment provider, for demonstrations and tests.

The few objects we use, behind HTTP on loopback.

It is started by script/demo and by a test fixture when no account is configured. A real installation never
imports it, and its gateway only listens to an address of its own when settings.DEMO is on.
"""
