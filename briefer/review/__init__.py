"""What people do with briefs before and after an issue is sent: approve, edit, hold, correct, retract.

`decisions` says what becomes of a brief, `sheet` is the form a person edits, `recheck` holds what was written
against the articles again, `desk` takes decisions into the record. Only the last one has a store.
"""
