# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a
# Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

import dataclasses
import typing

from aster.codec import wire_type


@wire_type("matrix/Blob")
@dataclasses.dataclass
class Blob:
    name: str = ""
    raw: bytes = b""


@wire_type("matrix/Inner")
@dataclasses.dataclass
class Inner:
    label: str = ""
    value: int = 0


@wire_type("matrix/Request")
@dataclasses.dataclass
class Request:
    text: str = ""
    n: int = 0
    ratio: float = 0.0
    flag: bool = False
    items: list[str] = dataclasses.field(default_factory=list)
    table: dict[str, int] = dataclasses.field(default_factory=dict)
    note: typing.Optional[str] = None
    inner: Inner = dataclasses.field(default_factory=lambda: Inner())


@wire_type("matrix/Reply")
@dataclasses.dataclass
class Reply:
    index: int = 0
    request: Request = dataclasses.field(default_factory=lambda: Request())


@wire_type("matrix/Total")
@dataclasses.dataclass
class Total:
    count: int = 0
    sum: int = 0
    texts: list[str] = dataclasses.field(default_factory=list)


TYPES: list = [
    Blob,
    Inner,
    Request,
    Reply,
    Total,
]
