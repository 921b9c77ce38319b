"""What must come of a case of a recurrence, against what came."""
