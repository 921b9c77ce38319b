"""What a failure leaves behind: the case, the difference, and a script that shows it."""
