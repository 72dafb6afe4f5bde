"""The same words for a screen reader: plain text and a web page, made from the finished Word file."""
