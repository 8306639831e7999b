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
    "unknown-row": (
        "我们在“{table}”中看到标准格式没有的一行“{row}”（{figures}；在“{between}”处），"
        "不知道这些数该计入何处，跨过这一行的合计均未判断；原文若确有此行，请改用标准格式",
        "we saw a row that the form does not have in “{table}”: “{row}” ({figures}; at "
        "“{between}”); not knowing what it counts for, we judged no sum over its place; if it is "
        "really there, use the rows of the form",
    ),
    "unknown-row-of-zeros": (
        "我们在“{table}”中看到标准格式没有的一行“{row}”（{figures}；在“{between}”处）；"
        "全为 0，不影响合计",
        "we saw a row that the form does not have in “{table}”: “{row}” ({figures}; at "
        "“{between}”); all of it is 0 and changes no sum",
    ),
    "no-figure": (
        "我们没有从这里读出数字：“{text}”",
        "we could read no figure from this: “{text}”",
    ),
    "copies-agree": (
        "我们看到表格印了两遍，都读出的 {count} 格全部相同；检查的是第一遍，第二遍的文字没有检查",
        "we saw the tables twice, and the {count} cells that we read in both are the same; what we "
        "check is the first, and the text of the second is not checked",
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
    "undrawn-text": (
        "我们没有读全这些页上的文字：{pages}；所用字体既未嵌入文件，本机也未安装；"
        "请安装该字体，或嵌入字体后重新导出",
        "we did not get all the text of these pages: {pages}; its fonts are neither in the file "
        "nor on this machine; install them, or export the file again with its fonts embedded",
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
    "unread-part": (
        "我们没有读文件中嵌入的部分：{part}",
        "we did not read a part that is embedded in the document: {part}",
    ),
    "style-doubt": (
        "我们没有用上网页的全部样式表（过大），其中隐藏的文字可能也读了进来",
        "we did not apply all of the page's style sheet, which is too large; words that it hides "
        "may have been read",
    ),
    "sheet-missing": (
        "我们没有网页所用的样式表（{sheets}）：{count} 处的数字，或其一部分，按类名可能是隐藏的，"
        "其中表格里的未取数；请将网页另存为单个文件（MHTML）再试",
        "we do not have the page's style sheets ({sheets}): by their classes, figures or parts of "
        "figures in {count} places may be hidden; those in tables were left unread; save the page "
        "as a single file (MHTML) and try again",
    ),
    "hidden-text": (
        "我们略去了隐藏而不显示的数字，共 {count} 处",
        "we left out figures that are hidden from view, in {count} places",
    ),
    "raised-marks": (
        "我们把上标的小字当作注释标记，没有算进数字，共 {count} 处",
        "we took small raised signs for marks of notes, not for digits, in {count} places",
    ),
    "picture-table": (
        "我们没有读图片：文件中有 {count} 张大图，表格可能在图中",
        "we did not read pictures: {count} large ones are in the document, perhaps tables",
    ),
    "hidden-cells": (
        "我们略去了隐藏的工作表、行和列，共 {count} 处",
        "we left out hidden sheets, rows and columns: {count}",
    ),
    "error-values": (
        "我们没有读到数：有 {count} 格是表格软件的错误值：{cells}",
        "we read no figure in {count} cells that hold an error of the sheet: {cells}",
    ),
    "formula-differs": (
        "我们没有重算公式：有 {count} 格存的结果与公式不符，请重新计算并保存后再试：{cells}",
        "we took the stored results; in {count} cells they are not what the formula gives, so "
        "recalculate, save and try again: {cells}",
    ),
    "rounded-display": (
        "我们取的是显示出来的数：有 {count} 格存有更多位数：{cells}",
        "we took the numbers as they are shown; {count} cells hold more digits: {cells}",
    ),
    "shown-otherwise": (
        "我们没有取这些数：有 {count} 格的格式把数显示成日期或换了单位：{cells}",
        "we took no figure from {count} cells, whose format shows it as a date or in another "
        "unit: {cells}",
    ),
    "text-in-sum": (
        "我们看到 {count} 格的数是文本格式，求和公式不会计入：{cells}",
        "we see {count} figures that are stored as text, which sums of the sheet leave out: "
        "{cells}",
    ),
    "formula-without-value": (
        "我们没有算公式：有 {count} 个公式未存结果，请用表格软件打开并保存后再试",
        "we compute no formulas: {count} have no stored result; open and save the sheet first",
    ),
    "converted": (
        "我们读的是经 LibreOffice 由 .{format} 转换来的文件，与原文件可能有出入",
        "we read what LibreOffice made of the .{format} file, which may differ from it",
    ),
    "leftover": (
        "我们没有认出表中这段文字",
        "we did not recognise this text inside a table",
    ),
    "second-reader-agrees": (
        "我们用另一套程序重读了有关各页：{of} 格中有 {count} 格两次读数相同",
        "we read these pages again with another program: {count} of {of} cells were read alike",
    ),
    "second-reader-differs": (
        "我们两次读数不同，共 {count} 格，均未取数：{readings}",
        "we read {count} cells differently the second time and left them unread: {readings}",
    ),
    "second-reader-astray": (
        "我们没有采信对“{table}”的第二次读数：有 {count} 格与第一次不同，"
        "而印明的合计支持第一次、否定第二次；这些格未得到印证",
        "we did not believe our second reading of “{table}”: {count} cells differ from the first, "
        "which the printed sums bear out while they refute the second; these cells are unconfirmed",
    ),
    "second-reader-silent": (
        "我们重读时没有读到其中 {count} 格，不能印证",
        "we could not confirm {count} cells: the second reading did not find them",
    ),
    "second-reader-failed": (
        "我们没能重读来印证：{why}",
        "we could not read the document again to confirm it: {why}",
    ),
    "no-predecessor-given": (
        "我们没有在所给的 {count} 份上年报告中找到本单位上一年度的报告，未作跨年核对",
        "we found no report of this agency for the year before among the {count} given; "
        "nothing was compared across years",
    ),
    "second-reader-none": (
        "我们没有第二套程序可以重读这种文件，读数未经印证",
        "we have no second program that reads this kind of file; nothing was confirmed",
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
    # what was decided about findings before
    "waived-expired": (
        "我们没有采用 {place} 的豁免（{rule}，{cell}，{by}）：已于 {expires} 期满",
        "we did not apply the waiver at {place} ({rule}, {cell}, by {by}): it expired on {expires}",
    ),
    "waived-lapsed": (
        "我们没有采用 {place} 的豁免（{rule}，{cell}，{by}）：准予豁免时的数已经改变：{changes}",
        "we did not apply the waiver at {place} ({rule}, {cell}, by {by}): the values it was given "
        "for have changed: {changes}",
    ),
    "waived-unused": (
        "我们没有用到 {place} 的豁免（{rule}，{cell}，{by}）：本报告中没有这样的问题",
        "we had no use for the waiver at {place} ({rule}, {cell}, by {by}): this report has no "
        "such finding",
    ),
    "answered-lapsed": (
        "我们没有采用 {place} 的说明（{rule}，{cell}，{by}）：作出说明时的数已经改变：{changes}",
        "we did not take the answer at {place} ({rule}, {cell}, by {by}): the values it was given "
        "for have changed: {changes}",
    ),
    "answered-unused": (
        "我们没有用到 {place} 的说明（{rule}，{cell}，{by}）：本报告中没有这样的问题",
        "we had no use for the answer at {place} ({rule}, {cell}, by {by}): this report has no "
        "such finding",
    ),
    "answered-error": (
        "我们没有采用 {place} 的说明（{rule}，{cell}，{by}）：错误不能以说明代替更正，只能申请豁免",
        "we did not take the answer at {place} ({rule}, {cell}, by {by}): an error cannot be "
        "answered, only waived",
    ),
    "known-changed": (
        "我们在基线中有这个问题（{rule}），但数已经改变：{changes}",
        "we know this finding from the baseline ({rule}), but its values have changed: {changes}",
    ),
    "known-grown": (
        "我们把基线中已有的一个问题（{rule}）算作新问题：现在不成立的检查比基线所记的更多或更重",
        "we count a finding of the baseline ({rule}) as new: more fails now than was recorded, or "
        "worse",
    ),
}
