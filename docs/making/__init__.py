"""What is made for readers from the sources: the manual page, the rules, the commands."""
