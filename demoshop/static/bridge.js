// What the platform's own script is to a page in the admin: it asks the page around for a token.
(() => {
  const waiting = new Map();
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !waiting.has(data?.ask)) return;
    waiting.get(data.ask)(data.token);
    waiting.delete(data.ask);
  });
  const idToken = () =>
    new Promise((done) => {
      const ask = waiting.size + Date.now();
      waiting.set(ask, done);
      parent.postMessage({ ask }, "*");
    });
  window.shopify = { idToken };
})();
