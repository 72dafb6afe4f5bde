"""JSON in, an Agreement out: reading, parsing, schema, cross-checks, and the domain types."""
