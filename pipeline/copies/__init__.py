"""Who sees what: one copy a reader and sheet, and the matcher that finds what must not stand in it."""
