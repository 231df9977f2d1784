// The storefront widget: shows shoppers their points, spends them, and never harms the shop.
//
// Its size is a budget: 8 KB compressed, every language included. It is served without comments.
(() => {
  "use strict";

  // "a|b" is one|other.
  const LANGUAGES = ["en", "da", "nb", "sv", "de"];
  const TEXTS = {
    marks: [",.", ".,", "\xa0,", "\xa0,", ".,"], // between thousands, and before decimals
    title: ["Rewards", "Belønninger", "Belønninger", "Belöningar", "Prämien"],
    close: ["Close", "Luk", "Lukk", "Stäng", "Schließen"],
    wait: ["One moment…", "Et øjeblik…", "Et øyeblikk…", "Ett ögonblick…", "Einen Moment…"],
    down: [
      "The program is unavailable right now, but your points are safe.",
      "Programmet er ikke tilgængeligt lige nu, men dine point er i god behold.",
      "Programmet er ikke tilgjengelig akkurat nå, men poengene dine er trygge.",
      "Programmet går inte att nå just nu, men dina poäng är i tryggt förvar.",
      "Das Programm ist gerade nicht erreichbar, aber deine Punkte sind sicher.",
    ],
    again: ["Try again", "Prøv igen", "Prøv igjen", "Försök igen", "Noch einmal versuchen"],
    points: ["point|points", "point", "poeng", "poäng", "Punkt|Punkte"],
    orders: [
      "{n} order|{n} orders",
      "{n} ordre|{n} ordrer",
      "{n} bestilling|{n} bestillinger",
      "{n} beställning|{n} beställningar",
      "{n} Bestellung|{n} Bestellungen",
    ],
    pending: [
      "{points} on the way",
      "{points} på vej",
      "{points} på vei",
      "{points} på väg",
      "{points} unterwegs",
    ],
    expiring: [
      "{points} expires on {day}|{points} expire on {day}",
      "{points} udløber {day}",
      "{points} utløper {day}",
      "{points} går ut {day}",
      "{points} verfällt am {day}|{points} verfallen am {day}",
    ],
    next: [
      "{amount} to {tier}",
      "{amount} til {tier}",
      "{amount} til {tier}",
      "{amount} till {tier}",
      "Noch {amount} bis {tier}",
    ],
    guest: [
      "Join and collect points every time you shop. Turn them into rewards.",
      "Bliv medlem og optjen point, hver gang du handler. Byt dem til belønninger.",
      "Bli medlem og tjen poeng hver gang du handler. Bytt dem i belønninger.",
      "Bli medlem och samla poäng varje gång du handlar. Byt dem mot belöningar.",
      "Werde Mitglied und sammle Punkte bei jedem Einkauf. Tausche sie gegen Prämien.",
    ],
    join: [
      "Log in or join",
      "Log ind eller bliv medlem",
      "Logg inn eller bli medlem",
      "Logga in eller bli medlem",
      "Anmelden oder Mitglied werden",
    ],
    codes: ["Your codes", "Dine koder", "Kodene dine", "Dina koder", "Deine Codes"],
    earn: [
      "How to earn points",
      "Sådan optjener du point",
      "Slik tjener du poeng",
      "Så samlar du poäng",
      "So sammelst du Punkte",
    ],
    history: ["History", "Historik", "Historikk", "Historik", "Verlauf"],
    redeem: ["Redeem", "Indløs", "Løs inn", "Lös in", "Einlösen"],
    missing: [
      "{points} to go",
      "Du mangler {points}",
      "Du mangler {points}",
      "{points} kvar att samla",
      "Noch {points}",
    ],
    copy: ["Copy", "Kopiér", "Kopier", "Kopiera", "Kopieren"],
    copied: [
      "The code is copied.",
      "Koden er kopieret.",
      "Koden er kopiert.",
      "Koden är kopierad.",
      "Der Code ist kopiert.",
    ],
    selected: [
      "The code is selected.",
      "Koden er markeret.",
      "Koden er markert.",
      "Koden är markerad.",
      "Der Code ist markiert.",
    ],
    ready: [
      "Ready to use",
      "Klar til brug",
      "Klar til bruk",
      "Redo att användas",
      "Sofort einsetzbar",
    ],
    until: [
      "Valid until {day}",
      "Gælder til {day}",
      "Gjelder til {day}",
      "Gäller till {day}",
      "Gültig bis {day}",
    ],
    used: ["Used", "Brugt", "Brukt", "Använd", "Eingelöst"],
    canceling: [
      "Your points are on their way back…",
      "Dine point er på vej tilbage…",
      "Poengene dine er på vei tilbake…",
      "Dina poäng är på väg tillbaka…",
      "Deine Punkte sind auf dem Weg zurück…",
    ],
    canceled: ["Given back", "Givet tilbage", "Gitt tilbake", "Återlämnad", "Zurückgegeben"],
    expired: ["Expired", "Udløbet", "Utløpt", "Utgången", "Abgelaufen"],
    failed: [
      "The code could not be made. You have your points back.",
      "Koden kunne ikke laves. Du har fået dine point tilbage.",
      "Koden kunne ikke lages. Du har fått poengene tilbake.",
      "Koden kunde inte skapas. Du har fått tillbaka dina poäng.",
      "Der Code konnte nicht erstellt werden. Du hast deine Punkte zurück.",
    ],
    use: ["Use it", "Brug den", "Bruk den", "Använd", "Verwenden"],
    about: [
      "About the program",
      "Om programmet",
      "Om programmet",
      "Om programmet",
      "Über das Programm",
    ],
    undo: ["Undo", "Fortryd", "Angre", "Ångra", "Rückgängig"],
    ask: [
      "Give the code back and get {points} back?",
      "Vil du give koden tilbage og få {points} igen?",
      "Vil du gi tilbake koden og få igjen {points}?",
      "Vill du lämna tillbaka koden och få tillbaka {points}?",
      "Code zurückgeben und {points} zurückbekommen?",
    ],
    yes: [
      "Yes, give it back",
      "Ja, giv den tilbage",
      "Ja, gi den tilbake",
      "Ja, lämna tillbaka den",
      "Ja, zurückgeben",
    ],
    no: ["Keep the code", "Behold koden", "Behold koden", "Behåll koden", "Code behalten"],
    done: [
      "Your code is {code}.",
      "Din kode er {code}.",
      "Koden din er {code}.",
      "Din kod är {code}.",
      "Dein Code ist {code}.",
    ],
  };

  // A part is named as its class.
  const STYLES = `
:host { display: contents; --a: var(--stamkunde-accent, var(--look-accent, #17604c));
  --on: var(--stamkunde-on-accent, var(--look-on, #fff)); --bg: var(--stamkunde-surface, #fff);
  --fg: var(--stamkunde-text, #1b2420); --dim: color-mix(in srgb, var(--fg) 75%, var(--bg));
  --line: color-mix(in srgb, var(--fg) 12%, var(--bg)); --r: var(--stamkunde-radius, 18px); }
* { box-sizing: border-box; margin: 0; padding: 0; unicode-bidi: plaintext; }
section { font: medium/1.5 var(--stamkunde-font, system-ui, sans-serif); letter-spacing: normal;
  text-transform: none; text-align: start; color: var(--fg); }
section:dir(rtl) { text-align: right; }
button, a { min-height: 44px; min-width: 44px; padding: .55em 1em; font: inherit;
  font-weight: 600; color: inherit; background: none; border: 1px solid var(--line);
  border-radius: 99px; text-decoration: none; cursor: pointer; }
a { display: inline-grid; align-content: center; }
:focus-visible { outline: 3px solid var(--a); outline-offset: 2px; }
.main, .launcher, .close, .hero { background: var(--a); color: var(--on);
  border-color: transparent; }
.hero .main { background: var(--on); color: var(--a); }
[aria-disabled] { background: var(--line); color: var(--fg); font-weight: 400; cursor: default; }
.launcher { position: fixed; inset-inline-end: 16px; bottom: 16px; z-index: 2147483000;
  min-height: 48px; box-shadow: 0 4px 18px #0004; }
.launcher::before { content: var(--look-icon, "★ ") / ""; }
.panel { position: fixed; inset: 12px; margin-inline-start: auto; width: 25em; height: auto;
  max-width: calc(100% - 24px); max-height: none; overflow: auto; scroll-padding: 5em;
  overscroll-behavior: contain; overflow-wrap: anywhere; color: inherit; background: var(--bg);
  border: 0; border-radius: var(--r); box-shadow: 0 12px 48px #0005; }
.start .launcher { inset-inline: 16px auto; }
.start .panel { margin-inline: 0 auto; }
.panel::backdrop { background: #0b130f73; }
.sheet { display: flex; flex-direction: column; min-height: 100%; }
.close { position: sticky; top: 12px; align-self: end; margin: 12px 12px -56px; padding: 0; }
.hero { display: grid; gap: .6em; justify-items: start; padding: 1.4em 1.5em 1.6em; }
.launcher, .close, .hero * { outline-color: var(--on); }
.launcher { outline-offset: -6px; }
.balance bdi { font-size: 2.8em; font-weight: 700; line-height: 1.1; }
h2, h3, summary, .name { font-size: 1em; font-weight: 600; }
h2 { padding-inline-end: 3em; }
.tier, .soon { padding: 0 .8em; border: 1px solid; border-radius: 1em; }
.last { font-weight: 600; color: var(--a); background: var(--on); }
label, progress, input { display: block; width: 100%; }
input { min-height: 44px; accent-color: var(--a); }
progress { appearance: none; height: 8px; margin-top: .4em; border: 0; border-radius: 9px;
  overflow: hidden; background: color-mix(in srgb, var(--on) 28%, var(--a)); }
::-webkit-progress-bar { background: none; }
::-webkit-progress-value { background: var(--on); }
::-moz-progress-bar { background: var(--on); }
.group { padding: 1.3em 1.5em 0; }
li { display: flex; flex-wrap: wrap; gap: .4em .6em; align-items: center; padding: .75em 0; }
li + li { border-top: 1px solid var(--line); }
.what { flex: 1 1 7em; }
.fresh .what { flex-basis: 100%; }
.small { font-size: .9em; color: var(--dim); }
.code { font: 600 1.1em/1.6 ui-monospace, monospace; user-select: all; }
.past .code { text-decoration: line-through; font-weight: 400; }
summary { cursor: pointer; line-height: 44px; }
.status { position: sticky; bottom: 12px; margin: auto 12px 12px; border-radius: var(--r); }
.status:not(:empty) { padding: .7em 1em; background: var(--fg); color: var(--bg); }
@media (max-width: 30em) {
  .panel { inset: 10% 0 0; width: auto; max-width: none; border-radius: var(--r) var(--r) 0 0; }
}
@media (prefers-color-scheme: dark) {
  :host { --a: var(--stamkunde-accent, var(--look-dark, #1e6e58));
    --on: var(--stamkunde-on-accent, var(--look-dark-on, #fff)); --bg: var(--stamkunde-surface, #161d1a);
    --fg: var(--stamkunde-text, #edf2ef); }
  :focus-visible { outline-color: var(--fg); }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise .2s ease-out; }
  @keyframes rise { from { transform: translateY(16px); } }
}
@media (forced-colors: active) {
  .panel, progress { border: 1px solid; }
  ::-webkit-progress-value { background: Highlight; forced-color-adjust: none; }
}`;

  const TAG = "stamkunde-widget";
  const PLACE = "stamkunde-points";
  const TIMEOUT_MS = 4000;
  const MOST_LETTERS = 7000; // about places: servers on the way take addresses of 8,000
  const FRESH_MS = 60000;
  const SOON = ["issuing", "canceling"];
  const source = document.currentScript?.src;
  const places = () => [...document.querySelectorAll(PLACE)];
  const later = window.requestIdleCallback || setTimeout;
  let refresh; // ask again, since a place has changed

  // el("p.small", { id: "x" }, "text"): a node of a class, with attributes and children.
  const el = (kind, ...content) => {
    const [tag, name] = kind.split(".");
    const node = document.createElement(tag);
    if (name) node.className = node.part = name;
    for (const item of content.flat(2)) {
      if (item?.constructor === Object) {
        for (const key in item) {
          if (key in node) node[key] = item[key];
          else node.setAttribute(key, item[key]);
        }
      } else if (item) node.append(item);
    }
    return node;
  };

  const mount = (host) => {
    const { balance, login, proxy, locale, corner } = host.dataset;
    const base = (locale || document.documentElement.lang).toLowerCase().split(/[-_]/)[0];
    const known = Math.max(LANGUAGES.indexOf({ no: "nb", nn: "nb" }[base] || base), 0);
    const language = LANGUAGES[known];
    const texts = {};
    for (const key in TEXTS) texts[key] = TEXTS[key][known];
    const asked = source && new URL(source).searchParams.get("proxy");
    const origin = proxy || asked || "/apps/stamkunde";

    let me = null; // the last good answer
    let failed = false;
    let askedAt = 0;
    let turn = 0; // a late answer must not cover a newer one
    let drawn = false; // whether the panel says what is known
    let busy = "";
    let asking = ""; // the redemption whose undo waits for a yes
    let timer;
    const keys = {}; // by reward, kept until answered: a retry is the same redemption
    const chosen = {}; // by slider, the points it stands on

    const text = (key, values, n = 1) => {
      const [one, other = one] = texts[key].split("|");
      const pieces = (n === 1 ? one : other).split(/\{(\w+)\}/);
      return pieces.map((piece, i) => (i % 2 ? el("bdi", values[piece]) : piece));
    };
    // Browsers do not agree on how numbers are written, and take long to look it up.
    const number = (n, digits) => n.toFixed(digits).replace(
      /\.|(?<!\.\d*)\B(?=(\d{3})+\b)/g, (found) => texts.marks[found ? 1 : 0]);
    const money = (minor) => {
      const digits = me.currency_digits;
      const amount = number(minor / 10 ** digits, minor % 10 ** digits && digits);
      return me.currency_pattern.replace("{amount}", amount);
    };
    const noun = (n) => text("points", {}, n);
    const points = (n) => number(n) + "\xa0" + noun(n);
    const pointed = (key, n, more) => text(key, { ...more, points: points(n) }, n);

    const content = el("div");
    const status = el("p.status", { role: "status" });
    const say = (...words) => status.replaceChildren(...words.flat());
    const close = { "aria-label": texts.close, onclick: () => dialog.close() };
    const dialog = el("dialog.panel", { "aria-labelledby": "title" },
      el("div.sheet", el("button.close", "✕", close), content, status));
    dialog.onclick = (event) => {
      if (event.target === dialog) dialog.close();
    };
    dialog.onclose = () => (opener?.isConnected ? opener : launcher).focus();
    let launcher = el("button");
    let opener;
    // Hidden until we know that the program is live.
    const section = el("section", { "aria-label": texts.title, lang: language, hidden: true },
      launcher, dialog);
    section.className = corner || "end";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(section);

    const ask = async (path, post, about) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const send = (address) => fetch(origin + address, { ...post, signal });
      let answer = await send(path + (about || ""));
      // The panel does without what a server on the way refuses to pass on.
      if (about && answer.status > 399 && answer.status < 500) answer = await send(path);
      const json = await answer.json();
      if (answer.ok) return json;
      throw { refusal: answer.status < 500 && json.message };
    };

    const soon = () => me?.redemptions.filter((one) => SOON.includes(one.state)) || [];

    // The merchant's own look; what a theme says by custom properties goes before it.
    const dress = ({ style, corner: wanted, texts: own }) => {
      for (const key in style) host.style.setProperty("--look-" + key, style[key]);
      if (wanted) section.className = wanted;
      Object.assign(texts, own);
    };

    const fill = (place, sentences) => {
      const said = JSON.stringify(sentences);
      if (place.said === said) return;
      place.said = said;
      place.replaceChildren(...sentences.map(({ text, opens }) =>
        el("p", opens ? el("button", { type: "button", onclick: open }, text) : text)));
    };

    const described = ({ dataset }) => {
      const said = { ...dataset };
      try {
        said.lines = JSON.parse(said.lines);
      } catch {}
      return "%2C" + encodeURIComponent(JSON.stringify(said));
    };

    const load = async () => {
      const mine = ++turn;
      const known = me;
      askedAt = Date.now();
      try {
        const all = places();
        let about = "";
        // A place that does not fit says nothing: of half a cart it would promise too little.
        const fit = all.filter((place) => {
          const said = described(place);
          return about.length + said.length < MOST_LETTERS && (about += said);
        });
        about &&= "&places=%5B" + about.slice(3) + "%5D";
        const fresh = await ask("/me?locale=" + language, {}, about);
        if (mine !== turn) return;
        if (typeof fresh.live !== "boolean") throw fresh;
        for (const place of all) fill(place, fresh.places?.[fit.indexOf(place)] || []);
        const waiting = soon().map((one) => one.id);
        me = fresh;
        dress(me.look || {});
        paint();
        if (me.redemptions.some((one) => one.state === "ready" && waiting.includes(one.id)))
          say(texts.ready);
      } catch {
        if (mine !== turn) return;
        me = known;
        failed = !known;
        draw();
      }
    };

    const retry = () => {
      failed = false;
      draw();
      load();
    };

    const poll = (wait = 1500, sure) => {
      clearTimeout(timer);
      if (!dialog.open || !(sure || soon().length)) return;
      timer = setTimeout(async () => {
        await load();
        poll(Math.min(wait * 1.6, 30000));
      }, wait);
    };

    const open = (event) => {
      opener = event.currentTarget;
      say();
      dialog.showModal();
      if (Date.now() - askedAt > FRESH_MS) retry();
      else drawn || draw();
      poll();
    };

    const post = async (path, key, body = {}) => {
      if (busy) return;
      busy = path + body.reward;
      say(texts.wait);
      draw();
      let done, refusal;
      try {
        const answer = await ask(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "Idempotency-Key": key },
          body: JSON.stringify(body),
        });
        // Of half an answer this fails before anything that is shown has changed.
        const { id } = answer.redemption;
        const others = me.redemptions.filter((one) => one.id !== id);
        done = answer.redemption;
        Object.assign(me, answer, { redemptions: [done, ...others] });
        say(body.reward ? text("done", done) : texts[done.state]);
      } catch (problem) {
        say((refusal = problem.refusal) || texts.down);
      }
      turn++;
      busy = asking = "";
      draw();
      // What is refused was asked for by what is no longer true.
      if (refusal) load();
      poll(1500, !refusal);
      return done;
    };

    const redeem = async (reward, points) => {
      const wish = reward + points;
      keys[wish] ||= crypto.getRandomValues(new Uint32Array(4)).join("-");
      const done = await post("/redemptions", keys[wish], { reward, points });
      if (!done) return;
      delete keys[wish];
      focus("copy" + done.id) || focus("code" + done.id);
    };

    const cancel = async (id) => {
      await post(`/redemptions/${id}/cancellation`, id);
      focus("code" + id);
    };

    const confirm = (id, next) => {
      asking = next === "no" ? id : "";
      draw();
      focus(next + id);
    };

    const copy = async (code, id) => {
      try {
        await navigator.clipboard.writeText(code);
        say(texts.copied);
      } catch {
        getSelection().selectAllChildren(root.getElementById("text" + id));
        say(document.execCommand("copy") ? texts.copied : texts.selected);
      }
    };

    const focus = (id) => {
      const node = root.getElementById(id);
      node?.focus();
      return node;
    };

    const button = (kind, id, label, onclick, about) => {
      const node = el(kind, { id, onclick }, label);
      if (about) node.setAttribute("aria-label", node.textContent + " – " + about);
      if (!onclick) node.setAttribute("aria-disabled", "true");
      return node;
    };

    const group = (title, items) =>
      items.length && el("div.group", el("h3", title), el("ul", { role: "list" }, items));

    const drawMember = ({ balance, pending, tier, next_tier: next, expiring, notice }) => [
      notice && el("p", notice),
      el("p.balance", el("bdi", number(balance)), " ", noun(balance)),
      pending > 0 && el("p", pointed("pending", pending)),
      expiring && el("p." + (expiring.days > 30 ? "later" : expiring.days > 7 ? "soon" : "soon last"),
        pointed("expiring", expiring.points, expiring)),
      tier && el("p.tier", el("bdi", tier.name)),
      next && el("label", text("next", { amount: missing(next), tier: next.name }),
        el("progress", { max: 1, value: next.progress })),
    ];

    const missing = ({ measure, missing: n }) =>
      measure === "spend" ? money(n)
      : measure === "points" ? points(n)
      : text("orders", { n: number(n) }, n);

    // How many points of a slider to spend, and what they take off.
    const drawSlider = ({ code, name, cost_points: min, slider: { step, off_minor: off, most } }) => {
      const worth = (n) => points(n) + " = " + money((n / step) * off);
      const clamp = Math.min(chosen[code] || most, most);
      const label = el("bdi");
      const range = { type: "range", min, max: most, step, value: clamp, "aria-label": name };
      const input = el("input", range, { id: "slide" + code });
      input.oninput = () => {
        label.textContent = worth((chosen[code] = +input.value));
        input.setAttribute("aria-valuetext", label.textContent);
      };
      input.oninput();
      return el("div.slider", label, input);
    };

    const drawReward = (reward) => {
      const { code, affordable, missing_points: short } = reward;
      const waits = busy === "/redemptions" + code;
      const label = waits ? texts.wait : affordable ? texts.redeem : pointed("missing", short);
      const click = affordable && !waits && (() => redeem(code, chosen[code]));
      return el("li",
        el("div.what",
          el("p.name", el("bdi", reward.name)),
          el("p.small", el("bdi", points(reward.cost_points))),
          el("p.small", reward.terms),
          reward.slider && me.member && drawSlider(reward)),
        me.member && button("button.main", "redeem" + code, label, click, reward.name));
    };

    const drawCode = (redemption) => {
      const { id, code, reward, state, cancelable, apply, last_day: day } = redemption;
      const act = (key, onclick, kind = "button.quiet") =>
        button(kind, key + id, texts[key], onclick, reward);
      const until = state === "ready" && day && text("until", { day });
      return el(past(redemption) ? "li.past" : "li.fresh", { id: "code" + id, tabIndex: -1 },
        el("div.what",
          el("p", el("bdi.code", { id: "text" + id }, code)),
          el("p.small", el("bdi", reward), " · ", until || texts[state] || texts.wait)),
        asking === id ? [
          el("p", pointed("ask", redemption.cost_points)),
          act("yes", () => cancel(id), "button.main"),
          act("no", () => confirm(id, "undo")),
        ] : [
          apply && el("a.main", { href: apply }, texts.use),
          state === "ready" && act("copy", () => copy(code, id), apply ? "button.quiet" : "button.main"),
          cancelable && act("undo", () => confirm(id, "no")),
        ]);
    };
    const past = ({ state }) => state !== "ready" && !SOON.includes(state);

    const drawHistory = (entries) =>
      el("details.group", { open: !!content.querySelector("[open]") },
        el("summary", { id: "history" }, texts.history),
        el("ul", { role: "list" }, entries.map((entry) => el("li",
          el("div.what",
            el("p", el("bdi", entry.text)),
            el("p.small", entry.day)),
          el("bdi.name", (entry.points > 0 ? "+" : "") + number(entry.points))))));

    const drawProgram = ({
      program, campaigns, paused, member, rewards, redemptions, history,
    }) => [
      el("div.hero",
        el("h2", { id: "title", tabIndex: -1 }, program.name),
        paused && el("p", paused),
        member ? drawMember(member) : [
          el("p", texts.guest),
          el("a.main", { id: "join", href: login || "/account/login" }, texts.join),
        ]),
      member && group(texts.codes,
        [...redemptions].sort((one, other) => past(one) - past(other)).map(drawCode)),
      group(texts.title, rewards.map(drawReward)),
      group(texts.earn, [...program.earn, ...campaigns].map((way) => el("li", way.text))),
      member && history.length && drawHistory(history),
      el("p.group", el("a.quiet", { href: origin + "/?locale=" + language }, texts.about)),
    ];

    const drawUnknown = () =>
      el("div.hero",
        el("h2", texts.title),
        el("p", { id: "title", tabIndex: -1 }, failed ? texts.down : texts.wait),
        failed && button("button.main", "again", texts.again, retry));

    // What is made anew instead of changed is no layout shift.
    const drawPanel = () => {
      content.replaceChildren(el("div", me ? drawProgram(me) : drawUnknown()));
      drawn = true;
    };

    const paint = () => {
      section.hidden = me?.live === false;
      if (section.hidden) return dialog.close();
      const { activeElement: active } = root;
      const shown = me ? me.member?.balance : balance && +balance;
      const known = Number.isFinite(shown);
      const label = known ? el("bdi", points(shown)) : texts.title;
      const fresh = button("button.launcher", "open", label, open, known && texts.title);
      drawn = false;
      if (dialog.open) drawPanel();
      // Nobody waits for a closed panel; drawn before the click, it has only to be shown.
      else later(() => drawn || draw(drawPanel));
      launcher.replaceWith(fresh);
      if (active === launcher) fresh.focus();
      else if (active?.id && !root.activeElement) focus(active.id) || focus("title");
      launcher = fresh;
    };

    const draw = (part = paint) => {
      try {
        part();
      } catch {
        me = null;
        failed = true;
        paint();
      }
    };

    let changed;
    refresh = () => {
      clearTimeout(changed);
      changed = setTimeout(load, 300);
    };
    if (balance != null) draw();
    if (balance == null || places()[0]) later(load);
    // An order's points come a moment after the page that says thank you.
    if (/thank.you|\/orders\//.test(location.pathname))
      for (const wait of [1500, 4000, 10000]) setTimeout(load, wait);
  };

  class Widget extends HTMLElement {
    static texts = TEXTS;

    connectedCallback() {
      if (!this.shadowRoot && document.querySelector(TAG) === this) mount(this);
    }
  }

  // A place in the shop's own page; what it says comes with the widget's one answer.
  class Place extends HTMLElement {
    static observedAttributes = ["data-lines"];

    connectedCallback() {
      refresh?.();
    }

    attributeChangedCallback() {
      refresh?.();
    }
  }

  const start = () => {
    if (!customElements.get(TAG)) {
      customElements.define(PLACE, Place);
      customElements.define(TAG, Widget);
    }
    if (!document.querySelector(TAG)) document.body.append(el(TAG));
  };
  if (!("adoptedStyleSheets" in Document.prototype)) return;
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
