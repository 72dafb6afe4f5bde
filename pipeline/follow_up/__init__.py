"""After the meeting: what became of each promise, when the next is due, who is told, and how a version changes."""
