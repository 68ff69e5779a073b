"""The error tree."""

import inspect
import pickle

import pytest

from briefer import errors

TREE = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.BrieferError)
]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_crosses_processes_and_stands_in_the_drawing(kind: type[errors.BrieferError]) -> None:
    error = pickle.loads(pickle.dumps(kind("is broken;\n mend it", subject="a.html")))
    assert (type(error), error.subject, str(error)) == (kind, "a.html", "a.html: is broken; mend it")
    assert kind.__name__ in (errors.__doc__ or "")
