"""What the web server calls."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from partnership.stack_room import with_stack_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")

application = with_stack_room(get_wsgi_application())
# Every view now rather than at the first page: the web server's workers then share them.
import_module(settings.ROOT_URLCONF)
