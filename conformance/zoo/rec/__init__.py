"""Wrong members caught first by a rule of ``REC``: the recurrence exercise."""
