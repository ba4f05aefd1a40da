"""Runs inside pretix's own Python and makes what the benchmark needs there.

`shop.py shop` makes an organiser, an event on sale, a gate and an API token, and prints {"token", "item", "list"};
`shop.py tickets COUNT` makes paid tickets that nobody has used, and prints {"secrets"}.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.utils.crypto import get_random_string  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import Event, Order, OrderPosition, Organizer, Team  # noqa: E402

PRICE = Decimal("10.00")
ORDER_OF = 10
"""Tickets in an order made for the gate."""


def make_shop() -> dict[str, object]:
    organizer = Organizer.objects.create(name="Bench", slug="bench")
    event = organizer.events.create(
        name="Show",
        slug="show",
        currency="EUR",
        date_from=now() + timedelta(days=365),
        presale_start=now() - timedelta(days=1),
        live=True,
        plugins="pretix.plugins.checkinlists,pretix.plugins.manualpayment",
    )
    # A web order is then placed with nothing to pay for in between; no shop of pretix is quicker.
    for name, value in {
        "payment_manual__enabled": True,
        "payment_manual_public_name": "At the door",
        "payment_manual_checkout_description": "Pay at the door",
        "attendee_names_asked": False,
        "invoice_address_asked": False,
        "locales": ["en"],
        "locale": "en",
        "timezone": "Europe/Berlin",
    }.items():
        event.settings.set(name, value)
    item = event.items.create(name="General Admission", default_price=PRICE, admission=True)
    quota = event.quotas.create(name="General Admission", size=1_000_000)
    quota.items.add(item)
    gate = event.checkin_lists.create(name="Gate", all_products=True)
    team = Team.objects.create(
        organizer=organizer, name="API", all_events=True, all_event_permissions=True, all_organizer_permissions=True
    )
    token = team.tokens.create(name="bench").token
    return {"token": token, "item": item.pk, "list": gate.pk}


def make_tickets(count: int) -> dict[str, object]:
    event = Event.objects.get(slug="show")
    item = event.items.get()
    secrets = [get_random_string(32).lower() for _ in range(count)]
    channel = event.organizer.sales_channels.get(identifier="web")
    orders = Order.objects.bulk_create(
        Order(
            code=get_random_string(10, "ABCDEFGHJKLMNPQRSTUVWXYZ3789"),
            event=event,
            organizer=event.organizer,
            email="gate@bench.example",
            status=Order.STATUS_PAID,
            locale="en",
            datetime=now(),
            expires=now() + timedelta(days=10),
            total=PRICE * ORDER_OF,
            sales_channel=channel,
        )
        for _ in range(0, count, ORDER_OF)
    )
    OrderPosition.all.bulk_create(
        OrderPosition(
            order=orders[at // ORDER_OF],
            organizer=event.organizer,
            positionid=at % ORDER_OF + 1,
            item=item,
            price=PRICE,
            tax_rate=Decimal(0),
            tax_value=Decimal(0),
            secret=secret,
            pseudonymization_id=get_random_string(10, "ABCDEFGHJKLMNPQRSTUVWXYZ3789"),
        )
        for at, secret in enumerate(secrets)
    )
    return {"secrets": secrets}


with scopes_disabled():
    made = make_shop() if sys.argv[1] == "shop" else make_tickets(int(sys.argv[2]))
print(json.dumps(made))
