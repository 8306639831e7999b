"""What stands outside the tables: sentences, their figures, and what each claims to be."""
