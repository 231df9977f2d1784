// Inside the platform's admin its own script asks the merchant; elsewhere the link leads to the question.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-scopes]");
  if (!link || !window.shopify?.scopes) return;
  event.preventDefault();
  const { result } = await window.shopify.scopes.request(link.dataset.scopes.split(","));
  if (result !== "granted-all") return;
  await fetch(new URL(link.href).pathname, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await window.shopify.idToken()}`,
      "X-CSRFToken": document.querySelector("[data-csrf]").dataset.csrf,
    },
  });
  location.reload();
});
