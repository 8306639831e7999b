"""What is said of a rule that `audit rules new` writes, until its author says it better."""

from __future__ import annotations

from collections.abc import Mapping

DRAFTS: Mapping[str, tuple[str, str]] = {
    "draft-equal": ("{scope}{left}应等于{right}", "{scope}{left} equals {right}"),
    "draft-total": ("{scope}{left}应等于{right}之和", "{scope}{left} is the sum of {right}"),
    "draft-at_most": ("{scope}{left}不应大于{right}", "{scope}{left} does not exceed {right}"),
    "draft-at_least": ("{scope}{left}不应小于{right}", "{scope}{left} is not below {right}"),
    "draft-filled": ("{scope}{cells}均应填数", "{scope}{cells}: every box is filled"),
    "draft-absent": ("{scope}不应印有{cells}", "{scope}{cells}: no such box is printed"),
    "draft-number": (
        "{scope}{cells}应为不小于零的数，小数不超过{decimals}位",
        "{scope}{cells}: not below zero, and at most {decimals} decimals",
    ),
    "draft-negative": (
        "{scope}{cells}应为数，小数不超过{decimals}位",
        "{scope}{cells}: at most {decimals} decimals",
    ),
    "draft-bare": (
        "{scope}{cells}只填数字，不带单位和概数",
        "{scope}{cells}: the bare figure, without units or other words",
    ),
    "draft-competence": (
        "{scope}名称符合“{never}”的单位，{cells}应为0",
        "{scope}bodies whose name matches {never} report nothing in {cells}",
    ),
    "draft-each-column": ("每一列中，", "in every column, "),
    "draft-each-row": ("每一行中，", "in every row, "),
    "draft-basis": ("待补：依据的文件和条款", "to be added: where it is prescribed"),
    "draft-line": ("“{label}”", "{label}"),
    "draft-group": ("“{label}”各项", "every {label}"),
    "draft-box": ("{row}的{column}", "{row} / {column}"),
    "draft-all-rows": ("各行", "all rows"),
    "draft-all-columns": ("各栏", "all columns"),
    "draft-last-year": ("上年的{figure}", "last year's {figure}"),
    "draft-times": ("{figure}的{times}倍", "{times} times {figure}"),
    "draft-plus": ("加", " plus "),
    "cli-unknown-kind": (
        "不能起草这类规则：{name}；可以起草的有：{names}",
        "no rule of this kind can be drafted: {name}; there are {names}",
    ),
    "cli-unknown-table": (
        "表格中没有这张表：{name}；有 {names}",
        "no such table: {name}; there are {names}",
    ),
    "cli-rule-id": (
        "规则名应为小写字母、数字和连字符：{name}，例如 row-total",
        "not a rule's id: {name}; it is in kebab-case, such as row-total",
    ),
    "cli-rule-exists": (
        "已有这条规则：{name}，见 {place}",
        "there is a rule {name} already: {place}",
    ),
    "cli-only-with-each": ("--only 要与 --each 同用", "--only needs --each"),
    "cli-other-form": (
        "{file} 在别的表格的文件夹里；--form 是 {form}",
        "{file} stands in the folder of another form than --form {form}",
    ),
    "cli-unwritten": ("无法写入 {file}：{why}", "cannot write {file}: {why}"),
    "cli-untaken": ("没有写入：{why}", "nothing was written: {why}"),
    "cli-untrue": (
        "没有写入：规则的测试在 {form} 上不成立：{about}，应为 {wanted}，得到 {got}",
        "nothing was written: a test of the rule is not true on {form}: "
        "{about} should be {wanted} and is {got}",
    ),
    "cli-drafted": (
        "{file}：已写入规则 {name}；请改写 statement 和 basis，再运行 audit rules test",
        "{file}: the rule {name} was written; edit statement and basis, then run audit rules test",
    ),
    "cli-drafted-here": (
        "请改写 statement 和 basis",
        "edit statement and basis before it is used",
    ),
}
