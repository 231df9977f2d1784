// A button that copies what a field shows; without this script the field can be marked by hand.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    field.addEventListener("focus", () => field.select());
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.focus();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        // Inside the platform's admin the browser may not let us: what is marked can be copied so.
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
    });
  }
})();
