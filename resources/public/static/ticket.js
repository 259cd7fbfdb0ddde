// Shows a rotating code as it is now, and the page anew when there is news of the ticket; keeps the page for
// times without a network, and the screen awake.
// A page at another address than that of its code holds somebody's sign-in or order, and is not kept.
import { stayAwake } from "./awake.js";
import { qrcode } from "./vendor/qrcode-generator/qrcode.mjs";

const place = document.getElementById("code");
const own = location.pathname.startsWith("/t/");
/** For so long, in milliseconds, a tap may be on its way; a page that is there later was not left by it. */
const UNDERWAY = 10_000;
let tapped = -Infinity;

/** The page as it is now, unless somebody has just tapped a link: that tap would be lost. */
function anew() {
  if (performance.now() - tapped > UNDERWAY) location.reload();
}

/** The difference between the server's clock and this one, as it was when the page came from the server. */
function clockOffset(served) {
  try {
    const known = JSON.parse(localStorage.getItem("clock") ?? "null");
    if (known?.served === served) return known.offset;
    const offset = served - Date.now();
    localStorage.setItem("clock", JSON.stringify({ served, offset }));
    return offset;
  } catch {
    return 0;
  }
}

function picture(text) {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const count = code.getModuleCount();
  const quiet = 4;
  let path = "";
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
    }
  }
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const size = count + 2 * quiet;
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const ground = document.createElementNS(space, "path");
  ground.setAttribute("fill", "#fff");
  ground.setAttribute("d", `M0 0h${size}v${size}H0z`);
  const dark = document.createElementNS(space, "path");
  dark.setAttribute("d", path);
  svg.append(ground, dark);
  return svg;
}

function turn() {
  const { code, digits } = place.dataset;
  const [first, step] = [Number(place.dataset.first), Number(place.dataset.step)];
  const offset = clockOffset(Number(place.dataset.now));
  const left = document.getElementById("left");
  const stale = document.getElementById("stale");
  let shown = -1;
  const show = () => {
    const now = Date.now() + offset;
    const index = Math.floor(now / step) - first;
    const known = index >= 0 && (index + 1) * 6 <= digits.length;
    left.value = 30 - (now % step) / 1000;
    if (index === shown) return;
    shown = index;
    stale.hidden = known;
    place.hidden = !known;
    if (known) place.replaceChildren(picture(`${code}/${digits.slice(index * 6, index * 6 + 6)}`));
    else if (navigator.onLine) anew();
  };
  show();
  setInterval(show, 250);
  addEventListener("online", () => stale.hidden || anew());
}

function typing() {
  return [...document.querySelectorAll("main form :is(input, textarea)")].some((each) => each.value !== each.defaultValue);
}

async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(`${location.pathname}/now${location.search}`, { cache: "no-store" });
    const gone = answer.status === 404 || answer.status === 410;
    const news = answer.ok && (await answer.text()) !== document.querySelector("[data-mark]").dataset.mark;
    if (gone || (news && !typing())) anew();
  } catch {
    // No network: the page shows what was known last.
  }
}

async function keep() {
  if (!("serviceWorker" in navigator) || !own) return;
  const worker = document.querySelector("script[data-worker]").dataset.worker;
  const registration = await navigator.serviceWorker.register(worker, { scope: "/t/" });
  await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  const files = used.filter((address) => new URL(address).origin === location.origin && new URL(address).pathname.startsWith("/static/"));
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    document.getElementById("offline-ready").hidden = false;
  };
  registration.active.postMessage({ page: location.href, files }, [channel.port2]);
}

// Also before a download, after which the page stays.
addEventListener("beforeunload", () => {
  tapped = performance.now();
});
if (own) {
  setInterval(look, 15_000);
  document.addEventListener("visibilitychange", look);
}
if (place) {
  if (place.dataset.digits) turn();
  keep().catch(() => {});
  stayAwake();
}
