"""Read what a SavedModel would do, without loading it.

A SavedModel is a program. Its file is parsed as data here, and every operation that serving or loading
could reach is compared with the list in ``operations``. Defence in depth: the trust is in the package's
pinned digest and the worker's missing privileges.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from tensorflow.core.protobuf import saved_model_pb2

from inference.errors import PackageInvalid
from inference.predict.operations import ALLOWED

# Node kinds of the object graph that only hold values or functions. The others (assets, lookup tables and
# other resources) run code of their own when a model is loaded.
_PLAIN_NODES = frozenset(
    {"user_object", "function", "variable", "bare_concrete_function", "constant", "captured_tensor"}
)
_INIT_SIGNATURE = "__saved_model_init_op"


def refuse_what_is_not_mathematics(folder: Path, signature: str) -> None:
    """Raise PackageInvalid for a SavedModel that could do anything but compute, or lacks ``signature``."""
    _refuse_stray_files(folder)
    graph = _parse(folder / "saved_model.pb")
    _refuse_active_objects(graph.object_graph_def.nodes)
    if signature not in graph.signature_def:
        known = ", ".join(sorted(name for name in graph.signature_def if name != _INIT_SIGNATURE))
        raise PackageInvalid(f"the SavedModel has no signature '{signature}'; it has {known or 'none'}")
    forbidden = sorted(set(_reachable_operations(graph, signature)) - ALLOWED)
    if forbidden:
        raise PackageInvalid(f"the SavedModel uses {', '.join(forbidden)}, which no model here may")


def _refuse_stray_files(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_known = name in ("saved_model.pb", "fingerprint.pb") or name.startswith("variables/variables.")
        if path.is_file() and not is_known:
            raise PackageInvalid(f"the SavedModel holds {name}; only graph and variables may be in it")


def _parse(path: Path) -> Any:
    proto = saved_model_pb2.SavedModel()
    try:
        proto.ParseFromString(path.read_bytes())
    except (OSError, DecodeError):
        raise PackageInvalid(f"{path} is no readable SavedModel") from None
    if len(proto.meta_graphs) != 1 or not proto.meta_graphs[0].HasField("object_graph_def"):
        raise PackageInvalid("the SavedModel is not in the format of TensorFlow 2 with one graph")
    return proto.meta_graphs[0]


def _refuse_active_objects(nodes: Iterable[Any]) -> None:
    for node in nodes:
        kind = node.WhichOneof("kind")
        if kind not in _PLAIN_NODES:
            raise PackageInvalid(
                f"the SavedModel holds an object of kind '{kind}', which acts when it is loaded"
            )
        if node.registered_saver or any(s.restore_function for s in node.saveable_objects.values()):
            raise PackageInvalid("the SavedModel restores variables by a function of its own")


def _reachable_operations(graph: Any, signature: str) -> Iterator[str]:
    """Names of all operations behind the signature, the initialiser and every function an object offers.

    The object graph counts because TensorFlow calls a signature through it, not through ``signature_def``.
    """
    library = {function.signature.name: function for function in graph.graph_def.library.function}
    waiting = list(graph.object_graph_def.concrete_functions)
    for name in (signature, _INIT_SIGNATURE):
        nodes = _nodes_behind(graph, name)
        yield from (node.op for node in nodes)
        waiting += _called_by(nodes)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in library:
            raise PackageInvalid("the SavedModel calls a function that it does not hold")
        body = library[name]
        yield from (node.op for node in body.node_def)
        waiting += _called_by(body.node_def)


def _nodes_behind(graph: Any, signature: str) -> list[Any]:
    nodes = {node.name: node for node in graph.graph_def.node}
    if signature not in graph.signature_def:
        return []
    waiting = [_node_name(output.name) for output in graph.signature_def[signature].outputs.values()]
    found: dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name not in found and name in nodes:
            found[name] = nodes[name]
            waiting += [_node_name(source) for source in nodes[name].input]
    return list(found.values())


def _called_by(nodes: Iterable[Any]) -> list[str]:
    values = [value for node in nodes for value in node.attr.values()]
    called = [value.func for value in values if value.HasField("func")]
    called += [function for value in values for function in value.list.func]
    return [function.name for function in called]


def _node_name(reference: str) -> str:
    """``^name``, ``name:0`` and ``name`` are one node."""
    return reference.removeprefix("^").split(":", maxsplit=1)[0]
