"""What a schema cannot say: the cross-checks of a record, one module a subject.

Each rule takes the whole record and yields faults by path. A rule runs only if the parts it reads fit the
schema, so no rule asks again whether a field is there or a date is a date.
"""
