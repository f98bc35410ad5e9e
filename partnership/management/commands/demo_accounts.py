"""Print where the demo is and who one can be in it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from partnership.models import User


class Command(BaseCommand):
    help = "Print the demo's address and one ready account for each role."

    def handle(self, *args, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("There are no demo accounts in production.")
        ready = set(User.objects.filter(is_active=True).values_list("email", flat=True))
        accounts = [account for account in DEMO_ACCOUNTS if account.email in ready]
        if not accounts:
            raise CommandError("The sample partnership is not loaded. Run: ./run manage load_sample")

        wide = max(len(account.role) for account in accounts)
        far = max(len(account.email) for account in accounts)
        lines = [f"Sign in at {settings.SITE_URL}/sign-in/ by one press, or with one of these:", ""]
        lines += [f"  {account.role:<{wide}}  {account.email:<{far}}  {account.what}" for account in accounts]
        lines += ["", f"  Password of each: {DEMO_PASSWORD}"]
        self.stdout.write("\n".join(lines))
