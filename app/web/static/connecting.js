// While we get to know a shop, look again by ourselves; without this script the link does the same.
(() => {
  const marker = "[data-connecting]";
  if (!document.querySelector(marker) || !window.fetch) return;
  const started = Date.now();

  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector(marker)) {
        location.reload();
        return;
      }
    } catch {
      // We shall be back.
    }
    if (Date.now() - started < 300_000) setTimeout(look, 1000);
  };
  setTimeout(look, 700);
})();
