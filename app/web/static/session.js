// Proves now and then who is here, and leaves nothing on the page once the session is over.
(() => {
  "use strict";
  const { address, idle } = document.currentScript.dataset;
  const EVERY_MS = 300_000;
  let heardAt = Date.now();

  const end = () => {
    clearInterval(timer);
    document.body.replaceChildren(document.getElementById("session-over").content.cloneNode(true));
  };

  const ask = async () => {
    try {
      const token = window.shopify && (await window.shopify.idToken());
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      const answer = await fetch(address, { headers, cache: "no-store" });
      if (answer.ok) heardAt = Date.now();
      else if (answer.status === 401) end();
    } catch {
      // Nobody answers: what was shown is put away when the session must be over.
    }
    if (Date.now() - heardAt >= idle * 1000) end();
  };

  const timer = setInterval(ask, EVERY_MS);
  const isLate = () => Date.now() - heardAt > EVERY_MS;
  addEventListener("pageshow", (event) => event.persisted && ask());
  document.addEventListener("visibilitychange", () => document.hidden || !isLate() || ask());

  // A page that slept has to prove who is there before it sends what was typed.
  document.addEventListener("submit", async (event) => {
    if (!window.shopify || !isLate() || event.defaultPrevented) return;
    event.preventDefault();
    const { target: form, submitter } = event;
    await ask();
    heardAt = Date.now();
    form.requestSubmit(submitter);
  });
})();
