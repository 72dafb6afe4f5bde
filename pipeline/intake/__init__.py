"""From a workbook or a conversation to records, and from records to a workbook."""
