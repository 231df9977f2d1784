"""What a shop's pages ask for a shopper; the shop's proxy has signed who that is."""

from flask import Blueprint

bp = Blueprint("storefront", __name__, url_prefix="/proxy")
