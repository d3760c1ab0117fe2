"""What a request of a program carries."""

from datetime import date, datetime

from rest_framework.request import Request

from people.models import AccessToken, Person
from people.requests import VisitorRequest


class ApiRequest(Request):
    """A request of a program: `user` is the person of its token; what the middleware set shows through."""

    _request: VisitorRequest
    user: Person
    auth: AccessToken
    now: datetime
    today: date
