"""Performs the steps of a plan in parallel, and aborts after a fatal error."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from release_assets.errors import NotStartedError
from release_assets.models import Result
from release_assets.plan import Step, assets_kept_by, has_upload
from release_assets.publish.fatal import FATAL_ERRORS
from release_assets.publish.file_upload import FileUpload
from release_assets.publish.upload_context import UploadContext


def perform_all(
    steps: Sequence[Step], context: UploadContext, done: Callable[[int, Result], None]
) -> None:
    """Perform steps in parallel, the largest uploads first.

    done: called with the number of each step and its result, from many threads.
    """
    for step in steps:
        context.guard.protect(step.file.name, assets_kept_by(step))

    def size(number: int) -> int:
        return steps[number].file.size if has_upload(steps[number]) else 0

    remaining = deque(sorted(range(len(steps)), key=size, reverse=True))

    def perform_some() -> None:
        while remaining:
            try:
                number = remaining.popleft()
            except IndexError:
                return  # another thread took the last one
            done(number, perform(steps[number], context))

    threads = min(context.github.session.limiter.max_concurrency, len(steps)) or 1
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(perform_some) for _ in range(threads)]:
            future.result()


def perform(step: Step, context: UploadContext) -> Result:
    """Perform a step with retries, and return the result.

    Never raises a ReleaseAssetsError: a failure is a result too, so that other uploads continue.
    """
    if context.abort.is_set():
        digest = context.digests.get(step.file.name)
        error = NotStartedError(step.file.shown)
        return Result(file=step.file, status="failed", asset=None, digest=digest, error=error)
    result = FileUpload(step, context).run()
    if isinstance(result.error, FATAL_ERRORS):
        context.abort.set()
    return result
