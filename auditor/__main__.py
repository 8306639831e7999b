"""`python -m auditor` and `audit` alike: the command, in a process of its own."""

import gc
import sys


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
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
