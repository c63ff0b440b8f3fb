"""The OpenAPI document: it describes every route of the interface, and needs no token."""

from __future__ import annotations

import re

from app.guard import Door, declaration_of
from tests.app.api.conftest import Program
from tests.web_kit import Web

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


def test_the_document_is_openapi_3_1_and_open_to_everybody(web: Web):
    answer = web.app.test_client().get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_route_behind_a_token_is_described_and_nothing_else(web: Web):
    paths = web.app.test_client().get("/api/v1/openapi.json").json["paths"]
    described = {(path, method.upper()) for path, methods in paths.items() for method in methods}
    served = {
        (PLACEHOLDER.sub(r"{\1}", rule.rule), method)
        for rule in web.app.url_map.iter_rules()
        if declaration_of(web.app.view_functions[rule.endpoint]).door is Door.TOKEN
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert described == served


def test_everything_that_is_referred_to_is_there(web: Web):
    answer = web.app.test_client().get("/api/v1/openapi.json")
    referred = set(re.findall(r"#/components/schemas/(\w+)", answer.text))

    assert referred <= answer.json["components"]["schemas"].keys()
    assert {"NewPost", "Author", "Metrics", "PostStatus", "Problem"} <= referred


def test_an_answer_has_exactly_the_fields_of_its_description(hotline: Program):
    schemas = hotline.get("/api/v1/openapi.json").json["components"]["schemas"]
    taken = hotline.post("/api/v1/posts", {"text": "路灯坏了。"}).json
    refused = hotline.post("/api/v1/posts", {}).json

    assert taken.keys() == schemas["Taken"]["properties"].keys()
    assert hotline.get(taken["href"]).json.keys() == schemas["PostStatus"]["properties"].keys()
    assert refused.keys() == schemas["Problem"]["properties"].keys()
