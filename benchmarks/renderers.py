"""How many boxes of invented reports are read right, declared unread and read wrong, by the program
that printed them.

python -m benchmarks.renderers [FIRST_SEED [SEEDS]]
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from auditor.definitions import Library, load_library
from auditor.errors import InputError
from auditor.model.report import Blank, Number
from auditor.model.source import Document
from auditor.pipeline import read_report
from tests.kit.prints import PRINTERS, Print, prints
from tests.kit.programs import MissingProgram


def judged(each: Print, library: Library) -> Counter[str]:
    """Boxes by what became of them."""
    try:
        _, report = read_report(Document(each.name, each.content), library)
    except InputError:
        return Counter(declared=len(each.figures))
    found: Counter[str] = Counter()
    for box, figure in each.figures.items():
        match report.entries[box].value:
            case Number(value=value):
                found["right" if value == figure else "wrong"] += 1
            case Blank():
                found["right" if figure == 0 and each.blanks else "wrong"] += 1
            case _:
                found["declared"] += 1
    return found


def main() -> None:
    first, count = (*map(int, sys.argv[1:]), *(0, 3)[len(sys.argv) - 1 :])[:2]
    library = load_library()
    forms = [
        (library.form("cn-goi-annual/2021"), 2024),
        (library.form("cn-goi-annual/2021"), 2022),
        (library.form("cn-goi-annual/2019"), 2020),
    ]
    print(
        f"{'printed by':12} {'reports':>7} {'right':>7} {'declared':>8} {'wrong':>5}  share right"
    )
    for printer in PRINTERS:
        try:
            made = prints(printer, forms, range(first, first + count))
        except MissingProgram as missing:
            print(f"{printer:12} {missing}")
            continue
        begun = time.process_time()
        total: Counter[str] = Counter()
        for each in made:
            found = judged(each, library)
            total += found
            if found["wrong"] or found["declared"]:
                said = f"{found['declared']} declared, {found['wrong']} wrong"
                print(f"  {each.name}: {said}", file=sys.stderr)
        taken = (time.process_time() - begun) / len(made)
        share = total["right"] / total.total()
        print(
            f"{printer:12} {len(made):7} {total['right']:7} {total['declared']:8} "
            f"{total['wrong']:5}  {share:.2%}, {taken * 1000:.0f} ms a report"
        )


if __name__ == "__main__":
    main()
