"""How many threads small matrices are worth."""

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


def one_thread() -> threadpool_limits:
    """Let BLAS use one thread inside a `with`.

    More sum in another order, and on small matrices they wait for each other longer than they
    multiply.
    """
    return threadpool_limits(1, "blas")
