"""PDF pages: the finishing pass, page codes, boxes, scans and lettering."""
