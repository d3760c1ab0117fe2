"""The API for programs: quotes, orders, invoices, payments; it calls the same actions as the pages."""
