"""A lock between processes that its holder's death gives back, however it died: the system keeps it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    #: Windows locks bytes, and a locked byte cannot be read: one that lies far beyond the file's end.
    _BYTE = 1 << 30

    def _take(file: int) -> bool:
        os.lseek(file, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: int) -> bool:
        # flock, not lockf: lockf's belongs to the process, and a second thread would be given it too.
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Yield whether the lock could be had; one that was is held until the block ends. Raises OSError.

    The file stays: to remove it would hand a second lock to whoever waits with it open.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _take(file)
    finally:
        os.close(file)
