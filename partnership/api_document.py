"""What the data means, as an OpenAPI 3.1 document: made from the resources, so that it says what is given."""

from django.conf import settings
from django.urls import reverse

from partnership.api_schema import address, number, perhaps, some, text, thing, word
from partnership.models import Partnership

VERSION = "1.0.0"
PROBLEM = thing(
    "What went wrong (RFC 9457).",
    type=text("Always about:blank: the title says it"),
    title=text("In a few words"),
    status=number("The status code"),
    detail=text("What can be done"),
)
AREA = thing("A local authority area.", name=text("Its name"), code=text("Its ONS code, or empty"))


def partnership_schema(names):
    return thing(
        "The partnership, and where to read on.",
        name=text("Its full name"),
        short_name=text("As it stands in tables"),
        kind=word("What it is for", Partnership.Kind.values),
        areas=some(AREA, "The areas in which it works"),
        introduction=text("The first words of its public page, or empty"),
        office_email=text("Where its business office answers, or empty"),
        office_phone=text("The same by telephone"),
        page=address("Its public page"),
        feed=address("What it publishes, as an Atom feed"),
        openapi=address("This document"),
        resources=thing("What there is to read.", **{name: address(f"The list of {name}") for name in names}),
    )


def list_schema(resource):
    return thing(
        f"One page of {resource.name}.",
        count=number("How many there are in all"),
        page=number("Which page this is, from 1"),
        pages=number("How many pages there are"),
        next=perhaps(address("The page after this one")),
        previous=perhaps(address("The page before this one")),
        results=some({"$ref": f"#/components/schemas/{schema_name(resource)}"}),
    )


def schema_name(resource):
    return "".join(part.capitalize() for part in resource.name.split("-"))


def document_of(partnership, resources):
    """``resources``: {name: Resource}."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": f"What {partnership} publishes",
            "version": VERSION,
            "description": (
                "Everything here is on the partnership’s public pages too. It is read only, needs no key, and may be "
                "read from any site. Days are dates where the partnership is; moments say their offset. Ask with "
                "If-None-Match and an unchanged answer costs nothing."
            ),
        },
        "servers": [{"url": settings.SITE_URL + reverse("partnership:api-root", args=[partnership.slug])}],
        "tags": [{"name": each.name, "description": each.description} for each in resources.values()],
        "paths": {
            "/": {"get": operation("partnership", "The partnership", {"$ref": "#/components/schemas/Partnership"})},
            **{path: item for each in resources.values() for path, item in paths_of(each)},
        },
        "components": {
            "schemas": {
                "Partnership": partnership_schema(resources),
                "Problem": PROBLEM,
                **{schema_name(each): each.schema for each in resources.values()},
            },
            "responses": {
                code: {
                    "description": words,
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for code, words in (
                    ("BadRequest", "The question could not be read"),
                    ("NotFound", "Nothing is published there"),
                    ("TooMany", "Asked too often: see Retry-After"),
                )
            },
        },
    }


def paths_of(resource):
    one = {"$ref": f"#/components/schemas/{schema_name(resource)}"}
    many = operation(f"list-{resource.name}", resource.title, list_schema(resource), tags=[resource.name])
    many["parameters"] = [
        parameter("page", "Which page, from 1", default=1),
        parameter("per_page", "How many on a page, 200 at most", default=50, maximum=200),
    ]
    many["responses"]["400"] = {"$ref": "#/components/responses/BadRequest"}
    single = operation(f"read-{resource.name}", f"{resource.title}: one of them", one, tags=[resource.name])
    single["parameters"] = [
        {
            "name": "key",
            "in": "path",
            "required": True,
            "description": "Its key, as the list gives it",
            "schema": {"type": "string"},
        }
    ]
    yield f"/{resource.name}/", {"get": many}
    yield f"/{resource.name}/{{key}}/", {"get": single}


def parameter(name, description, **schema):
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "integer", "minimum": 1, **schema},
    }


def operation(name, summary, schema, tags=()):
    return {
        "operationId": name,
        "summary": summary,
        **({"tags": list(tags)} if tags else {}),
        "responses": {
            "200": {"description": "What is published", "content": {"application/json": {"schema": schema}}},
            "304": {"description": "Unchanged since the ETag in If-None-Match"},
            "404": {"$ref": "#/components/responses/NotFound"},
            "429": {"$ref": "#/components/responses/TooMany"},
        },
    }
