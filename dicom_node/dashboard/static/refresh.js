// Reads the page again every 5 seconds and puts its new <main> in place; keeps scroll, focus and selection.
// Without it the page refreshes itself by <meta http-equiv="refresh">.
"use strict";

const stale = document.getElementById("stale");

async function readAgain() {
  if (document.hidden || !getSelection().isCollapsed) return;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(page.querySelector("main"), page.getElementById("stale"));
    document.title = page.title;
  } catch {
    stale.hidden = false;
  }
}

function replace(main, note) {
  const focused = document.activeElement?.getAttribute("href");
  document.querySelector("main").replaceWith(main);
  stale.textContent = note.textContent;
  stale.hidden = true;
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

setInterval(readAgain, 5000);
document.addEventListener("visibilitychange", readAgain);
