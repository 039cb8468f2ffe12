"""Alerts: rules say what a company wants to hear of, a sweep compares them with what is stuck, and mails and webhooks carry the news."""
