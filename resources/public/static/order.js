// Counts down until the places are given back, and shows the tickets as soon as they are paid.
const order = document.querySelector("[data-order]");
const ends = performance.now() + Number(order.dataset.seconds) * 1000;
const clock = order.querySelector("[data-countdown]");

function count() {
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  clock.hidden = false;
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left === 0) location.reload();
}

async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && page.querySelector("[data-order]")?.dataset.state !== order.dataset.state) location.reload();
  } catch {
    // No network: the next look may have one.
  }
}

count();
setInterval(count, 1000);
setInterval(look, 4000);
document.addEventListener("visibilitychange", look);
