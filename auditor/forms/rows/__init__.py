"""Atoms of a table in; for each row its boxes, and every way in which they may be read, out.

`anchors` finds which labels are which rows and which lines of figures are whose, `blocks` does so
where labels stand apart from their figures, `readings` fills a row's boxes with its tokens, `slots`
puts the three together, and `settle` asks the form's own sums which readings stand.
"""
