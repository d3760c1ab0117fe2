"""The homes of console and portal, a customer's page, search, notes, mailings."""
