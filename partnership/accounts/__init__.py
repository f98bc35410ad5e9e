"""How people come in and stay in: django-allauth's sign-in under this product's rules.

``second_step``: who needs one; ``limits``: when a session ends; ``adapters``: allauth's own points of change.
"""
