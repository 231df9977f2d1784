/* More pieces of a product earn more points: its place for points is told how many. */
document.addEventListener("change", (event) => {
  const place = document.querySelector("[data-for=product]");
  if (!place || !event.target.matches("#quantity")) return;
  const [[id, before, total, ...marks]] = JSON.parse(place.dataset.lines);
  const pieces = Math.max(1, Math.min(99, Math.trunc(event.target.value) || 1));
  place.dataset.lines = JSON.stringify([[id, pieces, (total / before) * pieces, ...marks]]);
});

/* A select that submits its own form. */
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submits]")) event.target.form.requestSubmit();
});
