"""Electronic invoices: written as CII or UBL, judged by the schemas and schematrons, put into the PDF."""
