"""How strong a set of rules is: forms and checks in, what they would catch and what not out.

Nothing here is needed to audit a report. The one exception, rules that contradict one another, is
told as soon as somebody's own rules are loaded.
"""
