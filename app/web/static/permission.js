// Inside the platform's admin its own script asks the merchant; elsewhere the link leads to the question.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-scopes]");
  if (!link || !window.shopify?.scopes) return;
  event.preventDefault();
  const { result } = await window.shopify.scopes.request(link.dataset.scopes.split(","));
  if (result !== "granted-all") return;
  const token = await window.shopify.idToken();
  location.assign(`${link.href}?id_token=${encodeURIComponent(token)}`);
});
