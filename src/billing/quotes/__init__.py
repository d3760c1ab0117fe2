"""The request, versions, the signature and its order, amendments, renewal by quote, agreements."""
