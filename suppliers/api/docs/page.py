"""The specification as a reader meets it: chapters of operations, each with what it takes, answers, and an example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from suppliers.api.docs.spec import operations

DEEPEST = 4
SAMPLES: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "string": "…"}
IN_PLACE = {"number": "0012-RAU-1", "purchase": "DH-0012-RAU-1"}


@dataclass(frozen=True)
class Field:
    """One value that is asked for or answered. ``name`` has dots where it lies within another."""

    name: str
    kind: str
    needed: bool
    about: str


@dataclass(frozen=True)
class Entry:
    """One operation."""

    key: str
    method: str
    path: str
    summary: str
    scopes: list[str]
    takes: list[Field]
    body: list[Field]
    answers: list[Field]
    statuses: list[tuple[str, str]]
    example: str


def chapters(spec: dict[str, Any], base: str) -> list[tuple[str, list[Entry]]]:
    """Tag → its operations."""
    entries = [(each["tags"][0], _entry(spec, base, path, method, each)) for path, method, each in operations(spec)]
    return [(tag["name"], [entry for of, entry in entries if of == tag["name"]]) for tag in spec["tags"]]


def _entry(spec: dict[str, Any], base: str, path: str, method: str, operation: dict[str, Any]) -> Entry:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    done = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    answered = done.get("content", {}).get("application/json", {}).get("schema", {})
    return Entry(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        scopes=operation["security"][0]["token"],
        takes=[_parameter(each) for each in operation["parameters"]],
        body=list(_fields(spec, body.get("schema", {}))),
        answers=list(_fields(spec, answered)),
        statuses=[(status, each["description"]) for status, each in sorted(operation["responses"].items())],
        example=_curl(base, path, method, operation, body.get("example")),
    )


def _parameter(parameter: dict[str, Any]) -> Field:
    kind = f"{parameter['schema'].get('type', '')}, {parameter['in']}"
    return Field(parameter["name"], kind, parameter.get("required", False), parameter.get("description", ""))


def _fields(spec: dict[str, Any], schema: dict[str, Any], within: str = "", depth: int = 0) -> Iterator[Field]:
    """Every value in a schema, what lies within others behind them."""
    schema = _resolved(spec, schema)
    variants = schema.get("oneOf", [])
    if variants:
        yield from _variants(spec, variants)
    for name, value in schema.get("properties", {}).items():
        part, inner = _resolved(spec, value), f"{within}{name}"
        many = part.get("type") == "array"
        yield Field(inner, _kind(part), name in schema.get("required", ()), part.get("description", ""))
        if depth < DEEPEST:
            deeper = part.get("items", {}) if many else part
            yield from _fields(spec, deeper, f"{inner}[]." if many else f"{inner}.", depth + 1)


def _variants(spec: dict[str, Any], variants: list[dict[str, Any]]) -> Iterator[Field]:
    """Each name once; needed is what all of them need."""
    every = [list(_fields(spec, variant)) for variant in variants]
    needed = [{field.name for field in one if field.needed} for one in every]
    seen: dict[str, list[Field]] = {}
    for field in (field for one in every for field in one):
        seen.setdefault(field.name, []).append(field)
    for name, fields in seen.items():
        kinds = " | ".join(dict.fromkeys(field.kind for field in fields))
        yield Field(name, kinds, all(name in one for one in needed), fields[0].about)


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference refers to; of a thing or null, the thing."""
    for each in schema.get("anyOf", ()):
        if "$ref" in each:
            return {**_resolved(spec, each), "description": schema.get("description", "")}
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return {**spec["components"]["schemas"][name], **{key: value for key, value in schema.items() if key != "$ref"}}


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    kind = str(schema.get("format") or schema.get("type", ""))
    return f"{_kind(schema.get('items', {}))}[]" if kind == "array" and "$ref" not in schema["items"] else kind


def _curl(base: str, path: str, method: str, operation: dict[str, Any], body: Any) -> str:
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            sample = IN_PLACE.get(parameter["name"], SAMPLES[parameter["schema"]["type"]])
            path = path.replace(f"{{{parameter['name']}}}", str(sample))
    lines = [f"curl {base}{path}", '-H "Authorization: Bearer $TOKEN"']
    if method == "post":
        lines += ['-H "Idempotency-Key: $(uuidgen)"', '-H "Content-Type: application/json"']
        lines.append(f"-d '{json.dumps(body)}'")
    return " \\\n  ".join(lines)
