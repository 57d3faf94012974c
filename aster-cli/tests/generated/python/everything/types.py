# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

import dataclasses
import datetime
import enum
import typing

import pyfory
from aster.codec import wire_type


@wire_type("alpha/Item")
@dataclasses.dataclass
class AlphaItem:
    name: str = ""
    count: int = 1


@wire_type("beta/Item")
@dataclasses.dataclass
class BetaItem:
    price: float = 0.0


@wire_type("paint/Color")
class Color(str, enum.Enum):
    """A colour."""
    #: Like fire.
    RED = "red"
    DARK_BLUE = "DARK_BLUE"
    CLASS = "class"


@wire_type("every/Containers")
@dataclasses.dataclass
class Containers:
    items: list[AlphaItem] = dataclasses.field(default_factory=list)
    others: list[typing.Optional[int]] = dataclasses.field(default_factory=list)
    table: dict[str, BetaItem] = dataclasses.field(default_factory=dict)
    by_number: dict[int, list[str]] = dataclasses.field(default_factory=dict)
    tags: set[str] = dataclasses.field(default_factory=set)
    colors: list[Color] = dataclasses.field(default_factory=list)
    maybe_list: typing.Optional[list[pyfory.int32]] = None
    maybe_text: typing.Optional[str] = "given"
    maybe_item: typing.Optional[AlphaItem] = None
    defaults: list[int] = dataclasses.field(default_factory=lambda: [1, 2, 3])
    weights: dict[str, float] = dataclasses.field(default_factory=lambda: {"a": 1.5})
    item: AlphaItem = dataclasses.field(default_factory=lambda: AlphaItem(**{"name": "x"}))
    color: Color = Color.DARK_BLUE
    maybe_color: typing.Optional[Color] = None
    widths: list[pyfory.uint16] = dataclasses.field(default_factory=list)
    times: list[datetime.datetime] = dataclasses.field(default_factory=list)


@wire_type("every/Dynamic")
@dataclasses.dataclass(init=False, repr=False, eq=False)
class Dynamic:
    """Fields that carry their types."""

    __annotations__ = {
        "anything": typing.Any,
        "list": list,
        "dict": dict,
        "maybe": typing.Optional[dict],
    }

    def __init__(self, /, **fields: object) -> None:
        values: dict = {
            "anything": None,
            "list": [],
            "dict": {},
            "maybe": None,
        }
        values.update(fields)
        names = [field.name for field in dataclasses.fields(self)]
        if set(values) != set(names):
            raise TypeError(f"the fields are {names}, and those without default must be given")
        for name, value in values.items():
            setattr(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(**{vars(self)!r})"


@wire_type("every/Needs")
@dataclasses.dataclass(kw_only=True)
class Needs:
    #: Must be given.
    id: str
    note: str = ""
    #: Must be given.
    level: int


@wire_type("every/Nothing")
@dataclasses.dataclass
class Nothing:
    pass


@wire_type("every/Scalars")
@dataclasses.dataclass
class Scalars:
    """One field of each width."""

    flag: bool = True
    tiny: pyfory.int8 = -128
    small: pyfory.int16 = -3
    medium: pyfory.int32 = 0
    large: int = -9223372036854775808
    utiny: pyfory.uint8 = 255
    usmall: pyfory.uint16 = 0
    umedium: pyfory.uint32 = 4294967295
    ularge: pyfory.uint64 = 18446744073709551615
    single: pyfory.float32 = 0.5
    #: A figure.
    double: float = 1e300
    text: str = "a \"quoted\" \\ line\nand another \u202e é"
    raw: bytes = b"\x00\x01\"\xff\\n"
    day: datetime.date = datetime.date(1970, 1, 1)
    moment: datetime.datetime = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@wire_type("every/Strange")
@dataclasses.dataclass(init=False, repr=False, eq=False)
class Strange:
    """Names that are none somewhere.

    Some field names are no names in Python: give those as a dictionary, as in
    Message(**{"a-b": 1}), and read them with getattr.
    """

    __annotations__ = {
        "class": str,
        "agentId": str,
        "größe": int,
        "a-b": str,
        "str": str,
        "self": str,
        "type": int,
        "__x": bool,
    }

    def __init__(self, /, **fields: object) -> None:
        values: dict = {
            "class": "",
            "agentId": "",
            "größe": 0,
            "a-b": "x",
            "str": "",
            "self": "",
            "type": 7,
            "__x": False,
        }
        values.update(fields)
        names = [field.name for field in dataclasses.fields(self)]
        if set(values) != set(names):
            raise TypeError(f"the fields are {names}, and those without default must be given")
        for name, value in values.items():
            setattr(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(**{vars(self)!r})"


@wire_type("tree/Node")
@dataclasses.dataclass
class Node:
    """A type that holds itself."""

    label: str = ""
    children: "list[Node]" = dataclasses.field(default_factory=list)
    #: Another one.
    next: "typing.Optional[Node]" = None


@wire_type("every/Request")
@dataclasses.dataclass
class Request:
    """Ends */ every `comment` \"\"\" and ''' \\ in \\u0022 it.
    ```
    fn main() { std::process::exit(1) }
    ```
    </script><script>alert(1)</script>
    // @ts-expect-error �back
    /// # coding: utf-7
    """

    scalars: Scalars = dataclasses.field(default_factory=lambda: Scalars())
    containers: Containers = dataclasses.field(default_factory=lambda: Containers())
    dynamic: Dynamic = dataclasses.field(default_factory=lambda: Dynamic())
    strange: Strange = dataclasses.field(default_factory=lambda: Strange())
    tree: Node = dataclasses.field(default_factory=lambda: Node())
    left: AlphaItem = dataclasses.field(default_factory=lambda: AlphaItem())
    right: BetaItem = dataclasses.field(default_factory=lambda: BetaItem())


TYPES: list = [
    AlphaItem,
    BetaItem,
    Color,
    Containers,
    Dynamic,
    Needs,
    Nothing,
    Scalars,
    Strange,
    Node,
    Request,
]
