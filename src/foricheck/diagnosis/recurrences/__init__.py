"""Why a recurrence is wrong: which wrong recurrence gives exactly what it gives."""
