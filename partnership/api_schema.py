"""The words in which the data's fields are described: JSON Schema as OpenAPI 3.1 takes it.

Every field is named, required and described, and no other may be there: what is not in the schema is not given out.
"""


def thing(description, /, **fields):
    """An object with exactly these ``fields``."""
    return {
        "type": "object",
        "description": description,
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def text(description, **more):
    return {"type": "string", "description": description, **more}


def word(description, allowed):
    """One of a few words that mean something to programs."""
    return text(description, enum=list(allowed))


def number(description):
    return {"type": "integer", "description": description}


def decimal(description):
    return {"type": "number", "description": description}


def truth(description):
    return {"type": "boolean", "description": description}


def day(description):
    return text(description, format="date")


def moment(description):
    return text(description, format="date-time")


def address(description):
    return text(description, format="uri")


def some(items, description=""):
    """A list of ``items``."""
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def perhaps(schema):
    """``schema`` or null."""
    if "enum" in schema:
        schema = schema | {"enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]}


FILE = thing(
    "A published file. Its bytes never change.",
    address=address("Where it is"),
    filename=text("The name under which it is saved"),
    content_type=text("Its media type"),
    size=number("In bytes"),
    pages=perhaps(number("How many, where it has pages")),
    sha256=text("SHA-256 of its bytes, in hexadecimal", pattern="^[0-9a-f]{64}$"),
    published_at=moment("When it was published"),
)
