"""Rules and a form become checks; checks and facts become outcomes. No wording, no paper."""
