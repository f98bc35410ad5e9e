"""The groups of one's partnerships, and who sits on them."""

from django.db.models import Count, Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from partnership.access import get_permitted
from partnership.models import Group, Post
from partnership.models.organisations import valid_on


class GroupList(ListView):
    """The groups one sits on first, closed groups last."""

    template_name = "partnership/group_list.html"
    context_object_name = "groups"

    def get_queryset(self):
        seats = Count("members", filter=valid_on(timezone.localdate(), "members__"), distinct=True)
        visible = Group.objects.visible_to(self.request.user)
        return (
            Group.objects.filter(pk__in=visible.values("pk"))
            .select_related("parent")
            .prefetch_related("partnerships")
            .annotate(seat_count=seats)
            .order_by("name")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        groups = list(context["groups"])
        mine = self.request.user.standing.group_ids
        open_groups = [group for group in groups if not group.closed_on]
        return {
            **context,
            "parts": [
                ("Groups you sit on", [group for group in open_groups if group.pk in mine]),
                ("Other groups", [group for group in open_groups if group.pk not in mine]),
                ("Closed groups", [group for group in groups if group.closed_on]),
            ],
        }


@require_safe
def group_detail(request, pk):
    """Remit, seats with who holds them today (an empty one says so), the groups above and below."""
    group = get_permitted(request.user, Group, "view", pk=pk)
    today = timezone.localdate()
    posts = Post.objects.select_related("organisation").with_holders(on=today)
    seats = list(group.members.current(on=today).in_order().prefetch_related(Prefetch("post", posts)))
    visible = Group.objects.visible_to(request.user)
    context = {
        "group": group,
        "partnerships": group.partnerships.all(),
        "crumbs": [("Groups", reverse("partnership:group-list")), (group.name, None)],
        "seats": seats,
        "vacant_count": sum(not seat.post.current_holdings for seat in seats),
        "parent": visible.filter(pk=group.parent_id).first(),
        "children": visible.filter(parent=group, closed_on=None),
    }
    return render(request, "partnership/group_detail.html", context)
