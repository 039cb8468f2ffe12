"""Alerts: rules as data, one open alert a rule and cause, the mails that tell of them, and how far each person has read."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from channels.models.errand import Errand
from portal.companies.scope import Scoped
from portal.lib import clock


class Whose(models.TextChoices):
    """Whose turn it is, as the rule's company reads it."""

    ANYBODY = "anybody", "Anybody"
    US = "us", "We must act"
    OTHERS = "others", "Somebody else acts, or nobody has to"


class Pace(models.TextChoices):
    INSTANT = "instant", "At once"
    HOURLY = "hourly", "Hourly digest"
    DAILY = "daily", "Daily digest"


class MailTo(models.TextChoices):
    NOBODY = "nobody", "Nobody"
    ACTING = "acting", "Everybody whose role can mend it"
    CHOSEN = "chosen", "Chosen people"


class Standard(models.TextChoices):
    """The two rules that every company has from the start; "" for a rule of its own."""

    OWN = "", "Made by the company"
    NEEDS_US = "needs_us", "What needs somebody, at once"
    REST = "rest", "The rest, once a day"


class AlertRule(Scoped):
    """Which causes ``company`` wants to hear of, where and how soon. ``codes`` are codes of ``channels.causes``, none means any.

    ``older_than_minutes`` is how long the cause's oldest record must have been stuck. ``digest_due_at`` is the next digest of a rule whose ``pace`` is
    not instant; ``daily_hour`` is an hour in the company's zone.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="alert_rules")
    name = models.CharField(max_length=80)
    standard = models.CharField(max_length=10, choices=Standard.choices, default=Standard.OWN, blank=True)
    codes = models.JSONField(default=list, blank=True)
    integration = models.ForeignKey(
        "channels.Integration", on_delete=models.CASCADE, null=True, blank=True, related_name="alert_rules"
    )
    whose = models.CharField(max_length=10, choices=Whose.choices, default=Whose.ANYBODY)
    at_least = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)])
    older_than_minutes = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(60 * 24 * 30)])
    in_portal = models.BooleanField(default=True)
    mail_to = models.CharField(max_length=10, choices=MailTo.choices, default=MailTo.ACTING)
    people = models.ManyToManyField("companies.Membership", blank=True, related_name="+")
    endpoint = models.ForeignKey(
        "channels.WebhookEndpoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="rules"
    )
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.INSTANT)
    daily_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    digest_due_at = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("company", "name"), name="one_alert_rule_a_name"),
            models.UniqueConstraint(
                fields=("company", "standard"), condition=~Q(standard=""), name="one_standard_rule_a_kind"
            ),
        ]
        indexes = [models.Index(fields=("digest_due_at",), condition=Q(enabled=True), name="alert_digest_due")]

    def __str__(self) -> str:
        return self.name


class Alert(Scoped):
    """One cause as one rule sees it, from the moment it fits until it stays away: never two open ones.

    ``count`` and ``amounts`` ({"GBP": "284.10"}) are what is stuck now, of the last time anything was. ``told_at`` is None until somebody was told (a digest
    waits for its hour). ``away_since`` is when the cause was first gone; it is cleared once it stayed away. ``returns`` counts how often it came back
    within a day; each makes us wait longer before we say that it is over. ``turn`` names the sweep that opened, told or cleared it last.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="alerts")
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts")
    cause_key = models.CharField(max_length=160)
    code = models.CharField(max_length=40)
    integration = models.ForeignKey(
        "channels.Integration", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    problem = models.ForeignKey("channels.Problem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=500)
    count = models.PositiveIntegerField(default=1)
    amounts = models.JSONField(default=dict, blank=True)
    stuck_since = models.DateTimeField()
    opened_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True, blank=True)
    away_since = models.DateTimeField(null=True, blank=True)
    returns = models.PositiveIntegerField(default=0)
    cleared_at = models.DateTimeField(null=True, blank=True)
    caught_up = models.PositiveIntegerField(default=0)
    clear_told_at = models.DateTimeField(null=True, blank=True)
    turn = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("rule", "cause_key", "code"), condition=Q(cleared_at=None), name="one_open_alert_a_cause"
            )
        ]
        indexes = [
            models.Index(fields=("company", "-opened_at", "-id"), name="alerts_of_company"),
            models.Index(fields=("company", "-cleared_at"), name="alerts_cleared"),
            models.Index(fields=("rule", "-opened_at"), name="alerts_of_rule"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The group of what is stuck; resolved ones are found there too. "" where the problem is gone."""
        return reverse("problem", args=[self.problem_id]) if self.problem_id else reverse("problems")


class AlertMail(Errand, Scoped):
    """One mail to one person: news of one sweep, one digest or a test. ``news`` is what the template shows, frozen when it was decided."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="alert_mails")
    rule = models.ForeignKey(AlertRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails")
    is_test = models.BooleanField(default=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    news = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=("not_before", "id"), condition=Q(state="waiting"), name="alert_mail_due"),
            models.Index(fields=("rule", "-created_at"), name="alert_mails_of_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class AlertReading(Scoped):
    """How far a person has read the alerts of a company."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "user"), name="one_alert_reading_a_person")]

    def __str__(self) -> str:
        return f"{self.user} until {self.read_until:%Y-%m-%d %H:%M}"
