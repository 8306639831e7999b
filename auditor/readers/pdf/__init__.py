"""PDF in; grids of tables and lines of text, with page and box, out.

A document passes through `cost` (what reading it would take), `document` (pdfium opens it),
`glyphs` and `edges` (what it draws, as `content`), `tables` (from edges alone, or from figures that
stand below each other) and `pages` (characters put into tables and lines, in reading order). Text
order in the file plays no part. `verify` reads pages again by another program; `pdfium` is how
pdfium is called.
"""
