// While something is under way, look again by ourselves; without this script the link does the same.
(() => {
  const marker = "[data-connecting]";
  if (!document.querySelector(marker) || !window.fetch) return;
  const started = Date.now();

  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector(marker);
      if (!now) {
        location.reload();
        return;
      }
      document.querySelector(marker).replaceChildren(...now.childNodes);
    } catch {
      // We shall be back.
    }
    if (Date.now() - started < 300_000) setTimeout(look, 1000);
  };
  setTimeout(look, 700);
})();
