"""Programs that turn a Word file into a PDF."""
