"""How the web server notes each request: without the secret of a signed address."""

from gunicorn.glogging import Logger

from partnership.logs import masked


class MaskingLogger(Logger):
    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: masked(value) if isinstance(value, str) else value for name, value in atoms.items()}
