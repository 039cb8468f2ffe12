"""What the parts of the connector share: the client of one store."""

from __future__ import annotations

from channels.connectors.bigcommerce.client import Client
from channels.contract import Session, StoreConnector


class Part(StoreConnector):
    """Base of the parts; each brings the contract methods of one subject."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.client = Client(session)
