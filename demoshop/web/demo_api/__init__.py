"""The control API: what a program needs to play shopper and merchant.

It has no login and is meant for the loopback interface, where the demo listens.

    GET  /demo/api/state                 everything at a glance; ?light=0 leaves the app in peace
    GET  /demo/api/events                webhooks with their attempts, and the app's API calls
    GET  /demo/api/orders/<id>           one order
    POST /demo/api/orders                {persona|null, lines: [{product, quantity}], codes,
                                          payment: paid|pending|authorized, test, source, email,
                                          locale, store_credit} -> the order, and codes refused;
                                          the code of a gift card pays
    POST /demo/api/orders/<id>/pay
    POST /demo/api/orders/<id>/refunds   {lines: [{line, quantity}], shipping} or {rest: true}
    POST /demo/api/orders/<id>/cancel    {reason}
    POST /demo/api/orders/<id>/fulfill
    POST /demo/api/install               -> {url}: where a merchant's browser would start
    POST /demo/api/uninstall
    POST /demo/api/privacy               {persona, topic: customers/data_request|customers/redact}
    POST /demo/api/shop-redact           the 48 hours are over
    POST /demo/api/customers             {first_name, last_name, email} -> customers/create
    POST /demo/api/customers/<persona>   {first_name, last_name, email} -> customers/update
    POST /demo/api/webhooks/redeliver    {order} or {last: N}: the same bodies under the same ids
    POST /demo/api/webhooks/due          {} : what waits for a retry becomes due now
    POST /demo/api/chaos                 {duplicate, reorder, drop, delay_seconds, api_errors, seed}
    POST /demo/api/switches              {embed_only, app_embed}
    POST /demo/api/faults                {how, asked, heard, times}: the next calls of the app with
                                          that text in them go wrong; {} mends the line
    POST /demo/api/clock                 {minutes}: by how much the shop's clock is ahead
    POST /demo/api/tokens/expire         every access token is an hour old
    POST /demo/api/tokens/end            ninety days are over: refresh tokens are too
    POST /demo/api/tokens/revoke         every token is taken back
    POST /demo/api/bucket/empty          the next API call is throttled
    POST /demo/api/reset                 {everything: true} forgets the installation too

An order id may be the number's name ("#1001" or "1001") or the long id. To act as a persona in the
storefront, log in as a browser does: POST /login with `persona` and keep the cookie.
"""
