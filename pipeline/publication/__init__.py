"""A version as it stands in the output: its place, its manifest, the journal beside it."""
