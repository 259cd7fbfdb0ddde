// Shows a part of the page as it is now, and says plainly when it may be so no more.
import { stayAwake } from "./awake.js";

const live = document.querySelector("[data-live]");
const stale = document.querySelector("[data-stale]");
const clock = document.querySelector("[data-clock] time");
const PATIENCE = 15_000;
const language = document.documentElement.lang;
let heard = performance.now();
let heardAt = new Date();
let asked = heard;
let source = null;

const part = () => live.querySelector("[data-state]");
const over = () => part()?.hasAttribute("data-over") ?? false;
const call = () => live.querySelector("[data-call]")?.dataset.call;

function alive() {
  heard = performance.now();
  heardAt = new Date();
  stale.hidden = true;
  live.classList.remove("stale");
}

function show(html) {
  const [was, before, open, focused] = [part()?.dataset.state, call(), live.querySelector("details")?.open, document.activeElement?.id];
  live.innerHTML = html;
  const same = part()?.dataset.state === was;
  if (open && same && live.querySelector("details")) live.querySelector("details").open = true;
  if (focused) document.getElementById(focused)?.focus();
  if (call() !== before) live.querySelector("[data-call]")?.classList.add("new");
  if (part()?.dataset.state === "called" && !same) navigator.vibrate?.([400, 200, 400, 200, 400]);
  entitle();
}

function entitle() {
  if (part()) document.title = part().dataset.title;
}

function listen() {
  source?.close();
  source = new EventSource(live.dataset.live);
  source.addEventListener("still", alive);
  source.addEventListener("page", (event) => {
    alive();
    show(JSON.parse(event.data));
    if (over()) source.close();
  });
}

// Where events do not come through, the page itself is asked for.
async function ask() {
  asked = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (!answer.ok || !found) return;
    alive();
    if (found.innerHTML !== live.innerHTML) show(found.innerHTML);
    if (source.readyState === EventSource.CLOSED) listen();
  } catch {
    // No network: the next try may have one.
  }
}

function tick() {
  const now = performance.now();
  if (clock) clock.textContent = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn", timeZone: clock.parentElement.dataset.zone }).format(new Date());
  if (over()) return;
  if (now - heard > PATIENCE) {
    stale.querySelector("time").textContent = heardAt.toLocaleTimeString(language);
    stale.hidden = false;
    live.classList.add("stale");
    if (now - asked > PATIENCE) ask();
  }
}

entitle();
if (!over()) {
  listen();
  stayAwake();
}
setInterval(tick, 1_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !over()) ask();
});
