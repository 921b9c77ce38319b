"""One call of a recurrence as data: its arguments, what is around, what came before."""
