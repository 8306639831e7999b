"""PDF in; grids of tables and lines of text, with page and box, out.

A document passes through `pdfium` (what reading it would take, and how pdfium is called),
`document` (opens it), `glyphs` and `content` (what it draws: characters, and edges), `tables` (from
edges alone, or from figures that stand below each other) and `pages` (characters put into tables
and lines, in reading order). Text order in the file plays no part. `verify` reads pages again by
another program.
"""
