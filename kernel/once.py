"""A property that is worked out once: what ``functools.cached_property`` is from Python 3.12 on, without its lock."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

_Owner = TypeVar("_Owner")
_Value = TypeVar("_Value")


class once(Generic[_Owner, _Value]):  # noqa: N801  (used as ``property`` is)
    """Keeps the value as the object's own, where the next look-up finds it; not for what threads share."""

    def __init__(self, work_out: Callable[[_Owner], _Value]) -> None:
        self._work_out, self.__doc__ = work_out, work_out.__doc__

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> "once[_Owner, _Value]": ...

    @overload
    def __get__(self, instance: _Owner, owner: type[Any]) -> _Value: ...

    def __get__(self, instance: _Owner | None, owner: type[Any]) -> "once[_Owner, _Value] | _Value":
        if instance is None:
            return self
        value = self._work_out(instance)
        setattr(instance, self._name, value)  # asked for its ``__dict__``, an object would make one of its own
        return value
