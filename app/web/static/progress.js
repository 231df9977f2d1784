// While something is being worked on, show how far it is; without this script the link does the same.
(() => {
  const whole = "[data-progress]";
  const marker = "[data-working]";
  if (!document.querySelector(marker) || !window.fetch) return;

  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector(whole);
      if (!now || !page.querySelector(marker)) {
        location.reload();
        return;
      }
      if (!document.querySelector(whole).contains(document.activeElement)) {
        document.querySelector(whole).replaceWith(document.adoptNode(now));
      }
    } catch {
      // We shall be back.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
