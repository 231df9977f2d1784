"""What does not fit where it stands on a page, found by the browser's own measures."""

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - window.innerWidth"
BROKEN_OUT = """[...document.querySelectorAll('main *')]
  .filter((one) => !one.closest('.table-responsive') && !one.closest('.visually-hidden'))
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""

# Hidden words are passed over, and what floats above the page is compared with itself alone. Lines
# may touch: only what covers a good part of other words is told.
CUT_OFF_OR_COVERED = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')]
    .map((one) => one.shadowRoot).filter(Boolean)];
  const styles = new Map();
  const style = (one) => styles.get(one)
    || styles.set(one, getComputedStyle(one)).get(one);
  const above = (one) => one.parentElement || one.getRootNode().host;
  const any = (one, test) => { for (; one; one = above(one)) if (test(one)) return one; };
  const passed = (one) => !one.checkVisibility({ visibilityProperty: true })
    || any(one, (it) => it.matches('[class*=visually-hidden], option, script, style'));
  const layer = (one) => any(one, (it) => ['fixed', 'sticky'].includes(style(it).position));
  const cut = (one) => style(one).overflowX !== 'visible' && style(one).overflowX !== 'auto'
      && one.scrollWidth > one.clientWidth + 1
    || style(one).overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1
    || one.matches('button, .btn, summary, label') && one.clientWidth
      && one.scrollWidth > one.clientWidth + 1;
  const found = [], words = [];
  for (const root of roots) {
    for (const one of root.querySelectorAll('main details, details.group')) one.open = true;
    const start = root.body || root;
    for (const one of start.querySelectorAll('*')) {
      if (one.matches('input, textarea, select, progress') || one.closest('svg')) continue;
      if (cut(one) && !passed(one)) found.push('cut: ' + one.outerHTML.slice(0, 120));
    }
    const walker = document.createTreeWalker(start, NodeFilter.SHOW_TEXT);
    for (let text; (text = walker.nextNode());) {
      if (!text.data.trim() || passed(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const on = layer(text.parentElement);
      for (const box of range.getClientRects()) if (box.width > 1) words.push({ text, box, on });
    }
  }
  words.sort((one, other) => one.box.top - other.box.top);
  words.forEach((one, place) => {
    for (const other of words.slice(place + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (other.text === one.text || other.on !== one.on) continue;
      const wide = Math.min(one.box.right, other.box.right)
        - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (wide > 2 && high > Math.min(one.box.height, other.box.height) / 3)
        found.push('covered: ' + [one, other].map(({ text }) => text.data.trim()).join(' | '));
    }
  });
  return found;
}"""


def ill_fitting(page):
    """What sticks out of the screen or its box, or covers other words; everything is unfolded."""
    found = page.evaluate(CUT_OFF_OR_COVERED) + page.evaluate(BROKEN_OUT)
    sideways = page.evaluate(WIDER_THAN_THE_SCREEN)
    return found + ([f"sideways by {sideways}"] if sideways > 0 else [])
