"""What programs may ask, as OpenAPI 3.1: one document, made from the routes' own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor import __version__
from auditor.readers.limits import Limits
from auditor.web.uploads import MOST_DOCUMENTS, most_bytes

Json = dict[str, Any]

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "html": "text/html",
    "sarif": "application/sarif+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "junit": "application/xml",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "terminal": "text/plain",
}
"""By format, the first of which is given where none is asked for."""
FORMATS: Mapping[str, tuple[str, ...]] = {
    "check": tuple(MEDIA_TYPES),
    "read": ("json", "jsonl", "html", "terminal"),
}
"""By what is asked."""
PARAMETERS: Mapping[str, Json] = {
    "format": {},
    "lang": {"type": "string", "enum": ["zh", "en"]},
    "name": {"type": "string"},
    "fail_on": {"type": "string", "enum": ["error", "warning", "info"], "default": "error"},
    "with_entries": {"type": "string", "enum": ["0", "1"], "default": "0"},
    "verify": {"type": "string", "enum": ["0", "1"], "default": "0"},
}
"""Of the query, or fields of the form; `format` differs by what is asked."""
_SAID = {
    "format": "Form of the answer; where it is not given, the Accept header says it.",
    "lang": "Language of what is said.",
    "name": "Name of a document that is the whole body.",
    "fail_on": "Least severity that makes Audit-Exit-Code 1.",
    "with_entries": "In JSON, also every box as it was read.",
    "verify": "Have a second reader confirm every cell (PDF).",
}
_ONLY_CHECK = ("fail_on", "with_entries")
_REFUSALS: Mapping[int, str] = {
    400: "No document, or a body that is no form",
    401: "No token, or another",
    403: "Asked by a page of another site",
    406: "No such form of the answer",
    408: "The body did not come in time",
    413: "More bytes than are read",
    415: "The body is neither a form nor a document",
    421: "Asked under a name that is not ours",
    422: "A parameter that is not known, or a report of last year that cannot be read",
    503: "Too much is in hand; Retry-After says when to ask again",
}


def allowed(task: str) -> tuple[str, ...]:
    """The parameters of what is asked."""
    return tuple(each for each in PARAMETERS if task == "check" or each not in _ONLY_CHECK)


def schema_of(task: str, name: str) -> Json:
    """What a parameter may be."""
    if name == "format":
        return {"type": "string", "enum": [*FORMATS[task]]}
    return PARAMETERS[name]


def document(limits: Limits, has_token: bool) -> Json:
    """The whole document."""
    paths: Json = {
        f"/api/v1/{task}": {"post": _operation(task, said, limits)}
        for task, said in (
            ("check", "Run the checks on documents, as `audit check` does"),
            ("read", "Show what was read, judging nothing, as `audit read` does"),
        )
    }
    healthy = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
    paths["/healthz"] = {
        "get": {
            "operationId": "healthz",
            "summary": "Whether it answers; needs no token",
            "security": [],
            "responses": {
                "200": _content("It does", "application/json", healthy),
                **_problems(421),
            },
        }
    }
    metrics = _content("In Prometheus's format", "text/plain", {"type": "string"})
    paths["/metrics"] = {
        "get": {
            "operationId": "metrics",
            "summary": "Counts of requests and documents",
            "responses": {"200": metrics, **_problems(401, 421)},
        }
    }
    made: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "audit",
            "version": __version__,
            "summary": "Finds the wrong figure in a disclosure report before it is published",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": _schemas()},
    }
    if has_token:
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
    return made


_BODIES: Mapping[str, Json] = {"sarif": {"type": "object"}}
"""Of formats other than our own JSON; the others are text."""


def _operation(task: str, said: str, limits: Limits) -> Json:
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    files = {"type": "array", "items": binary, "maxItems": MOST_DOCUMENTS}
    fields = {name: schema_of(task, name) for name in allowed(task) if name != "name"}
    form = {
        "type": "object",
        "properties": {
            "document": {**files, "minItems": 1, "description": "What is checked."},
            "previous": {**files, "description": "Last year's reports."},
            **fields,
        },
        "required": ["document"],
        "additionalProperties": False,
    }
    whole = {**binary, "minLength": 1, "maxLength": most_bytes(limits)}
    schema = {"$ref": f"#/components/schemas/{task.capitalize()}"}
    answers = {
        MEDIA_TYPES[name]: {
            "schema": schema if name == "json" else _BODIES.get(name, {"type": "string"})
        }
        for name in FORMATS[task]
    }
    code = {"schema": {"type": "integer", "enum": [0, 1, 3]}, "description": _EXIT_CODE}
    return {
        "operationId": task,
        "summary": said,
        "parameters": [
            {
                "name": name,
                "in": "query",
                "description": _SAID[name],
                "schema": schema_of(task, name),
            }
            for name in allowed(task)
        ],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/octet-stream": {"schema": whole},
            },
        },
        "responses": {
            "200": {
                "description": "What each document came to, failures too",
                "headers": {"Audit-Exit-Code": code},
                "content": answers,
            },
            **_problems(*_REFUSALS),
        },
    }


_EXIT_CODE = (
    "As of the command: 0 nothing at the threshold, 1 findings, 3 something was not audited."
)


def _content(said: str, media_type: str, schema: Json) -> Json:
    return {"description": said, "content": {media_type: {"schema": schema}}}


def _problems(*statuses: int) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    made: Json = {
        str(each): _content(_REFUSALS[each], "application/problem+json", schema)
        for each in statuses
    }
    if 503 in statuses:
        wait = {"schema": {"type": "integer"}, "description": "Seconds"}
        made["503"]["headers"] = {"Retry-After": wait}
    return made


def _object(required: Json, **more: Any) -> Json:
    return {"type": "object", "properties": {**required, **more}, "required": [*required]}


def _reports() -> dict[str, Json]:
    """What a report that was checked is in JSON, and one that was read."""
    text: Json = {"type": "string"}
    maybe: Json = {"type": ["string", "null"]}
    texts: Json = {"type": "array", "items": text}
    count: Json = {"type": "integer", "minimum": 0}
    anything: Json = {"type": ["object", "null"]}
    identity = _object({"agency": maybe, "year": {"type": ["integer", "null"]}})
    notice = _object({"code": text, "message": text, "addresses": texts})
    states = ["number", "blank", "illegible", "missing"]
    entry = _object(
        {
            "address": text,
            "raw": maybe,
            "value": maybe,
            "state": {"enum": states},
            "origin": anything,
            "match": text,
        }
    )
    head = {
        "source": _source(),
        "form": text,
        "identity": identity,
        "notices": {"type": "array", "items": notice},
    }
    entries = {"type": "array", "items": entry}
    edit = _object({"address": text, "from": maybe, "to": maybe})
    suggestion = _object(
        {"edits": {"type": "array", "items": edit}, "settles": texts, "grade": text}
    )
    finding = _object(
        {
            "rule": text,
            "severity": {"enum": ["error", "warning", "info"]},
            "certainty": text,
            "message": text,
            "addresses": texts,
            "primary": maybe,
            "expected": maybe,
            "actual": maybe,
            "origin": anything,
            "suggestions": {"type": "array", "items": suggestion},
            "fingerprint": text,
        }
    )
    counts = _object(dict.fromkeys(("pass", "fail", "undetermined", "not_applicable"), count))
    audit = _object(
        {**head, "counts": counts, "findings": {"type": "array", "items": finding}},
        entries=entries,
    )
    reading = _object({**head, "entries": entries})
    return {"Check": audit, "Read": reading}


def _source() -> Json:
    maybe: Json = {"type": ["string", "null"]}
    return _object({"name": {"type": "string"}, "sha256": maybe, "media_type": maybe})


def _schemas() -> Json:
    text: Json = {"type": "string"}
    failure = _object({"source": _source(), "code": text, "message": text})
    failures = {"type": "array", "items": failure}
    version = {"const": 1}
    return {
        "Problem": _object(
            {"type": text, "title": text, "status": {"type": "integer"}}, detail=text
        ),
        **{
            name: _object(
                {
                    "schema_version": version,
                    "reports": {"type": "array", "items": report},
                    "failures": failures,
                }
            )
            for name, report in _reports().items()
        },
    }
