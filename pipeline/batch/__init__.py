"""Many records: which they are, what becomes of each, publishing, the journal and the report."""
