"""Runs functions as checks and counts them: no test framework, so that a client's requirements are all we install."""

import argparse
import sys
import time
import traceback
from contextlib import contextmanager

from tritonclient.utils import InferenceServerException


class NotOffered(Exception):
    """The server need not have this, and says that it has not."""


def arguments(about: str, default: str) -> argparse.Namespace:
    ask = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("url", nargs="?", default=default, help="HOST:PORT")
    ask.add_argument("--without", default="", help="models that the server does not have, by comma: counted as skipped")
    ask.add_argument("--token", help="sent as Authorization: Bearer")
    ask.add_argument("--only", default="", help="only the checks whose name holds this")
    told = ask.parse_args()
    told.without = set(filter(None, told.without.split(",")))
    return told


def run(checks: dict, told: argparse.Namespace) -> int:
    """Calls each check; prints what went wrong, and last of all `N passed, N failed, N skipped`. 0 when none failed."""
    passed, failed, skipped = 0, 0, 0
    for name, check in checks.items():
        if told.only not in name:
            continue
        started = time.monotonic()
        try:
            check()
            passed += 1
            print(f"ok      {name}   {time.monotonic() - started:.2f} s", flush=True)
        except NotOffered as why:
            skipped += 1
            print(f"skipped {name}: {why}", flush=True)
        except Exception as wrong:  # noqa: BLE001  whatever it is, the check failed
            failed += 1
            where = traceback.extract_tb(wrong.__traceback__)
            mine = [frame for frame in where if frame.filename == sys.argv[0]] or where
            text = f"{type(wrong).__name__}: {wrong}"
            print(f"FAILED  {name}, line {mine[-1].lineno}: {text[:2_000]}", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0


@contextmanager
def refused(*statuses: str, saying: str = ""):
    """What is inside must be refused with one of these statuses, with a message that says why."""
    try:
        yield
    except InferenceServerException as no:
        assert not statuses or no.status() in statuses, f"refused with {no.status()} ({no.message()}), not {statuses}"
        assert no.message() and saying in no.message(), f"the message is {no.message()!r}, without {saying!r}"
        return
    raise AssertionError(f"not refused; expected {' or '.join(statuses)} {saying}".rstrip())
