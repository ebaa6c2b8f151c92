from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def organisations(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/organisations.html")
