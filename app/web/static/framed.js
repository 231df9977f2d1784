// In the platform's frame, without a cookie of ours: pages come by a token that the platform gives at this moment.
(() => {
  const here = new URL(location.href);
  const { again } = document.currentScript.dataset;

  const withToken = async (address) => {
    for (const name of ["shop", "host", "cookie"]) {
      if (here.searchParams.has(name)) address.searchParams.set(name, here.searchParams.get(name));
    }
    address.searchParams.set("embedded", "1");
    address.searchParams.set("id_token", await window.shopify.idToken());
    return address;
  };

  if (again !== undefined) {
    if (!window.shopify) return;
    withToken(new URL(here)).then((address) => {
      // The same token once more would be refused once more.
      if (address.href !== here.href) location.replace(address);
    });
    return;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.origin !== here.origin || !window.shopify) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.hash && link.pathname === here.pathname) return;
    event.preventDefault();
    location.assign(await withToken(new URL(link.href)));
  });

  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const said = document.getElementById("keeps-no-cookie");
    if (form.method !== "get") {
      said.focus();
      said.scrollIntoView();
      return;
    }
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    location.assign(await withToken(address));
  });
})();
