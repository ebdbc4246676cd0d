"""The part of `dataclasses` that this program needs, without its cost at the start. Pure.

`import dataclasses` imports `inspect`, and compiles six methods for each frozen class: a quarter
of the time until the first request. Here, all classes share their methods. Type checkers see the
original, and tests compare the two. docs/decisions/8-dataclasses-with-shared-methods.md has more.

Source: https://docs.python.org/3/library/dataclasses.html
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, NamedTuple, NoReturn, Protocol

__all__ = ["dataclass", "field", "replace"]

_NO_DEFAULT = object()


class _Field(NamedTuple):
    default: object = _NO_DEFAULT
    default_factory: Callable[[], object] | None = None
    repr: bool = True
    compare: bool = True

    @property
    def is_required(self) -> bool:
        return self.default is _NO_DEFAULT and self.default_factory is None


class _Fields(NamedTuple):
    """What the shared methods know of the fields of a class."""

    every: frozenset[str]
    required: frozenset[str]
    shown: tuple[str, ...]
    compared: Callable[[object], object]  # returns what equal instances have in common
    defaults: dict[str, object]
    factories: tuple[tuple[str, Callable[[], object]], ...]  # of the defaults that are made anew


class _Dataclass(Protocol):
    """An instance of a decorated class."""

    __fields__: ClassVar[_Fields]

    def __init__(self, **values: object) -> None: ...


def _dataclass(*, kw_only: bool, frozen: bool = False) -> Callable[[type], type]:
    """Return a decorator that makes a class of values from annotated names.

    The class inherits no fields, and all are given by keyword.
    """
    if not kw_only:
        raise TypeError("fields by position are not supported")

    def decorate(cls: type) -> type:
        methods: dict[str, object] = {"__init__": _init, "__repr__": _repr, "__eq__": _eq}
        if frozen:
            methods |= {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse}
        else:
            methods["__hash__"] = None  # as for a list: what may change is no key
        fields = {name: _read_field(cls, name) for name in cls.__annotations__}
        for name, value in {"__fields__": _summarize(fields), **methods}.items():
            setattr(cls, name, value)
        return cls

    return decorate


def _read_field(cls: type, name: str) -> _Field:
    """Return a field; afterwards the class itself has an attribute only if there is a default."""
    value = cls.__dict__.get(name, _NO_DEFAULT)
    if not isinstance(value, _Field):
        return _Field(default=value)
    if value.default is _NO_DEFAULT:
        delattr(cls, name)
    else:
        setattr(cls, name, value.default)
    return value


def _summarize(fields: dict[str, _Field]) -> _Fields:
    compared = [name for name, one in fields.items() if one.compare]
    return _Fields(
        every=frozenset(fields),
        required=frozenset(name for name, one in fields.items() if one.is_required),
        shown=tuple(name for name, one in fields.items() if one.repr),
        compared=attrgetter(*compared) if compared else lambda _instance: None,
        defaults={
            name: one.default for name, one in fields.items() if one.default is not _NO_DEFAULT
        },
        factories=tuple(
            (name, one.default_factory)
            for name, one in fields.items()
            if one.default_factory is not None
        ),
    )


def _init(self: _Dataclass, /, **values: object) -> None:
    fields = self.__fields__
    given = values.keys()
    if not fields.required <= given <= fields.every:
        unknown, missing = given - fields.every, fields.required - given
        name = type(self).__name__
        raise TypeError(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    # Each instance has the defaults itself: a function of the class would become a method.
    self.__dict__.update(fields.defaults, **values)
    for name, make in fields.factories:
        if name not in values:
            self.__dict__[name] = make()


def _repr(self: _Dataclass) -> str:
    values = [f"{name}={getattr(self, name)!r}" for name in self.__fields__.shown]
    return f"{type(self).__qualname__}({', '.join(values)})"


def _eq(self: _Dataclass, other: _Dataclass) -> object:  # a bool, or NotImplemented
    if type(self) is not type(other):
        return NotImplemented
    compared = self.__fields__.compared
    return compared(self) == compared(other)


def _hash(self: _Dataclass) -> int:
    return hash(self.__fields__.compared(self))


def _refuse(_self: _Dataclass, name: str, _value: object = None) -> NoReturn:
    raise AttributeError(f"field {name!r} cannot be changed")


def _replace(instance: _Dataclass, /, **changes: object) -> _Dataclass:
    return type(instance)(**vars(instance) | changes)


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _Field, _replace
