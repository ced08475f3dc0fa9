"""Functions that the sandbox's tests run in the child. They import nothing heavy, so that the child stays small."""

import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path


def echo(value):
    return value


def pid():
    return os.getpid()


def environment():
    return sorted(os.environ)


def loaded_modules():
    return sorted(sys.modules)


def hoard():
    return len("x" * (2 << 30))


def hoard_in_pieces():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def spin():
    while True:
        pass


def sleep(seconds):
    time.sleep(seconds)


def ramble(megabytes):
    return "x" * (megabytes << 20)


def chatter():
    sys.stdout.write("noise before the answer")
    sys.stdout.flush()
    os.write(1, b"more noise")
    return "clean"


def abort():
    os.abort()


def abort_like_a_native_parser():
    os.write(2, b"memory allocation of 412316860416 bytes failed\n")
    os.abort()


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def leave():
    os._exit(0)


def break_down(secret):
    raise ValueError(secret)


def panic():
    raise BaseException("capacity overflow")


def forge(text):
    """Write an answer of one's own choice past the one that is due, as a parser that was taken over could."""
    answer = min(int(open_file.name) for open_file in Path("/proc/self/fd").iterdir() if int(open_file.name) > 2)
    os.write(answer, text.encode())
    os._exit(0)


def fill_the_disk():
    with tempfile.TemporaryFile() as out:
        for _ in range(200):
            out.write(b"x" * (1 << 20))


def limits():
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_CORE", "RLIMIT_FSIZE")}


def surrogate():
    return json.loads('"\\ud800"')


def peak_of_a_proof(path, *arguments):
    """What `kernel.images.within` finds at fault, and the most memory, in MB, that this process took for it."""
    from kernel import images

    fault = images.within(path, *arguments).get("fault")
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return fault, int(peak) / 1024
