// Follow the reader's choice of light or dark, also when it changes while the page is open.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", show);
  show();
})();
