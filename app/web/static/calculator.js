// While a merchant types, the calculator answers; without this script its button does the same.
(() => {
  const form = document.getElementById("program");
  const earned = document.getElementById("earned");
  if (!form || !earned || !window.fetch || !window.FormData) return;
  let waiting = 0;
  let asked = null;

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    body.set("do", "try");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.getElementById("earned");
      if (told) earned.replaceChildren(...told.childNodes);
    } catch {
      // The button still works, and says what is wrong.
    }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  };
  for (const field of form.elements) field.addEventListener("input", later);
})();
