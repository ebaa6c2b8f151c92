from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def runs(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/runs.html")


def own(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/own.html")
