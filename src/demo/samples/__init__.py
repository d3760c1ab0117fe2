"""One of every document the product can issue, from invented customers: to read, to validate, to translate.

A module of this folder adds one with `@sample("name")` on a function of the instant; it runs as the operator
inside a transaction that is rolled back.
"""
