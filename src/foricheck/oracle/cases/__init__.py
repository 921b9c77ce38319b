"""What a case of a loop must give, on NumPy alone: values, derivatives, lanes and effects."""
