"""What happens after the meeting: signatures on every copy, the seal of the service, and the check of both."""
