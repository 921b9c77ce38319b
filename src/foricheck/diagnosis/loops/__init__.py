"""Why a loop is wrong: which iterations it runs, or what it does to the carry."""
