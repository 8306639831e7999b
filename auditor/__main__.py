"""`python -m auditor` and `audit` alike: the command, in a process of its own."""

import gc


def run() -> None:
    """The command line. What a run loads stays to its end: looking for garbage in it is in vain."""
    gc.set_threshold(200_000, 20, 100)
    from auditor.cli import main

    try:
        main(prog_name="audit")
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
