"""One copy as documents: template to DOCX, DOCX to PDF, the finishing pass, reading both back, the proof."""
