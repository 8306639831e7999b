"""`python -m auditor` and `audit` alike: the command, in a process of its own."""

import gc
import os
import sys
from threading import active_count

_IN_ORDER = ("concurrent.futures", "coverage", "multiprocessing")
"""What has something to do when Python ends."""


def run() -> None:
    """The command line. What a run loads stays to its end: looking for garbage in it is in vain."""
    gc.set_threshold(200_000, 20, 100)
    try:
        from auditor import isolated

        # `python -m auditor` looks in the current folder first: what is still to come shall not.
        sys.path[:] = isolated.trusted_paths()
        from auditor.cli import main, process
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:  # without these there are no messages in two languages
        print(f"audit: {error.name} is not installed: install audit again", file=sys.stderr)
        sys.exit(3)
    try:
        process.unwind_on_signals()
        main(prog_name="audit")
    except process.Ended as ended:
        process.say_ended()
        sys.exit(ended.code)
    except SystemExit as done:
        _leave(done.code)
        raise
    finally:
        gc.freeze()


def _leave(code: object) -> None:
    """End the process here, where nothing is left to do: Python would take apart all that a run
    loaded, which takes longer than many a report."""
    if active_count() > 1 or not isinstance(code, int) or any(map(sys.modules.get, _IN_ORDER)):
        return
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # Python says so itself
        return
    from auditor import patterns

    patterns.keep()
    os._exit(code)


if __name__ == "__main__":
    run()
