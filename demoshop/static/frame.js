// Around the app's frame: whoever in it asks for proof of who is there gets a token of this minute.
(() => {
  const frame = document.querySelector("iframe[data-app]");
  addEventListener("message", async ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== frame.dataset.app || !data?.ask) return;
    const answer = await fetch("/admin/apps/stamkunde/token");
    source.postMessage({ ask: data.ask, token: await answer.text() }, origin);
  });
})();
