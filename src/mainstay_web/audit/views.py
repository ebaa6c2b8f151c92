from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "audit/rows.html")
