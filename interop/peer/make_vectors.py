"""Writes aster-runtime/vectors/xlang.json: payloads made by the Python peer.

Run with the peer's interpreter (aster-rpc 0.1.2), from the repository root:

    ASTER_RELAY_MODE=disabled HOME=$(mktemp -d) PEER/bin/python interop/peer/make_vectors.py

Every entry is the payload of one value; the Rust test of the same name builds
that value, and checks that it decodes from and encodes to these bytes.
"""

import dataclasses
import datetime
import enum
import json
import pathlib
from dataclasses import dataclass, field
from typing import Any, Optional

import pyfory
from aster.codec import ForyCodec, wire_type
from aster.protocol import CallHeader, RpcStatus, StreamHeader

UTC = datetime.timezone.utc
VECTORS: dict[str, str] = {}
TYPES: list[type] = []


def message(tag):
    """Declares a dataclass and its tag."""

    def declare(cls):
        cls = wire_type(tag)(dataclass(cls))
        TYPES.append(cls)
        return cls

    return declare


def many(factory):
    return field(default_factory=factory)


class Color(enum.Enum):
    RED = "r"
    GREEN = "g"
    BLUE = "b"


@message("mission/StatusResponse")
class StatusResponse:
    agent_id: str = ""
    status: str = "idle"
    uptime_secs: int = 0


@message("mission/LogEntry")
class LogEntry:
    timestamp: float = 0.0
    level: str = "info"
    message: str = ""
    agent_id: str = ""


@message("mission/MetricPoint")
class MetricPoint:
    name: str = ""
    value: float = 0.0
    timestamp: float = 0.0
    tags: dict[str, str] = many(dict)


@message("mission/MetricBatch")
class MetricBatch:
    points: list[MetricPoint] = many(list)


@message("guide/MetricPoint")
class GuidePoint:
    name: str = ""
    tags: dict = many(dict)


@message("guide/Heartbeat")
class GuideHeartbeat:
    agent_id: str = ""
    capabilities: list = many(list)
    load_avg: float = 0.0


@message("mission/CommandResult")
class CommandResult:
    stdout: str = ""
    stderr: str = ""
    exit_code: pyfory.int32 = -1


@message("v/Inner")
class Inner:
    x: int = 0
    y: str = ""


@message("v/Numbers")
class Numbers:
    i64: int = 0
    i32: pyfory.int32 = 0
    i16: pyfory.int16 = 0
    i8: pyfory.int8 = 0
    u64: pyfory.uint64 = 0
    u32: pyfory.uint32 = 0
    u16: pyfory.uint16 = 0
    u8: pyfory.uint8 = 0
    f32: pyfory.float32 = 0.0
    f64: float = 0.0
    b: bool = False


@message("v/OptionalNumbers")
class OptionalNumbers:
    i64: Optional[int] = None
    i32: Optional[pyfory.int32] = None
    i16: Optional[pyfory.int16] = None
    i8: Optional[pyfory.int8] = None
    u64: Optional[pyfory.uint64] = None
    u32: Optional[pyfory.uint32] = None
    u16: Optional[pyfory.uint16] = None
    u8: Optional[pyfory.uint8] = None
    f32: Optional[pyfory.float32] = None
    f64: Optional[float] = None
    b: Optional[bool] = None


@message("v/Texts")
class Texts:
    items: list[str] = many(list)


@message("v/Ints")
class Ints:
    items: list[int] = many(list)


@message("v/Lists")
class Lists:
    names: list[str] = many(list)
    floats: list[float] = many(list)
    flags: list[bool] = many(list)
    blobs: list[bytes] = many(list)
    small: list[pyfory.int8] = many(list)
    words: list[pyfory.int32] = many(list)
    nested: list[list[str]] = many(list)
    inner: list[Inner] = many(list)
    days: list[datetime.date] = many(list)
    colors: list[Color] = many(list)


@message("v/OptionalItems")
class OptionalItems:
    names: list[Optional[str]] = many(list)
    lists: list[Optional[list[str]]] = many(list)
    colors: list[Optional[Color]] = many(list)
    inner: list[Optional[Inner]] = many(list)


@message("v/Maps")
class Maps:
    ss: dict[str, str] = many(dict)
    si: dict[str, int] = many(dict)
    ib: dict[int, bool] = many(dict)
    bs: dict[bool, str] = many(dict)
    sl: dict[str, list[Inner]] = many(dict)
    sc: dict[str, Color] = many(dict)
    ci: dict[Color, int] = many(dict)
    so: dict[str, Optional[str]] = many(dict)
    sn: dict[str, Inner] = many(dict)


@message("v/Sets")
class Sets:
    texts: set[str] = many(set)
    ints: set[int] = many(set)


@message("v/Optionals")
class Optionals:
    text: Optional[str] = None
    raw: Optional[bytes] = None
    items: Optional[list[str]] = None
    tags: Optional[dict[str, str]] = None
    inner: Optional[Inner] = None
    color: Optional[Color] = None
    day: Optional[datetime.date] = None
    time: Optional[datetime.datetime] = None
    unique: Optional[set[int]] = None


@message("v/Times")
class Times:
    day: datetime.date = datetime.date(1970, 1, 1)
    time: datetime.datetime = datetime.datetime(1970, 1, 1, tzinfo=UTC)


@message("v/Dynamic")
class Dynamic:
    value: Any = None


@message("v/DynamicLists")
class DynamicLists:
    bare: list = many(list)
    listed: list[Any] = many(list)
    optional: Optional[list] = None


@message("v/DynamicMaps")
class DynamicMaps:
    bare: dict = many(dict)
    keyed: dict[str, Any] = many(dict)
    optional: Optional[dict] = None


@message("v/BareSet")
class BareSet:
    unique: set = many(set)


@message("v/BareInts")
class BareInts:
    words: list = many(list)
    floats: list = many(list)
    optional: list = many(list)
    nested: list = many(list)
    inner: list = many(list)
    by_name: dict = many(dict)
    colors: list = many(list)


@message("v/Two")
class Two:
    a: Inner = many(Inner)
    b: Inner = many(Inner)
    c: Optional[Inner] = None
    d: list[Inner] = many(list)


@message("v/Deep")
class Deep:
    two: Two = many(Two)
    inner: Inner = many(Inner)
    again: Two = many(Two)


@message("Bare")
class Bare:
    x: int = 0


@message("BareOuter")
class BareOuter:
    a: Bare = many(Bare)
    b: Bare = many(Bare)
    inner: Inner = many(Inner)


@message("v/Mixed")
class Mixed:
    bare: Bare = many(Bare)
    outer: BareOuter = many(BareOuter)


@message("v/Tree")
class Tree:
    name: str = ""
    kids: list["Tree"] = many(list)


@message("v/Chain")
class Chain:
    value: int = 0
    next: Optional["Chain"] = None


@message("v/Empty")
class Empty:
    pass


@message("v/EmptyHolder")
class EmptyHolder:
    e: Empty = many(Empty)


@message("v/Camel")
class Camel:
    userName: str = ""
    someValue: int = 0
    under_score: int = 0
    type: str = ""


@message("com.example.inventory/WarehouseStockReservationRequest")
class LongName:
    x: int = 0


@message("com.example.very.long.namespace.for.test/AVeryLongTypeNameForTesting2")
class LongerName:
    x: int = 0


@message("n" * 120 + ".long/" + "X" + "y" * 119)
class HugeName:
    x: int = 0
    again: Optional["Bare"] = None


@message("a/b/C")
class Slashes:
    x: int = 0


@message("my.pkg.Type")
class Dotted:
    x: int = 0


@message("x-y/HTTPServer")
class Kebab:
    x: int = 0


@message("io.aster.v1/A1b")
class Digits:
    x: int = 0


@message("a_b$c/User$Profile_2")
class Special:
    x: int = 0


@message("ns|p/UserProfile")
class Pipes:
    x: int = 0


WIDE = dataclasses.make_dataclass(
    "Wide", [(f"f{i:02}", int, field(default=0)) for i in range(40)]
)
WIDE = wire_type("v/Wide")(WIDE)
TYPES.append(WIDE)


def vector(name, value, *others):
    codec = ForyCodec(types=[type(value), *others])
    payload = bytes(codec.encode(value))
    if name in VECTORS:
        raise SystemExit(f"{name} twice")
    codec.decode(payload)
    VECTORS[name] = payload.hex()


P1 = MetricPoint("cpu.load", 0.75, 1700000000.25, {"dc": "eu", "host": "web-1"})
P2 = MetricPoint("mem", 12.5, 1700000001.0, {})

vector("stream_header_empty", StreamHeader())
vector(
    "stream_header",
    StreamHeader(
        "Hello", "sayHello", 1, "11111111-2222-4333-8444-555555555555", 1767225600000, 3,
        ["authorization", "\u00e9"], ["Bearer t", "\u65e5\u672c"],
    ),
)
vector("call_header_empty", CallHeader())
vector("call_header", CallHeader("add", "c-1", 1767225600000, ["k"], ["v"]))
vector("rpc_status_ok", RpcStatus())
vector("rpc_status", RpcStatus(101, "bad", ["unexpected_fields"], ["'x'"]))

vector("status", StatusResponse("edge-1", "running", 3600))
vector("status_default", StatusResponse())
vector("log", LogEntry(1700000000.5, "warn", "disk is 91% full", "edge-1"))
vector("log_latin1", LogEntry(0.0, "info", "caf\u00e9 \u00ff", "x"))
vector("log_utf16", LogEntry(0.0, "info", "\u4f60\u597d a\u00e9", "x"))
vector("log_utf8", LogEntry(0.0, "info", "ok \U0001f600 \u00e9", "x"))
vector("log_long", LogEntry(-0.0, "info", "x" * 5000, "\u00e9" * 200))
vector("metric", P1)
vector("metric_no_tags", P2)
vector("batch", MetricBatch([P1, P2]))
vector("batch_empty", MetricBatch())
vector("command_result", CommandResult("out", "err", -1))
vector("guide_point", GuidePoint("cpu", {"dc": "eu", "host": "web-1"}))
vector("guide_point_empty", GuidePoint("cpu"))
vector("guide_heartbeat", GuideHeartbeat("edge-1", ["gpu", "arm64"], 0.5))
vector("guide_heartbeat_empty", GuideHeartbeat("edge-1", [], 0.5))

vector("numbers_zero", Numbers())
vector("numbers_max", Numbers(
    2**63 - 1, 2**31 - 1, 2**15 - 1, 2**7 - 1, 2**64 - 1, 2**32 - 1, 2**16 - 1, 2**8 - 1, 1.5, 1e308, True))
vector("numbers_min", Numbers(-(2**63), -(2**31), -(2**15), -(2**7), 0, 0, 0, 0, -1.5, 5e-324, False))
vector("optional_numbers_none", OptionalNumbers())
vector("optional_numbers", OptionalNumbers(-1, -2, -3, -4, 5, 6, 7, 8, 0.5, 0.25, True))
vector("int_edges", Ints(
    [s * (2**k + d) for k in range(0, 63) for d in (-1, 0, 1) for s in (1, -1)] + [2**63 - 1, -(2**63)]))
vector("texts", Texts(["", "a", "\u00e9", "\u65e5\u672c", "\U0001f600", "a\u00e9\u65e5", "\x00", "\u00ff", "\u0100", "\uffff", "\U00010000"]))
vector("texts_many", Texts([str(i) for i in range(600)]))

vector("lists_empty", Lists())
vector("lists", Lists(
    ["a", "b"], [1.5, float("inf")], [True, False], [b"x", b"", b"yz"], [1, -2], [1, -70000],
    [["x"], [], ["y", "z"]], [Inner(1, "p"), Inner(2, "q")],
    [datetime.date(2024, 1, 2), datetime.date(1969, 12, 31)], [Color.BLUE, Color.RED]))
vector("optional_items", OptionalItems(
    ["a", None, "c"], [None, ["a"]], [Color.GREEN, None], [Inner(1, "a"), None]))
vector("optional_items_all_none", OptionalItems([None, None], [None], [None], [None]))
vector("optional_items_no_none", OptionalItems(["a"], [["b"]], [Color.RED], [Inner()]))

vector("maps_empty", Maps())
vector("maps", Maps(
    {"a": "1"}, {"n": -5}, {7: True}, {False: "no"}, {"l": [Inner(1, "x")]}, {"c": Color.GREEN},
    {Color.BLUE: 9}, {"o": "some"}, {"i": Inner(3, "y")}))
vector("maps_null_values", Maps(so={"a": "b", "c": None, "d": "e", "f": None, "g": None}))
for size in (1, 254, 255, 256, 600):
    vector(f"maps_{size}", Maps(si={f"k{i:03}": i for i in range(size)}))
vector("sets_empty", Sets())
vector("sets", Sets({"only"}, {3}))

vector("optionals_none", Optionals())
vector("optionals", Optionals(
    "s", b"zz", ["a"], {"k": "v"}, Inner(4, "i"), Color.GREEN, datetime.date(2024, 2, 29),
    datetime.datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=UTC), {1}))
vector("optionals_empty", Optionals("", b"", [], {}, Inner(), Color.RED, unique=set()))
vector("times", Times(
    datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)))
vector("times_before_epoch", Times(
    datetime.date(1, 1, 1), datetime.datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC)))
vector("times_late", Times(
    datetime.date(9999, 12, 31), datetime.datetime(9999, 12, 30, 21, 59, 59, 0, tzinfo=UTC)))

for name, value in {
    "null": None, "true": True, "int": 1, "int_big": -(2**40), "float": 1.5, "text": "x", "text_wide": "\u65e5",
    "bytes": b"x\x00", "list_empty": [], "list_ints": [1, 2], "list_mixed": [1, "a"], "list_null": [1, None],
    "list_nulls": [None, None], "list_mixed_null": [1, "a", None], "list_lists": [[1], ["a"], []],
    "list_maps": [{}, {"a": 1}], "list_bool_int": [True, 1], "map_empty": {}, "map_same": {"a": "b", "c": "d"},
    "map_mixed": {"a": 1, "b": "x", "c": None, "d": 2, "e": [1], "f": {"g": True}}, "map_int_keys": {1: 2, 3: 4},
    "map_null_key": {None: 1}, "map_null_both": {None: None}, "map_mixed_keys": {1: "a", "b": "c"},
    "map_300": {f"k{i}": i for i in range(300)}, "set": {1}, "set_empty": set(),
    "date": datetime.date(2024, 1, 2), "time": datetime.datetime(2024, 1, 2, tzinfo=UTC),
}.items():
    vector(f"dynamic_{name}", Dynamic(value))
vector("dynamic_lists_empty", DynamicLists())
vector("dynamic_lists", DynamicLists(["a", 1], [1, "x", None, 2.5, [1]], ["o"]))
vector("dynamic_lists_same", DynamicLists([1.5], ["x", "y"], []))
vector("dynamic_maps_empty", DynamicMaps())
vector("dynamic_maps", DynamicMaps(
    {"a": 1, "b": "x"}, {"a": 1, "b": "x", "c": 2.5, "d": None, "e": [1], "f": True}, {"o": None}))
vector("bare_set", BareSet({"z"}))
vector("bare_ints", BareInts(
    [1, -70000], [1.5, 2.5], ["a", None], [["a"], []], [Inner(1, "p"), Inner(2, "q")], {"i": Inner(3, "r")},
    [Color.GREEN, None]), Inner, Color)

vector("two", Two(Inner(1, "a"), Inner(2, "b"), Inner(3, "c"), [Inner(4, "d"), Inner(5, "e")]))
vector("deep", Deep(
    Two(Inner(1, "a"), Inner(2, "b"), None, []), Inner(9, "z"), Two(Inner(3, "c"), Inner(4, "d"), Inner(), [])))
vector("bare_name", Bare(9))
vector("bare_outer", BareOuter(Bare(1), Bare(2), Inner(3, "n")))
vector("mixed", Mixed(Bare(1), BareOuter(Bare(2), Bare(3), Inner(4, "m"))))
vector("tree", Tree("root", [Tree("l", []), Tree("r", [Tree("rr", [])])]))
vector("chain", Chain(1, Chain(2, Chain(3))))
vector("empty", Empty())
vector("empty_holder", EmptyHolder())
vector("camel", Camel("bob", 7, 8, "t"))
vector("long_name", LongName(1))
vector("longer_name", LongerName(9))
vector("huge_name", HugeName(1, Bare(2)))
vector("slashes", Slashes(1))
vector("dotted", Dotted(1))
vector("kebab", Kebab(1))
vector("digits", Digits(1))
vector("special", Special(1))
vector("pipes", Pipes(1))
vector("wide", WIDE(*range(40)))

target = pathlib.Path(__file__).parents[2] / "aster-runtime" / "vectors" / "xlang.json"
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps(VECTORS, indent=1) + "\n")
print(f"{len(VECTORS)} vectors")
