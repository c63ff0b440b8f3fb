"""The OpenAPI 3.1 document of the interface, made from the same models that check the requests."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from flask_openapi3 import APIBlueprint, Info
from flask_openapi3.models import APISpec, Components, Schema, SecurityScheme

from app.api.wire import Problem
from app.guard import public

ADDRESS = "/api/v1/openapi.json"
BEARER = {"type": "http", "scheme": "bearer", "description": "begins with jj_"}
ABOUT = (
    "Programs of registered sources hand over posts, add figures and ask what became of them. "
    "Every error is problem+json with a stable code and a sentence in Chinese and English."
)


def document(api: APIBlueprint) -> dict[str, object]:
    """Return the document of `api` as plain values."""
    spec = APISpec(
        openapi="3.1.0",
        info=Info(title="Jianjian 件件", version="1", description=ABOUT),
        paths=api.paths,
        components=Components(
            schemas={**api.components_schemas, "Problem": Schema(**Problem.model_json_schema())},
            securitySchemes={"token": SecurityScheme(**BEARER)},
        ),
    )
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)


def publish_document(app: Flask, api: APIBlueprint) -> None:
    """Show the document to everybody: it tells nothing of any county."""
    kept = document(api)

    def show() -> Response:
        return jsonify(kept)

    app.add_url_rule(ADDRESS, "api_document", public(show), methods=["GET"])
