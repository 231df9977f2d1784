/* Keeps the light in the corner of the back office honest. */
(() => {
  const light = document.getElementById("light");
  if (!light) return;
  const words = light.querySelector("span");
  const look = async () => {
    if (document.hidden) return;
    try {
      const told = await (await fetch("/admin/light")).json();
      light.dataset.color = told.color;
      if (words.textContent !== told.words) words.textContent = told.words;
    } catch {
      light.dataset.color = "grey";
      words.textContent = "The shop does not answer.";
    }
  };
  look();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();

/* A slider and its number show the same. */
document.addEventListener("input", (event) => {
  const twin = document.getElementById(event.target.dataset.mirror || "");
  if (twin) twin.value = event.target.value;
});
