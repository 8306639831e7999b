"""What notices say: our doubts about our reading, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, tuple[str, str]] = {
    "row-readings": (
        "我们没有把握：“{row}”一行有 {count} 种读法，如 {readings}；读法不一致的格未取数",
        "we are not sure: the line “{row}” can be read in {count} ways, such as {readings}; "
        "cells that differ were left unread",
    ),
    "cell-readings": (
        "我们没有把握：这一格有多种读法，未取数",
        "we are not sure: this cell can be read in several ways and was left unread",
    ),
    "missing-columns": (
        "我们在“{table}”中没有找到这些列：{columns}；其中各格未检查",
        "we did not find these columns of “{table}”: {columns}; their cells were not checked",
    ),
    "missing-row": (
        "我们没有找到“{row}”一行，其中各格未检查",
        "we did not find the row “{row}”; its cells were not checked",
    ),
    "inferred": (
        "我们在“{table}”中推断了 {count} 格：标签或数字残缺，只有这一读法符合表中印明的合计",
        "we inferred {count} cells of “{table}”: the lines are damaged, and only this reading "
        "satisfies the printed sums",
    ),
    "glued-digits": (
        "我们怀疑有数字粘连或被拆开",
        "we suspect that digits were glued together or torn apart",
    ),
    "stray-number": (
        "我们没有用上这个数：它不属于任何一格",
        "we made no use of this number: it belongs to no cell",
    ),
    "column-order": (
        "我们按表头认“{table}”的列：列的次序与标准格式不同",
        "we took the columns of “{table}” by their headings: their order is not the form's",
    ),
    "column-doubt": (
        "我们没有取“{table}”的数：表头各列的次序与标准格式矛盾，又没有一行表头写全各列",
        "we took no figure of “{table}”: its headings contradict the form's order of columns, and "
        "no single line shows them all",
    ),
    "missing-rows": (
        "我们在“{table}”中没有找到 {count} 行，其中各格未检查",
        "we did not find {count} rows of “{table}”; their cells were not checked",
    ),
    "figure-count": (
        "我们在“{row}”处看到 {found} 个数，而应有 {expected} 格；多出的数不影响已取的数",
        "we saw {found} figures at “{row}” for {expected} cells; the surplus changes none of those "
        "read",
    ),
    "no-figure": (
        "我们没有从这里读出数字：“{text}”",
        "we could read no figure from this: “{text}”",
    ),
    "two-candidates": (
        "我们不能确定哪一个是所要的表，有不止一个相像",
        "we cannot tell which is the table: more than one resembles it",
    ),
    "variant-row": (
        "我们把“{row}”当作另一版格式的行来读",
        "we read “{row}” as a row of another edition of the form",
    ),
    "too-many-readings": (
        "我们放弃了“{row}”一行：可能的读法太多",
        "we gave up on the line “{row}”: it can be read in too many ways",
    ),
    "encoding-doubt": (
        "我们对文件的字符编码没有把握",
        "we are not sure of the file's character encoding",
    ),
    "no-text-layer": (
        "我们没有读这些页：{pages}；页上是图像，或字体不说明所绘为何字；"
        "要识别图像，请先运行 {command}",
        "we did not read these pages: {pages}; they are pictures, or their fonts do not say which "
        "characters they draw; to have pictures recognised: {command}",
    ),
    "read-by-ocr": (
        "我们是从图像中识别出这些页的（OCR）：{pages}；所取的数请与原件核对",
        "we read these pages by OCR, from pictures: {pages}; compare the figures with the original",
    ),
    "rival-readings": (
        "我们没有把握：“{row}”一行这一格的图像可能是 {readings}，未取数",
        "we are not sure: the picture of this cell of “{row}” may say {readings}; left unread",
    ),
    "unrecognised": (
        "我们没有认出“{row}”一行这一格图像中的字",
        "we could not recognise what the picture of this cell of “{row}” says",
    ),
    "poor-scan": (
        "我们信不过这些页的图像：{pages}；认不准的数太多，其余的数也只在表中合计能证实时才取；"
        "请以 200 dpi 以上重新扫描",
        "we do not trust the pictures of these pages: {pages}; so many figures are doubtful that "
        "the others are taken only where sums prove them; scan again at 200 dpi or more",
    ),
    "unruled-figures": (
        "我们没有取这些页上表格线以外的数：{pages}；没有表格线，认不准数属于哪一格",
        "we took no figures outside ruled tables on these pages: {pages}; without rules we cannot "
        "tell for certain to which cell a figure belongs",
    ),
    "struck-text": (
        "我们略去了删除线划去或修订删除的文字，共 {count} 处",
        "we left out words that are struck out or deleted, in {count} places",
    ),
    "picture-table": (
        "我们没有读图片：文件中有 {count} 张大图，表格可能在图中",
        "we did not read pictures: {count} large ones are in the document, perhaps tables",
    ),
    "hidden-cells": (
        "我们略去了隐藏的工作表、行和列，共 {count} 处",
        "we left out hidden sheets, rows and columns: {count}",
    ),
    "formula-without-value": (
        "我们没有算公式：有 {count} 个公式未存结果，请用表格软件打开并保存后再试",
        "we compute no formulas: {count} have no stored result; open and save the sheet first",
    ),
    "leftover": (
        "我们没有认出表中这段文字",
        "we did not recognise this text inside a table",
    ),
    "table-missing": ("我们没有找到“{table}”", "we did not find “{table}”"),
    "table-empty": (
        "我们找到了“{table}”，但没有读到数字",
        "we found “{table}” but read no number in it",
    ),
    "engine-doubt": (
        "我们怀疑自己：“{table}” {count} 项合计中只有 {check} 一项不成立，"
        "这在算术上不可能，故不作为问题报告",
        "we doubt ourselves: of the {count} sums of “{table}” only {check} fails, which "
        "arithmetic rules out; not reported as a finding",
    ),
}
