"""`audit serve`: what it answers, whom, within which limits, and what a browser makes of it."""
