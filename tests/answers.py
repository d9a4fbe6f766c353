"""What the fixture `view` answers for a function: status, last error, exception, ...

Names of statuses, of the bits that ask it to do a thing wrongly, and of the answers
that come again and again.
"""

OK, INVALID_ARG, GENERIC_FAILURE, PENDING = 0, 1, 9, 10
RAISE, NO_VALUE, NO_RESULT, NO_OUT = 1, 2, 4, 8
POISON = 77
PENDING_ERROR = ("Error", None, "pending")
INVALID = [INVALID_ARG, INVALID_ARG, None]
REFUSED = [PENDING, PENDING, PENDING_ERROR]


def describe(error):
    if error is None:
        return None
    return type(error).__name__, getattr(error, "code", None), str(error)


def answer(found):
    """The answer, with the exception in words."""
    status, last, error, *outs = found
    return [status, last, describe(error), *outs]
