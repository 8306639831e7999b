"""What a content management system calls before it publishes a report: it asks `audit serve`.

    python publish_hook.py report.docx

Exit code 0: nothing at the threshold, publish it. 1: findings, which are printed; refuse. 3: it
could not be audited; refuse as well. 2: no answer; refuse, and try again later. The server is at
AUDIT_SERVER (http://127.0.0.1:8000 where it is not set), its token in AUDIT_TOKEN. Nothing but
Python's standard library is needed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SERVER = os.environ.get("AUDIT_SERVER", "http://127.0.0.1:8000")
TOKEN = os.environ.get("AUDIT_TOKEN", "")
SECONDS = 300


def main(path: Path) -> int:
    """The exit code for the report at the path."""
    asked = Request(
        f"{SERVER}/api/v1/check?{urlencode({'name': path.name})}",
        path.read_bytes(),
        {"Content-Type": "application/octet-stream"},
    )
    if TOKEN:
        asked.add_header("Authorization", f"Bearer {TOKEN}")
    try:
        with urlopen(asked, timeout=SECONDS) as answer:
            found = json.load(answer)
            code = int(answer.headers["Audit-Exit-Code"])
    except HTTPError as refused:
        print(f"refused: {json.load(refused).get('detail', refused)}", file=sys.stderr)
        return 2
    except (URLError, TimeoutError) as lost:
        print(f"no answer from {SERVER}: {lost}", file=sys.stderr)
        return 2
    for failure in found["failures"]:
        print(f"not audited: {failure['message']} [{failure['code']}]")
    for report in found["reports"]:
        for finding in report["findings"]:
            print(f"{finding['severity']}: {finding['message']} [{finding['rule']}]")
    print(
        {0: "may be published", 1: "not published: it has findings"}.get(
            code, "not published: not all of it could be read"
        )
    )
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
