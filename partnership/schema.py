"""Many changes of tables in one step of a migration.

Django renders every model again after each operation, and history ties nearly all of our models
together, so that a hundred operations took half a minute of a first start and of every test run.
"""

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Carry out ``operations`` in their order, with the models as they are before and after all of them.

    For operations that do not rest on each other's half-way state: new models go together, and what
    is added to models there already goes together after them.
    """

    reduces_to_sql = False

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return self.__class__.__name__, [self.operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # or each operation would render its models again
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Make {len(self.operations)} changes at once"
